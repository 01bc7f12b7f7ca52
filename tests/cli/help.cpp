// These tests compare `engram help`, and the guide's table of signals, with the program's own entries.
#include "catch.hpp"
#include "command.hpp"
#include "recordings/method_entry.hpp"
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
  CHECK(contains(command::engram("help run", folder.path).out, "Usage: engram run "));
  CHECK(contains(command::engram("help alpha", folder.path).out, "receptors"));
  // A word that names a kind, and more: the kind, and where the rest is.
  const auto dynamics = command::engram("help dynamics", folder.path).out,
             noise = command::engram("help noise", folder.path).out;
  CHECK(dynamics.starts_with("dynamics: how the neurons of a region move\n"));
  CHECK(contains(dynamics, "dynamics is also a command: engram dynamics --help"));
  CHECK(noise.starts_with("noise: what is injected"));
  CHECK(contains(noise, "noise is also one of the signals: engram help signals"));
  const auto wrong = command::engram("help lyf", folder.path);
  CHECK(wrong.exit == 2);
  CHECK(wrong.out.empty());
  CHECK(contains(wrong.err, "unknown topic 'lyf'; did you mean 'lif'?"));
}

TEST_CASE("engram help knows every method of compare, with its settings", "[cli][recordings]") {
  const Folder folder;
  const auto all = command::engram("help methods", folder.path),
             compare = command::engram("compare --help", folder.path);
  for (const auto &entry : engram::recordings::method_entries()) {
    const auto &words = entry.words;
    INFO(words.name);
    CHECK(contains(all.out, "  " + words.name + " "));
    CHECK(contains(compare.out, "\n  " + words.name + " "));
    const auto help = command::engram("help " + words.name, folder.path);
    CHECK(help.exit == 0);
    CHECK(contains(help.out, words.name + " (methods)\n  " + words.help + "\n"));
    CHECK(contains(help.out, engram::recordings::applies_to(entry)));
    for (const auto &parameter : words.parameters) {
      CHECK(contains(help.out, "\n  " + parameter.name + " "));
      CHECK(contains(help.out, parameter.help));
      for (const auto &word : parameter.words) CHECK(contains(help.out, word));
    }
  }
  CHECK(contains(command::engram("help decodin", folder.path).err, "did you mean 'decoding'?"));
}
