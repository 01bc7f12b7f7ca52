// Studies of runs that keep their best weights, stop, or are given more epochs.
#include "catch.hpp"
#include "cli/study_tables.hpp"
#include "command.hpp"
#include "run_numbers.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <string>

using command::contains;
using command::Folder;
using study_tables::rows_of;
using study_tables::without_seconds;

namespace {

// The field of a run in the column of that name.
std::string field(const study_tables::Rows &rows, std::size_t run, const std::string &column) {
  const auto at = std::find(rows[0].begin(), rows[0].end(), column) - rows[0].begin();
  return rows.at(run).at(static_cast<std::size_t>(at));
}

void write_longer(const Folder &folder, const std::string &epochs, const std::string &more = "") {
  study_tables::write_study(folder, epochs);
  folder.write("s.json", R"({ "model": "xor.json", "rules": ["feedback_alignment", "backprop"], "seeds": 2,
    "runs": { "epochs": )" + epochs +
                             " }" + more + " }");
}

} // namespace

TEST_CASE("a study's table tells which weights were kept, the test, and that learning stopped", "[cli][studies]") {
  const Folder folder;
  // Learned from few trials, so that the held-out loss is soon best.
  std::string text = R"({ "model": ")" + command::model("digits.json") + R"(",
    "vary": { "/task/stop/patience": [3, 100] },
    "set": { "/task/stop": { "held_out": "loss", "patience": 1 }, "/task/keep": "best", "/task/held_out": 1500,
             "/task/test": 100, "/record": null },
    "runs": { "epochs": 40 } })";
  folder.write("s.json", text);
  const auto r = command::engram("study s.json --quiet --out out", folder.path);
  INFO(r.err);
  REQUIRE(r.exit == 0);
  const auto rows = rows_of(folder.path / "out/results.csv");
  const std::string run = "run '" + command::model("digits.json") +
                          "' --quiet --json --set /task/held_out=1500 --set /task/test=100 --set /record=null "
                          "--set /task/epochs=40 --set /task/keep=best --threads 1 ";
  const auto said = [&](const std::string &more) {
    const auto one = command::engram(run + more, folder.path);
    REQUIRE(one.exit == 0);
    return nlohmann::json::parse(command::last_line(one.out));
  };
  const auto best = said(R"(--out best.nwb --set '/task/stop={"held_out": "loss", "patience": 3}')");
  REQUIRE(best.at("stopped") == true);
  REQUIRE(best.at("kept_epoch") < best.at("epochs"));
  CHECK(std::stoul(field(rows, 1, "kept_epoch")) == best.at("kept_epoch").get<std::size_t>());
  CHECK(field(rows, 1, "stopped") == "1");
  CHECK(std::stoul(field(rows, 1, "epochs")) == best.at("epochs").get<std::size_t>());
  CHECK(std::stod(field(rows, 1, "test_loss")) == Approx(best.at("test").at("loss").get<double>()).epsilon(1e-12));
  CHECK(std::stod(field(rows, 1, "test_accuracy")) == best.at("test").at("accuracy").get<double>());
  const auto all = said("--out all.nwb");
  CHECK(std::stoul(field(rows, 2, "kept_epoch")) == all.at("kept_epoch").get<std::size_t>());
  CHECK(field(rows, 2, "epochs") == "40");
  CHECK(field(rows, 2, "stopped") == "0");
  CHECK(std::stod(field(rows, 2, "test_loss")) == Approx(all.at("test").at("loss").get<double>()).epsilon(1e-12));
  const auto summary = rows_of(folder.path / "out/summary.csv");
  CHECK(field(summary, 1, "test_loss_mean") == field(rows, 1, "test_loss"));
  // More epochs do not make the one that stopped another run.
  text.replace(text.find("\"epochs\": 40"), 12, "\"epochs\": 42");
  folder.write("s.json", text);
  REQUIRE(command::engram("study s.json --quiet --out out --resume", folder.path).exit == 0);
  const auto longer = rows_of(folder.path / "out/results.csv");
  CHECK(field(longer, 1, "epochs") == field(rows, 1, "epochs"));
  CHECK(field(longer, 2, "epochs") == "42");
}

TEST_CASE("a finished study goes on to more epochs, and is then as if it had had them from the start",
          "[cli][studies][resume]") {
  const Folder folder;
  write_longer(folder, "6");
  REQUIRE(command::engram("study s.json --quiet --out whole", folder.path).exit == 0);
  write_longer(folder, "3");
  REQUIRE(command::engram("study s.json --quiet --out out", folder.path).exit == 0);
  write_longer(folder, "6");
  const auto printed = command::engram("study s.json --out out --resume --print-jobs make", folder.path);
  CHECK(contains(printed.out, " --until epochs=6 "));
  const auto on = command::engram("study s.json --quiet --out out --resume", folder.path);
  INFO(on.err);
  REQUIRE(on.exit == 0);
  CHECK(without_seconds(folder.path / "whole/results.csv") == without_seconds(folder.path / "out/results.csv"));
  CHECK(command::slurp(folder.path / "whole/summary.csv") == command::slurp(folder.path / "out/summary.csv"));
  for (const auto *name : {"0001.nwb", "0004.nwb"}) {
    // What was recorded is that of the last three epochs, as run --resume says; the weights and the curve are whole.
    const auto a = (folder.path / "whole/runs" / name).string(), b = (folder.path / "out/runs" / name).string();
    for (const auto &path : run_numbers::differences(a, b)) {
      CAPTURE(path);
      CHECK(!contains(path, "/scratch/"));
    }
  }
  write_longer(folder, "5");
  const auto fewer = command::engram("study s.json --quiet --out out --resume", folder.path);
  CHECK(fewer.exit == 2);
  CHECK(
      contains(fewer.err, "s.json: run 1 (rule = feedback_alignment, seed 1) has 5 epochs, and had 6 when the study "));
  CHECK(contains(fewer.err, " began: a study goes on to more epochs, not to fewer\n"));
}

TEST_CASE("a schedule over the share of the epochs keeps a study from more of them", "[cli][studies][resume]") {
  const Folder folder;
  const std::string cosine = R"(, "set": { "/learning/rules/local/schedule": "cosine" })";
  write_longer(folder, "2", cosine);
  REQUIRE(command::engram("study s.json --quiet --out out", folder.path).exit == 0);
  const auto before = command::slurp(folder.path / "out/results.csv");
  write_longer(folder, "4", cosine);
  const auto r = command::engram("study s.json --quiet --out out --resume", folder.path);
  CHECK(r.exit == 2);
  CHECK(contains(r.err, ": it would be another run, as the learning rate of rule 'local' follows its share (schedule "
                        "'cosine')\n"));
  CHECK(command::slurp(folder.path / "out/results.csv") == before);
}
