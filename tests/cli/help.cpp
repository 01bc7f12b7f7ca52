// These tests compare `engram help`, and the guide's table of signals, with the program's own entries.
#include "catch.hpp"
#include "command.hpp"
#include "spiking.hpp"

#include <set>
#include <vector>

using namespace command;

namespace {

using Names = std::set<std::string>;

} // namespace

TEST_CASE("the guide's table of signals has each signal once", "[cli][docs]") {
  Names program;
  for (const auto &dynamics : spiking::vocabulary().dynamics)
    for (const auto &signal : dynamics.signals) program.insert(signal.name);
  std::vector<std::string> table;
  std::istringstream guide(slurp(std::string(ENGRAM_SOURCE_DIR) + "/models/README.md"));
  bool inside = false;
  for (std::string line; std::getline(guide, line);) {
    if (contains(line, "| signal | meaning |")) inside = true;
    if (inside && line.empty()) break;
    if (!inside || !line.starts_with("| `")) continue;
    table.push_back(line.substr(3, line.find('`', 3) - 3));
  }
  CHECK(Names(table.begin(), table.end()) == program);
  CHECK(table.size() == program.size());
}

TEST_CASE("engram help knows every entry, and a wrong topic is told with the nearest name", "[cli]") {
  Folder folder;
  const auto all = command::engram("help", folder.path);
  REQUIRE(all.exit == 0);
  const auto lif = command::engram("help lif", folder.path);
  CHECK(lif.exit == 0);
  for (const auto &dynamics : spiking::vocabulary().dynamics) {
    CHECK(contains(all.out, dynamics.name));
    if (dynamics.name != "lif") continue;
    for (const auto &parameter : dynamics.parameters) CHECK(contains(lif.out, parameter.name));
    for (const auto &signal : dynamics.signals) CHECK(contains(lif.out, signal.name));
  }
  CHECK(contains(command::engram("help drive", folder.path).out, "lif"));
  CHECK(contains(command::engram("help run", folder.path).out, "--weights"));
  CHECK(contains(command::engram("help alpha", folder.path).out, "receptors"));
  const auto wrong = command::engram("help lyf", folder.path);
  CHECK(wrong.exit == 2);
  CHECK(wrong.out.empty());
  CHECK(contains(wrong.err, "unknown topic 'lyf'; did you mean 'lif'?"));
}
