// These tests print hostile names from files on a terminal, in JSON, and in a csv table.
#include "catch.hpp"
#include "data/json_text.hpp"

#include <map>

using namespace engram::data;

TEST_CASE("what a terminal would obey, reorder or not show is printed as '?'", "[data]") {
  const std::map<std::string, std::string> told{
      {"größe 脳 🧠", "größe 脳 🧠"}, // what is printable stays
      {"a\x1b[31mred", "a?[31mred"},            // an escape sequence
      {"a\xc2\x9b"
       "31mred",
       "a?31mred"},                   // its form of one character, C1
      {"two\nlines\r", "two?lines?"}, //
      {"\x7f\x01", "??"},             //
      {"gpj.\xe2\x80\xae"
       "exe",
       "gpj.?exe"},                         // U+202E turns the text that follows
      {"\xe2\x81\xa6x\xe2\x81\xa9", "?x?"}, // isolates
      {"\xef\xbb\xbfx\xe2\x80\x8b", "?x?"}, // invisible
      {"\xf3\xa0\x81\xa1", "?"},            // a tag
      {"\xef\xbf\xbfx\xef\xb7\x90", "?x?"}, // noncharacters
      {"\xff\xfe", "??"},                   // no UTF-8
      {"\xc0\x9b", "??"},                   // an overlong form of ESC
      {"\xed\xa0\x80", "???"},              // a surrogate
      {"\xe8\x84", "??"},                   // the end is missing
  };
  for (const auto &[text, printed] : told) CHECK(printable(text) == printed);
  CHECK(printable_lines("a\n\x1b\n") == "a\n?\n");
  CHECK(printable("abcdef", 3) == "abc…");
  CHECK(printable("größe", 3) == "gr…"); // not within a character
}

TEST_CASE("JSON text means the same when it is made harmless", "[data]") {
  const std::string name = "gpj.\xe2\x80\xae"
                           "exe \xc2\x9b \xf3\xa0\x81\xa1 größe \x7f\x1b";
  const auto text = json_text(nlohmann::json{{"name", name}, {"bytes", "\xff"}}, 2);
  CHECK(printable_lines(text) == text);
  const auto back = nlohmann::json::parse(text);
  CHECK(back["name"] == name);
  CHECK(back["bytes"] == "\xef\xbf\xbd");
}

// RFC 4180; and what spreadsheets run when they open a file: OWASP, "CSV injection".
TEST_CASE("a cell of a csv table is no formula", "[data]") {
  const std::map<std::string, std::string> told{{"V1", "V1"},
                                                {"a,b", "\"a,b\""},
                                                {"say \"a\"", "\"say \"\"a\"\"\""},
                                                {"-1.5e3", "-1.5e3"},
                                                {"+2", "+2"},
                                                {"=1+1", "'=1+1"},
                                                {"-a", "'-a"},
                                                {"@SUM(A1)", "'@SUM(A1)"},
                                                {"+cmd|' /C'!A0", "'+cmd|' /C'!A0"},
                                                {"", ""},
                                                {"=HYPERLINK(\"x\",1)", "\"'=HYPERLINK(\"\"x\"\",1)\""},
                                                {"a\nb", "a?b"}};
  for (const auto &[text, cell] : told) CHECK(csv_cell(text) == cell);
}
