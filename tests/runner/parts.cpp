// Several processes share the tests that were asked for: each test is run once, by whatever words it was asked for.
#include "catch.hpp"
#include "command.hpp"

namespace {

// The line of counts, which is the last.
std::string counts(const std::string &arguments) {
  const command::Folder folder;
  const auto told = command::run_program(ENGRAM_BUILD_DIR "/tests/engram_tests", arguments, folder.path);
  INFO(told.out << told.err);
  CHECK(told.exit == 0);
  const auto line = told.out.rfind('\n', told.out.size() - 2);
  return told.out.substr(line == std::string::npos ? 0 : line + 1);
}

} // namespace

TEST_CASE("processes that share tests run each of them once", "[runner]") {
  for (const std::string asked : {R"("[protocol]")", R"("[protocol]~[slow],[network]~[slow]")"}) {
    INFO(asked);
    const auto alone = counts(asked);
    CHECK(std::stoi(alone) > 2);
    CHECK(counts("--jobs 2 " + asked) == alone);
  }
}
