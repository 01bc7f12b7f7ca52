// Texts of settings and words of command lines.
#include "studies/setting.hpp"
#include "catch.hpp"
#include "command.hpp"

using namespace engram;

TEST_CASE("a word of a command line reaches a program through a shell as it was", "[studies]") {
  const command::Folder folder;
  for (const std::string word : {"plain-word_1.0/a:b,c@d%e+f=g", "", "two words", "it's", R"(/a="x")", "$HOME `ls` \\",
                                 "*?[a]~!#;&|<>(){}", "line\nbreak\ttab", "ü"}) {
    CAPTURE(word);
    folder.write("go.sh", "printf %s " + studies::shell_word(word) + " > said");
    REQUIRE(std::system(("cd '" + folder.path.string() + "' && sh go.sh").c_str()) == 0);
    CHECK(command::slurp(folder.path / "said") == word);
  }
}

TEST_CASE("a setting holds its value as JSON in ASCII", "[studies]") {
  CHECK(studies::setting_of("/a/b", "word") == "/a/b=\"word\"");
  CHECK(studies::setting_of("/a", 0.1) == "/a=0.1");
  CHECK(studies::setting_of("/a", nullptr) == "/a=null");
  CHECK(studies::setting_of("/a", "ü\n") == "/a=\"\\u00fc\\n\"");
  std::string why;
  CHECK(studies::is_pointer("/a~1b/0", why));
  CHECK(!studies::is_pointer("/a~2", why));
  CHECK(!studies::is_pointer("/a=b", why));
  CHECK(!studies::is_pointer("/extends", why));
}
