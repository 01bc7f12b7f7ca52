// The study of the examples: run, killed, resumed.
#include "catch.hpp"
#include "command.hpp"

#include <algorithm>
#include <sstream>
#include <string>

using command::Folder;

namespace {

// The rows of results.csv, each without the third field from its end: the seconds.
std::string table_without_seconds(const command::fs::path &csv) {
  std::istringstream text(command::slurp(csv));
  std::string out;
  for (std::string line; std::getline(text, line);) {
    std::size_t end = line.size();
    for (int k = 0; k < 2; ++k) end = line.rfind(',', end - 1);
    out += line.substr(0, line.rfind(',', end - 1)) + line.substr(end) + "\n";
  }
  return out;
}

} // namespace

TEST_CASE("three rules, four rates and five seeds on the digits: killed and resumed, the same table",
          "[cli][studies][slow]") {
  const Folder folder;
  const std::string study = ENGRAM_SOURCE_DIR "/examples/rules-and-rates/study.json";
  REQUIRE(command::engram("study '" + study + "' --out whole --quiet", folder.path).exit == 0);
  const auto kill_after = [&](const std::string &runs, const std::string &more) {
    folder.write("kill.sh", "\"" ENGRAM_BUILD_DIR "/engram\" study '" + study + "' --out out --quiet " + more +
                                " & study=$!\nwhile [ $(ls out/runs/*.nwb 2>/dev/null | wc -l) -lt " + runs +
                                " ] && kill -0 $study; do sleep 0.05; done\nkill -KILL $study; wait $study\n");
    return command::run_program("/bin/bash", "kill.sh", folder.path).exit;
  };
  CHECK(kill_after("7", "") == 137);
  CHECK(kill_after("31", "--resume") == 137);
  REQUIRE(command::engram("study '" + study + "' --out out --resume --quiet", folder.path).exit == 0);
  CHECK(table_without_seconds(folder.path / "whole/results.csv") ==
        table_without_seconds(folder.path / "out/results.csv"));
  CHECK(command::slurp(folder.path / "whole/summary.csv") == command::slurp(folder.path / "out/summary.csv"));
}

TEST_CASE("the same study under mpirun, which is killed, and a rank of which is killed: the same table",
          "[cli][studies][mpi][slow]") {
  if (!command::fs::exists("/usr/bin/mpirun")) {
    WARN("skipped: no /usr/bin/mpirun");
    return;
  }
  const Folder folder;
  const std::string study = ENGRAM_SOURCE_DIR "/examples/rules-and-rates/study.json";
  REQUIRE(command::engram("study '" + study + "' --out whole --quiet", folder.path).exit == 0);
  const auto under_mpirun = [&](const std::string &then) {
    folder.write("ranks.sh", "export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 "
                             "OMPI_MCA_rmaps_base_oversubscribe=1\n/usr/bin/mpirun -n 2 \"" ENGRAM_BUILD_DIR
                             "/engram\" study '" +
                                 study + "' --out out --quiet $1 & launcher=$!\n" +
                                 "until_done() { while [ $(ls out/runs/*.nwb 2>/dev/null | wc -l) -lt $1 ] && kill -0 "
                                 "$launcher; do sleep 0.05; done; }\n" +
                                 then + "\nwait $launcher; exit $?\n");
  };
  under_mpirun("until_done 7; kill -KILL $launcher");
  CHECK(command::run_program("/bin/bash", "ranks.sh", folder.path).exit == 137);
  under_mpirun("until_done 31; kill -KILL $(pgrep -P $launcher | head -n 1)");
  CHECK(command::run_program("/bin/bash", "ranks.sh --resume", folder.path).exit != 0);
  under_mpirun("");
  REQUIRE(command::run_program("/bin/bash", "ranks.sh --resume", folder.path).exit == 0);
  CHECK(table_without_seconds(folder.path / "whole/results.csv") ==
        table_without_seconds(folder.path / "out/results.csv"));
  CHECK(command::slurp(folder.path / "whole/summary.csv") == command::slurp(folder.path / "out/summary.csv"));
}
