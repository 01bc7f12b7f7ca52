// A study's file: what it means, and what is wrong with it.
#include "catch.hpp"
#include "input/input_error.hpp"
#include "studies/study_files.hpp"
#include "studies/study_plan.hpp"

#include <vector>

using namespace engram;
using command::Folder;
using study_files::study_of;

namespace {

// The first fault of a study, without the name of its file.
std::string fault_of(const Folder &folder, const std::string &text) {
  try {
    (void)studies::plan_runs(study_of(folder, text));
  } catch (const input::InputError &error) {
    const auto whole = input::to_text(error.problems().front());
    const auto file = (folder.path / "study.json").string() + ":";
    return whole.starts_with(file) ? whole.substr(file.size()) : whole;
  }
  return "accepted";
}

// Each run: its settings and seed in one text.
std::vector<std::string> runs_of(const studies::Study &study) {
  std::vector<std::string> out;
  for (const auto &run : studies::plan_runs(study)) {
    std::string text = study.models[run.model].label;
    for (const auto &setting : run.settings) text += " " + setting;
    if (run.seed) text += " seed " + std::to_string(*run.seed);
    out.push_back(text);
  }
  return out;
}

} // namespace

TEST_CASE("axes are crossed, the last moves fastest, and seeds last of all", "[studies]") {
  const Folder folder;
  study_files::write_model(folder);
  const auto study = study_of(folder, R"({ "model": "xor.json", "set": { "/task/epochs": 7 },
      "vary": { "/task/batch": [1, 2], "/learning/rules/local/rate": [0.1, 0.2] }, "seeds": [5, 3] })");
  CHECK(study.combinations() == 4);
  CHECK(study.runs() == 8);
  const std::string first = "xor /task/epochs=7 /task/batch=";
  CHECK(runs_of(study) ==
        std::vector<std::string>{
            first + "1 /learning/rules/local/rate=0.1 seed 5", first + "1 /learning/rules/local/rate=0.1 seed 3",
            first + "1 /learning/rules/local/rate=0.2 seed 5", first + "1 /learning/rules/local/rate=0.2 seed 3",
            first + "2 /learning/rules/local/rate=0.1 seed 5", first + "2 /learning/rules/local/rate=0.1 seed 3",
            first + "2 /learning/rules/local/rate=0.2 seed 5", first + "2 /learning/rules/local/rate=0.2 seed 3"});
  const auto plan = studies::plan_runs(study);
  CHECK(plan[3].number == 4);
  CHECK(plan[3].combination == 1);
  CHECK(studies::described(plan[3], study) == "run 4 (/task/batch = 1, /learning/rules/local/rate = 0.2, seed 3)");
}

TEST_CASE("zipped axes move together, models too, and are crossed with the rest", "[studies]") {
  const Folder folder;
  study_files::write_model(folder, "a.json");
  study_files::write_model(folder, "b.json");
  const auto study = study_of(folder, R"({ "models": ["a.json", "b.json"],
      "vary": { "/task/batch": [1, 2], "/learning/rules/local/rate": [0.1, 0.2] },
      "zip": [["model", "/learning/rules/local/rate"]] })");
  CHECK(runs_of(study) == std::vector<std::string>{"a /task/batch=1 /learning/rules/local/rate=0.1",
                                                   "a /task/batch=2 /learning/rules/local/rate=0.1",
                                                   "b /task/batch=1 /learning/rules/local/rate=0.2",
                                                   "b /task/batch=2 /learning/rules/local/rate=0.2"});
}

TEST_CASE("a rule that is swapped keeps its rate, and what lies deeper is set later", "[studies]") {
  const Folder folder;
  study_files::write_model(folder);
  const auto study = study_of(folder, R"({ "model": "xor.json", "rules": ["feedback_alignment", "hebb"],
      "vary": { "/learning/rules/local/optimizer/momentum": [0.5], "/learning/rules/local/optimizer": [{"type": "momentum"}] } })");
  const std::string optimizer =
      R"( /learning/rules/local/optimizer={"type":"momentum"} /learning/rules/local/optimizer/momentum=0.5)";
  CHECK(runs_of(study) == std::vector<std::string>{"xor" + optimizer, "xor /learning/rules/local/parameters=null "
                                                                      "/learning/rules/local/modulators=null "
                                                                      "/learning/rules/local/plugin=\"hebb\"" +
                                                                          optimizer});
}

TEST_CASE("where several rules are swapped, each has its name", "[studies]") {
  const Folder folder;
  study_files::write_model(folder, "xor.json", R"(, "learning": { "rules": { "other": { "plugin": "oja" } } })");
  const auto one = study_of(folder, R"({ "model": "xor.json", "rules": { "other": ["hebb"] } })");
  CHECK(one.axes[0].name == "rule");
  CHECK(runs_of(one)[0].ends_with(" /learning/rules/other/plugin=\"hebb\""));
  const auto two =
      study_of(folder, R"({ "model": "xor.json", "rules": { "other": ["hebb"], "local": ["hebb", "oja"] } })");
  CHECK(two.axes[1].name == "rule local");
  CHECK(two.combinations() == 2);
  CHECK(fault_of(folder, R"({ "model": "xor.json", "rules": ["hebb"] })") ==
        "1: /rules: must say which rule is swapped, as in {\"local\": [...]}: " + (folder.path / "xor.json").string() +
            " has local, other");
}

