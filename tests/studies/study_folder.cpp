// The folder of a study: what has changed since it began, and who may write there.
#include "catch.hpp"
#include "error/error.hpp"
#include "input/input_error.hpp"
#include "studies/run_study.hpp"
#include "studies/study_files.hpp"

using namespace engram;
using command::Folder;
using input::Json;

namespace {

const session::Folders installed{{ENGRAM_BUILD_DIR "/plugins"}, {ENGRAM_SOURCE_DIR "/models/data", {}}};

const std::string small_study =
    R"({ "model": "xor.json", "vary": { "/task/batch": [1, 2] }, "runs": { "epochs": 2 } })";

// Begins the study of `text`, and does nothing of it. Returns why it is refused.
std::string begin(const Folder &folder, const std::string &text, bool resume) {
  try {
    studies::StudyWork work(study_files::study_of(folder, text), (folder.path / "out").string(), resume, installed, {});
    work.check();
    work.begin();
  } catch (const Error &error) {
    return error.what();
  }
  return "begun";
}

} // namespace

TEST_CASE("the difference of two JSON values is named by its pointer", "[studies]") {
  const auto difference = [](const char *then, const char *now) {
    return studies::json_difference(Json::parse(then), Json::parse(now));
  };
  CHECK(difference(R"({"a": [1, {"b/c": 2}]})", R"({"a": [1, {"b/c": 2}]})").empty());
  CHECK(difference(R"({"a": [1, {"b/c": 2}]})", R"({"a": [1, {"b/c": 3}]})") == "/a/1/b~1c: was 2, is 3");
  CHECK(difference(R"({"a": [1]})", R"({"a": [1, 2]})") == "/a: was [1], is [1,2]");
  CHECK(difference(R"({"a": 1})", R"({})") == "/a: was 1, and is not there any more");
  CHECK(difference(R"({})", R"({"a": 1})") == "/a: was not there, and is 1");
  CHECK(difference(R"({"v": {"a": 1, "b": 2}})", R"({"v": {"b": 2, "a": 1}})") == "/v: its keys have another order");
}

TEST_CASE("a study goes on only as it was, and says what has changed", "[studies][resume]") {
  const Folder folder;
  study_files::write_model(folder);
  const std::string out = (folder.path / "out").string();
  CHECK(begin(folder, small_study, true) == out + ": holds no study to go on with");
  CHECK(!command::fs::exists(out));
  CHECK(begin(folder, small_study, false) == "begun");
  CHECK(begin(folder, small_study, false) ==
        out + ": holds a study already; --resume goes on with it, --out names another folder");
  CHECK(begin(folder, small_study, true) == "begun");
  const std::string renamed = R"({ "name": "n", "model": "xor.json", "vary": { "/task/batch": [1, 2] },
      "runs": { "epochs": 2, "threads": 2 }, "best": { "by": "training loss" } })";
  CHECK(begin(folder, renamed, true) == "begun"); // the runs are the same
  const std::string more = R"({ "model": "xor.json", "vary": { "/task/batch": [1, 4] }, "runs": { "epochs": 2 } })";
  CHECK(begin(folder, more, true) == (folder.path / "study.json").string() + ": is not the study that " + out +
                                         " holds: /vary/~1task~1batch/1: was 2, is 4; --out names another folder for "
                                         "a new study");
  study_files::write_model(folder, "xor.json", R"(, "objective": { "type": "mse", "region": "out" })");
  CHECK(begin(folder, small_study, true) ==
        (folder.path / "xor.json").string() + ": has changed since the study " + out +
            " began: /objective/type: was \"cross_entropy\", is \"mse\" (of run 1 (/task/batch = 1))");
}

TEST_CASE("a new study replaces nothing that is not its own", "[studies]") {
  const Folder folder;
  study_files::write_model(folder);
  command::fs::create_directory(folder.path / "out");
  folder.write("out/results.csv", "mine");
  CHECK(begin(folder, small_study, false) ==
        (folder.path / "out").string() + ": holds results.csv, which is of no study; --out names another folder");
  CHECK(command::slurp(folder.path / "out/results.csv") == "mine");
}

TEST_CASE("a second program in a study's folder is refused", "[studies]") {
  const Folder folder;
  study_files::write_model(folder);
  studies::StudyWork work(study_files::study_of(folder, small_study), (folder.path / "out").string(), false, installed,
                          {});
  work.check();
  work.begin();
  CHECK(begin(folder, small_study, true) ==
        (folder.path / "out").string() + ": another program is at work on this study");
}

TEST_CASE("a run file of another run is not taken for a study's own", "[studies][resume]") {
  const Folder folder;
  study_files::write_model(folder);
  REQUIRE(begin(folder, small_study, false) == "begun");
  REQUIRE(command::engram("run xor.json --quiet --out out/runs/0002.nwb --set /task/epochs=2 --set /task/batch=1",
                          folder.path)
              .exit == 0);
  CHECK(begin(folder, small_study, true) ==
        (folder.path / "out/runs/0002.nwb").string() + ": is not of this run: it has another model or another seed");
  // With its own settings it is.
  REQUIRE(command::engram("run xor.json --quiet --out out/runs/0002.nwb --set /task/epochs=2 --set /task/batch=2",
                          folder.path)
              .exit == 0);
  CHECK(begin(folder, small_study, true) == "begun");
}
