// A model that begins with the weights of a run file.
#include "catch.hpp"
#include "command.hpp"
#include "data/array.hpp"
#include "record/run_read.hpp"
#include "run_numbers.hpp"
#include "session/session_run.hpp"

#include <atomic>
#include <string>
#include <vector>

using namespace engram;
using command::Folder;

namespace {

const session::Folders initial_folders{{ENGRAM_BUILD_DIR "/plugins"}, {ENGRAM_SOURCE_DIR "/models/data", {}}};

session::Session open_xor_with(const std::string &file, const std::vector<std::string> &settings = {}) {
  model::LoadOptions options;
  options.settings = settings;
  return session::open(file, options, initial_folders);
}

std::string run_xor(session::Session opened, const std::string &out) {
  session::Run run(opened, 1);
  run.save_to(out);
  return run.simulate().file;
}

// xor, which begins with first.nwb in the folder of its file.
std::string begins_with_first(const Folder &folder, const std::string &more = "") {
  return folder.write("model.json", R"({"extends": ")" + command::model("credit-assignment/xor.json") +
                                        R"(", "task": {"epochs": 20}, "initial": {"run": "first.nwb"})" + more + "}");
}

} // namespace

TEST_CASE("a model begins with the weights of its initial run, as with those of --weights", "[session]") {
  const Folder folder;
  const auto path = [&](const char *name) { return (folder.path / name).string(); };
  run_xor(open_xor_with(command::model("credit-assignment/xor.json"), {"/task/epochs=30"}), path("first.nwb"));
  const auto file = begins_with_first(folder);
  run_xor(open_xor_with(file), path("initial.nwb"));

  auto by_option = open_xor_with(file, {"/initial=null"});
  session::take_weights(path("first.nwb"), by_option);
  run_xor(std::move(by_option), path("weights.nwb"));
  CHECK(run_numbers::differences(path("initial.nwb"), path("weights.nwb")).empty());
  run_xor(open_xor_with(file, {"/initial=null"}), path("anew.nwb"));
  CHECK_FALSE(run_numbers::differences(path("initial.nwb"), path("anew.nwb")).empty());

  // It is told what matched.
  const auto lines_of = [&](const std::vector<std::string> &settings) {
    std::string text;
    for (const auto &line : open_xor_with(file, settings).lines) text += line + "\n";
    return text;
  };
  CHECK(lines_of({}) == "engram: note: the circuit begins with the weights of " + path("first.nwb") + "\n");
  CHECK(command::contains(lines_of({"/architecture/projections/0/name=other"}),
                          "its in->hidden is no projection of the model"));
  CHECK_THROWS_WITH(lines_of({"/architecture/regions/hidden/size=9"}),
                    Catch::Contains("/initial/run: ") && Catch::Contains("the model's are 9 x 2"));
}

TEST_CASE("a run that began with an initial run goes on, if that is as it was", "[session][resume][determinism]") {
  const Folder folder;
  const auto path = [&](const char *name) { return (folder.path / name).string(); };
  run_xor(open_xor_with(command::model("credit-assignment/xor.json"), {"/task/epochs=30"}), path("first.nwb"));
  const auto file = begins_with_first(folder);
  run_xor(open_xor_with(file), path("whole.nwb"));
  auto opened = open_xor_with(file);
  {
    session::Run run(opened, 1);
    run.save_to(path("part.nwb"), false, {session::CheckpointPolicy::When::epoch, 0});
    std::atomic<bool> stop = false;
    session::RunWatch watch;
    watch.stop = &stop;
    watch.epoch_done = [&](const simulation::Epoch &epoch) { stop = epoch.epoch == 7; };
    REQUIRE(run.simulate(watch).summary.interrupted);
  }
  const auto resume = [&] {
    const auto found = session::find_run(path("part.nwb"));
    auto again = session::open(found.file, session::options_of(found, {}), initial_folders);
    session::Run run(again, 1);
    run.resume(found, {});
    run.save_to(path("on.nwb"));
    run.simulate();
  };
  resume();
  CHECK(run_numbers::differences(path("whole.nwb"), path("on.nwb")).empty());
  run_xor(open_xor_with(command::model("credit-assignment/xor.json"), {"/task/epochs=31"}), path("first.nwb"));
  CHECK_THROWS_WITH(resume(), Catch::Contains("first.nwb has changed since"));
}

TEST_CASE("the initial run is a file that the run reads, and one that is none is refused", "[session][cli]") {
  const Folder folder;
  const auto file = begins_with_first(folder);
  const auto told = [&](const std::string &arguments, const std::string &message) {
    const auto r = command::engram(arguments, folder.path);
    CAPTURE(arguments, r.err);
    CHECK(r.exit == 2);
    CHECK(command::contains(r.err, message));
  };
  told("validate model.json", "/initial/run: ");
  folder.write("first.nwb", "no run file");
  told("run model.json", "/initial/run: ");
  run_xor(open_xor_with(command::model("credit-assignment/xor.json"), {"/task/epochs=1"}),
          (folder.path / "of.nwb").string());
  command::fs::rename(folder.path / "of.nwb", folder.path / "first.nwb");
  CHECK(command::engram("validate model.json", folder.path).exit == 0);
  told("run model.json --out first.nwb --force", "first.nwb");
  told("run model.json --set /initial/run=7", "/initial/run: expected a string");
  told("run model.json --set /initial=first.nwb", "/initial: expected an object");
  // --weights takes its place.
  command::fs::copy_file(folder.path / "first.nwb", folder.path / "other.nwb");
  command::fs::remove(folder.path / "first.nwb");
  CHECK(command::engram("run model.json --weights other.nwb --quiet", folder.path).exit == 0);
  CHECK(command::engram("evaluate model.json --weights other.nwb --trials all --quiet", folder.path).exit == 0);
}