TEST_CASE("what is sampled is drawn together, and crossed with the rest", "[studies]") {
  const Folder folder;
  study_files::write_model(folder);
  const auto study = study_of(folder, R"({ "model": "xor.json",
      "vary": { "/learning/rules/local/rate": { "sample": { "from": 0.01, "to": 1, "scale": "log" } },
                "/task/epochs": [3, 4],
                "/architecture/regions/hidden/size": { "sample": { "from": 2, "to": 9, "whole": true } } },
      "search": { "method": "latin_hypercube", "count": 5, "seed": 3 } })");
  CHECK(study.combinations() == 10);
  CHECK(study.groups.size() == 2);
  for (const auto &run : studies::plan_runs(study)) CHECK(run.values[0] == run.values[2]);
  CHECK(study.axes[2].values[0].is_number_integer());
}

TEST_CASE("faults of a study are told with line, pointer and the nearest name", "[studies]") {
  const Folder folder;
  study_files::write_model(folder);
  study_files::write_model(folder, "other.json");
  const std::string model = R"({ "model": "xor.json", )";
  const std::vector<std::pair<std::string, std::string>> faults{
      {R"({ "vary": {} })", "1: the key 'model' is missing, or 'models'"},
      {R"({ "model": "a", "models": ["b"] })", "1: /model: excludes 'models'"},
      {R"({ "models": ["a", "a"] })", "1: /models/1: stands here twice"},
      {model + "\n\"sedes\": 3 }", "2: /sedes: unknown key 'sedes'; did you mean 'seeds'?"},
      {model + R"("seeds": [3, 4, 3] })", "1: /seeds/2: has the seed 3 twice: the same run would be counted twice"},
      {model + R"("seeds": 0 })", "1: /seeds: must be at least 1, not 0"},
      {model + R"("vary": { "task/batch": [1] } })",
       "1: /vary/task~1batch: 'task/batch' is not a pointer into the model, as /task/batch"},
      {model + R"("vary": { "/task/batch": [] } })", "1: /vary/~1task~1batch: must not be empty"},
      {model + R"("vary": { "/task/batch": { "rnage": {} } } })",
       "1: /vary/~1task~1batch/rnage: unknown key 'rnage'; did you mean 'range'?"},
      {model + R"("vary": { "/seed": [1] } })", "1: /vary/~1seed: is varied by 'seeds'"},
      {model + R"("vary": { "/extends": ["a"] } })",
       "1: /vary/~1extends: a setting cannot change what a file extends: name the files in 'models'"},
      {model + R"("vary": { "/task/epochs": [1] }, "runs": { "epochs": 3 } })",
       "1: /vary/~1task~1epochs: is set by 'epochs' of 'runs'"},
      {model + R"("vary": { "/task": [{ "batch": 2 }], "/task/batch": [1] } })",
       "1: /vary/~1task~1batch: lies within /task, whose values set it too"},
      {model + R"("vary": { "/task/batch": [1] }, "set": { "/task/batch": 2 } })",
       "1: /set/~1task~1batch: is varied by 'vary' /task/batch"},
      {model + R"("vary": { "/task/batch": [1, 2], "/task/epochs": [1] }, "zip": [["/task/batch", "/task/epochs"]] })",
       "1: /zip/0/1: has 1 values, and '/task/batch', with which it moves, has 2"},
      {model + R"("vary": { "/task/batch": [1, 2] }, "zip": [["/task/batch", "/task/bach"]] })",
       "1: /zip/0/1: unknown axis '/task/bach'; did you mean '/task/batch'?"},
      {model + R"("search": { "count": 3 } })",
       "1: /search: says how values are drawn, and no pointer of 'vary' has a 'sample'"},
      {model + R"("vary": { "/task/batch": { "sample": { "from": 1, "to": 2 } } } })",
       "1: /vary/~1task~1batch/sample: needs \"search\", which says how many samples are drawn, and how"},
      {model + R"("rules": { "local": "hebb" } })", "1: /rules/local: expected an array, not the text 'hebb'"},
      {model + R"("rules": {} })", "1: /rules: must not be empty"},
      {model + R"("best": { "by": "test accuracy" } })",
       "1: /best/by: \"test accuracy\" would choose by the trials of the test, which then no longer say how good the "
       "choice is: held-out trials choose"},
      {R"({ "models": { "a": 3 } })", "1: /models/a: expected a string, not 3"},
      {model + R"("rules": { "locl": ["hebb"] } })",
       "1: /rules/locl: unknown rule 'locl'; did you mean 'local'?, in " + (folder.path / "xor.json").string()},
      {model + R"("rules": ["hebb"], "vary": { "/learning/rules/local/plugin": ["oja"] } })",
       "1: /vary/~1learning~1rules~1local~1plugin: is varied by 'rules' too"},
      {model + R"("rules": ["hebb"], "set": { "/learning/rules/local/plugin": "oja" } })",
       "1: /set/~1learning~1rules~1local~1plugin: is varied by 'rules'"},
      {model + R"("rules": { "local": ["hebb"] }, "vary": { "/learning/rules/local": [{ "plugin": "oja" }] } })",
       "1: /vary/~1learning~1rules~1local: is varied by 'rules' too"},
      {model + R"("runs": { "checkpoint": "every=0s" } })", "1: /runs/checkpoint: 'every=0s' is not what --checkpoint "
                                                            "of run takes: auto (the default), epoch, none, every=60s"},
      {model + R"("best": { "by": "held_out accurcy" } })",
       "1: /best/by: unknown name 'held_out accurcy'; did you mean 'held_out accuracy'?"},
      {model + R"("seeds": 100000, "vary": { "/task/batch": [1, 2] } })",
       "1: asks for 200000 runs, and a study has at most 100000"}};
  for (const auto &[text, fault] : faults) {
    CAPTURE(text);
    CHECK(fault_of(folder, text) == fault);
  }
}
