// These tests look for the labels, choices and losses of trials in a run file.
#include "catch.hpp"
#include "command.hpp"
#include "data/nwb.hpp"
#include "record/run_read.hpp"

#include <algorithm>
#include <cmath>

using namespace engram;
using namespace command;

namespace {

// Four trials; three classes; nothing learns. `labels` and `more` as they stand in the model file.
std::string labelled_model(const std::string &labels, const std::string &more = "", const std::string &record = "") {
  return R"({ "architecture": { "regions": { "in": { "size": 2, "dynamics": "input" },
      "out": { "size": 3, "dynamics": "static" } }, "projections": [ { "from": "in", "to": "out" } ] },
    "objective": { "type": "cross_entropy", "region": "out" },
    "task": { "stimuli": { "inputs": [[1, 0], [0, 1], [1, 1], [0, 0]], "labels": )" +
         labels + R"( }, "trial": [ { "phase": "p", "duration": 1, "stimulus": "in", "objective": true } ] )" + more +
         "}" + record + " }";
}

} // namespace

TEST_CASE("a run file names the classes of labels that are words", "[cli][record]") {
  const Folder folder;
  folder.write("words.csv", "species\nmouse\ncat\ndog\ncat\n");
  folder.write("m.json", labelled_model(R"({ "file": "words.csv" })"));
  REQUIRE(command::engram("run m.json --quiet --out r.nwb", folder.path).exit == 0);
  const data::NwbFile nwb((folder.path / "r.nwb").string());
  const auto &table = nwb.find_table("intervals/trials");
  const std::vector<std::string> names{"cat", "dog", "mouse"};
  for (const std::string column : {"label", "choice"}) {
    INFO(column);
    const auto numbers = nwb.read_column(table, column).numbers;
    const auto words = nwb.read_column(table, column + "_name").texts;
    REQUIRE(words.size() == 4);
    for (std::size_t k = 0; k < 4; ++k) CHECK(words[k] == names[static_cast<std::size_t>(numbers[k])]);
  }
}

TEST_CASE("choice, loss and label of all trials are in the run file, whatever is recorded", "[cli][record]") {
  const Folder folder;
  const std::vector<std::int64_t> labels{2, 0, 1, 0};
  for (const std::string record : {"", R"(, "record": { "in": { "signals": ["rate"], "trials": "held_out" } })",
                                   R"(, "record": { "in": { "signals": ["rate"], "trials": [0] } })"}) {
    INFO(record);
    folder.write("m.json", labelled_model("[2, 0, 1, 0]", R"(, "held_out": 1)", record));
    REQUIRE(command::engram("run m.json --quiet --out r.nwb", folder.path).exit == 0);
    const auto trials = record::RunReader((folder.path / "r.nwb").string()).trials();
    REQUIRE(trials.size() == 4);
    CHECK(std::count_if(trials.begin(), trials.end(), [](const auto &t) { return t.held_out; }) == 1);
    for (const auto &trial : trials) {
      CHECK(trial.label == labels[static_cast<std::size_t>(trial.trial)]);
      CHECK((trial.choice >= 0 && trial.choice < 3));
      CHECK(std::isfinite(trial.loss));
    }
  }
}
