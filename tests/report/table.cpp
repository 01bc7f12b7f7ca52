// These tests check tables for people to read: how columns line up, and how numbers are shown.
#include "catch.hpp"
#include "report/text_table.hpp"

#include <limits>
#include <string>

using namespace engram::report;

TEST_CASE("columns begin at one place, whatever characters stand in them", "[report]") {
  TextTable table;
  table.row({"RULE", "BIAS", "NOTE"});
  table.row({"größe", "0.1", "x"});
  table.row({"脳🧠", "0.25", ""});
  CHECK(table.text() == "RULE   BIAS  NOTE\n"
                        "größe  0.1   x\n"
                        "脳🧠     0.25  \n");
  CHECK(TextTable().text().empty());
}

TEST_CASE("a cell cannot command the terminal or begin a line", "[report]") {
  TextTable table;
  table.row({"a\x1b[31m", "b\nc"});
  table.row({"long name", "d"});
  CHECK(table.text() == "a?[31m     b?c\nlong name  d\n");
}

TEST_CASE("numbers are shown with four digits, tiny and large ones as powers", "[report]") {
  CHECK(shown(0.123456) == "0.1235");
  CHECK(shown(-12345.678) == "-1.235e+04");
  CHECK(shown(3) == "3");
  CHECK(shown(0) == "0");
  CHECK(shown(-0.0) == "0");
  CHECK(shown(1.2345e-7) == "1.2e-07");
  CHECK(shown(99999.9) == "1e+05");
  CHECK(shown(123456) == "1.2e+05");
  for (const double none : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(),
                            -std::numeric_limits<double>::infinity()})
    CHECK(shown(none) == "-");
  CHECK(shown(0.5, 0.25, 0.75) == "0.5 [0.25, 0.75]");
  CHECK(shown(0.5, 0.25, std::numeric_limits<double>::infinity()) == "0.5"); // no interval
}
