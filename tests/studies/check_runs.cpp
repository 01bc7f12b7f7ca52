// What is wrong with a run is told before the first starts, once, with the run that has it.
#include "studies/check_runs.hpp"
#include "catch.hpp"
#include "input/input_error.hpp"
#include "studies/study_files.hpp"

using namespace engram;
using command::Folder;

namespace {

std::vector<std::string> faults_of(const Folder &folder, const std::string &text) {
  const auto study = study_files::study_of(folder, text);
  const session::Folders installed{{ENGRAM_BUILD_DIR "/plugins"}, {ENGRAM_SOURCE_DIR "/models/data", {}}};
  std::vector<std::string> out;
  try {
    (void)studies::check_runs(study, studies::plan_runs(study), installed, {});
  } catch (const input::InputError &error) {
    for (const auto &problem : error.problems()) {
      CHECK(problem.file == study.file);
      out.push_back(std::to_string(problem.line) + ": " + problem.pointer + ": " + problem.message);
    }
  }
  return out;
}

} // namespace

TEST_CASE("a value that a model refuses is told with its run and the study's line", "[studies]") {
  const Folder folder;
  study_files::write_model(folder);
  CHECK(faults_of(folder, R"({ "model": "xor.json", "vary": { "/task/batch": [1, 2] }, "seeds": 2 })").empty());
  const auto faults = faults_of(folder, "{ \"model\": \"xor.json\",\n  \"vary\": { \"/task/batch\": [1, 0],\n"
                                        "    \"/learning/rules/local/plugin\": [\"hebb\", \"heb\"] }, \"seeds\": 2 }");
  REQUIRE(faults.size() == 2);
  CHECK(faults[0] == "3: /vary/~1learning~1rules~1local~1plugin: run 3 (/task/batch = 1, "
                     "/learning/rules/local/plugin = heb, seed 1) and 3 others: /learning/rules/local/plugin: unknown "
                     "name 'heb'; did you mean 'hebb'?");
  CHECK(faults[1] == "2: /vary/~1task~1batch: run 5 (/task/batch = 0, /learning/rules/local/plugin = hebb, seed 1) and "
                     "3 others: /task/batch: must be at least 1, not 0");
}

TEST_CASE("a pointer that leads to nothing known is refused", "[studies]") {
  const Folder folder;
  study_files::write_model(folder);
  const auto fault = [&](const std::string &pointer) {
    const auto found = faults_of(folder, R"({ "model": "xor.json", "vary": { ")" + pointer + R"(": [1, 2] } })");
    return found.empty() ? "accepted" : found.front().substr(found.front().find("): ") + 3);
  };
  CHECK(command::contains(fault("/task/bacth"), "/task/bacth: unknown key 'bacth'; did you mean 'batch'?"));
  CHECK(fault("/learning/rules/locl/rate") != "accepted");
  CHECK(fault("/architecture/regions/hiden/size") != "accepted");
  CHECK(fault("/architecture/projections/7/delay") != "accepted");
  CHECK(fault("/nothing") != "accepted");
  CHECK(fault("/record/V1/every") != "accepted");
  CHECK(fault("/task/batch") == "accepted");
}

TEST_CASE("values that change nothing are refused, as the same run would count twice", "[studies]") {
  const Folder folder;
  study_files::write_model(folder);
  const std::string twice = "changes nothing here: the same run would be done and counted twice";
  // The model has a batch of 4 already.
  const auto faults = faults_of(folder, R"({ "model": "xor.json", "vary": { "/task": [{}, { "batch": 4 }] } })");
  REQUIRE(faults.size() == 1);
  CHECK(faults[0] == R"(1: /vary/~1task: run 2 (/task = {"batch":4}): /task: )" + twice);
  const auto models = faults_of(folder, R"({ "models": { "a": "xor.json", "b": "xor.json" }, "seeds": 2 })");
  REQUIRE(models.size() == 1);
  CHECK(models[0] == "1: /models/b: run 3 (model = b, seed 1) and 1 other: model " + twice);
  CHECK(faults_of(folder, R"({ "model": "xor.json", "vary": { "/task": [{}, { "batch": 2 }] } })").empty());
}

TEST_CASE("runs that are drawn alike, and names that are varied, are told", "[studies]") {
  const Folder folder;
  study_files::write_model(folder);
  const auto lines = [&](const std::string &more) {
    const auto study = study_files::study_of(folder, R"({ "model": "xor.json", )" + more + " }");
    const session::Folders installed{{ENGRAM_BUILD_DIR "/plugins"}, {ENGRAM_SOURCE_DIR "/models/data", {}}};
    return studies::check_runs(study, studies::plan_runs(study), installed, {}).lines;
  };
  CHECK(lines(R"("vary": { "/task/batch": [1, 2] })").empty());
  CHECK(lines(R"("vary": { "/description": ["one", "two"] })") ==
        std::vector<std::string>{"engram: note: /description changes nothing that a run computes"});
  // Three draws of two values.
  const auto drawn =
      lines(R"("search": { "count": 3 }, "vary": { "/task/batch": { "sample": { "values": [1, 2] } } })");
  REQUIRE(!drawn.empty());
  CHECK(command::contains(drawn[0], "engram: note: run "));
  CHECK(command::contains(drawn[0], " was drawn with the values of run "));
}

TEST_CASE("a measure that no run will have is refused before the first run", "[studies]") {
  const Folder folder;
  study_files::write_model(folder);
  const auto fault = [&](const std::string &by) {
    const auto found = faults_of(folder, R"({ "model": "xor.json", "seeds": 2, "best": { "by": ")" + by + R"(" } })");
    return found.empty() ? "accepted" : found.front();
  };
  CHECK(fault("training loss") == "accepted");
  CHECK(fault("held_out loss") ==
        "1: /best/by: run 1 (seed 1) and 1 other: /best/by: the model holds out no trials, by "
        "which runs are compared");
  CHECK(command::contains(fault("training reward"), "the model has no environment that pays rewards"));
}

TEST_CASE("a fault of the model itself is told of its own file", "[studies]") {
  const Folder folder;
  folder.write("wrong.json", "{\n \"architecture\": {},\n \"taks\": {}\n}");
  const auto faults = faults_of(folder, R"({ "model": "wrong.json", "seeds": 3 })");
  REQUIRE(!faults.empty());
  CHECK(command::contains(faults[0], "1: /model: run 1 (seed 1) and 2 others: "));
  CHECK(std::any_of(faults.begin(), faults.end(), [&](const auto &fault) {
    return command::contains(fault, (folder.path / "wrong.json").string() + ":3: /taks: unknown key 'taks'");
  }));
}
