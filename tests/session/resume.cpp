// A run that is interrupted and goes on gives bit for bit what it gives undisturbed.
#include "catch.hpp"
#include "command.hpp"
#include "data/array.hpp"
#include "record/run_read.hpp"
#include "run_numbers.hpp"
#include "session/mixed_circuit.hpp"
#include "session/session_run.hpp"

#include <atomic>
#include <string>
#include <vector>

using namespace engram;
using command::Folder;

namespace {

const session::Folders resume_folders{{ENGRAM_BUILD_DIR "/plugins"}, {ENGRAM_SOURCE_DIR "/models/data", {}}};

struct ResumeCase {
  std::string model; ///< of models/, or the text of one
  std::vector<std::string> settings;
};

session::Session open_case(const ResumeCase &given, const Folder &folder) {
  model::LoadOptions options;
  options.settings = given.settings;
  const auto file = given.model.front() == '{' ? folder.write("model.json", given.model) : command::model(given.model);
  return session::open(file, options, resume_folders);
}

// Runs to the end, or until `stop_after` batches.
// Unless another policy is given, no epoch is too short to be kept.
std::string run_case(session::Session &opened, const std::string &out, int threads, std::size_t stop_after,
                     const session::CheckpointPolicy &policy = {session::CheckpointPolicy::When::epoch, 0}) {
  session::Run run(opened, threads);
  run.save_to(out, false, policy);
  std::atomic<bool> stop = false;
  std::size_t batches = 0;
  session::RunWatch watch;
  watch.stop = &stop;
  watch.batch_done = [&](const simulation::Progress &) { stop = ++batches == stop_after; };
  return run.simulate(watch).file;
}

std::string resume_case(const std::string &file, const std::string &out, int threads,
                        std::optional<std::size_t> until = {}) {
  const auto found = session::find_run(file);
  auto opened = session::open(found.file, session::options_of(found, until), resume_folders);
  session::Run run(opened, threads);
  run.resume(found, until);
  run.save_to(out, false, {session::CheckpointPolicy::When::never, 0});
  return run.simulate().file;
}

const std::vector<ResumeCase> resume_cases{
    {"digits.json", // momentum, a schedule, tests after each epoch, shuffled batches
     {"/task/epochs=3", "/task/held_out=1600", "/learning/rules/error_gated/schedule=linear"}},
    {"credit-assignment/xor.json",
     {"/task/epochs=6", "/learning/rules/local/optimizer=adam", "/learning/rules/local/schedule=cosine",
      "/precision=double"}},
    {"credit-assignment/xor.json", {"/task/epochs=6", "/learning/rules/local/weight_decay=0.1", "/precision=single"}},
    {"reinforcement/xor-node_perturbation.json", {"/task/epochs=6"}}, // a running mean of the reward
    {"reinforcement/xor-weight_perturbation.json", {"/task/epochs=6"}},
    {"reinforcement/reward_hebbian.json",
     {"/task/epochs=3", "/architecture/regions/network/size=20",
      "/precision=double"}}, // a mean by trial, pulses of noise
    {"closed-loop/bandit.json", {"/task/epochs=4", "/task/environment/trials=20", "/task/environment/prediction=mean"}},
    {"closed-loop/reaching-taught.json", // targets of an environment, adam
     {"/task/epochs=3", "/task/environment/trials=24", "/task/held_out=4", "/task/batch=8",
      "/task/trial/0/duration=200"}},
    {"homeostasis/homeostatic_scaling.json", {"/task/epochs=3", "/task/held_out=1700"}}, // states of neurons
    {"memory/association-bcpnn.json", {"/task/epochs=5"}},
    {"unsupervised/bars-foldiak.json", {"/task/epochs=3"}},
    {"recurrent/force.json", // a state for each pair of neurons
     {"/task/epochs=3", "/architecture/regions/network/size=20", "/task/trial/0/duration=60",
      "/task/trial/1/duration=60", "/task/trial/2/duration=60", "/task/trial/3/duration=60",
      "/task/trial/4/duration=60"}},
    {"recurrent/rflo.json", {"/task/epochs=3", "/architecture/regions/network/size=20", "/task/trial/0/duration=100"}},
    {"spiking/digits-surrogate.json", // a global rule through spikes
     {"/task/epochs=3", "/task/held_out=1780", "/architecture/regions/hidden/size=30"}},
    {"spiking/pattern-generation.json", {"/task/epochs=3", "/task/trial/0/duration=100"}}, // adam, cosine, spikes
    {"spiking/dopamine.json", {"/task/epochs=3", "/task/trial/0/duration=20000"}},
    {mixed_circuit(), {}},
    // Best weights, and a test, of all kinds of circuits.
    {"closed-loop/bandit.json",
     {"/task/epochs=4", "/task/environment/trials=20", "/task/held_out=5", "/task/test=3", "/task/keep=best"}},
    {"spiking/digits-surrogate.json",
     {"/task/epochs=3", "/task/evaluate=epoch", "/task/held_out=1700", "/task/test=77",
      "/architecture/regions/hidden/size=30", R"(/task/keep={"best": "accuracy"})"}},
    {"memory/association-bcpnn.json", {"/task/epochs=5", "/task/test=0.2"}},
};

} // namespace

TEST_CASE("a run that goes on gives the bits of one that was not interrupted", "[session][resume][determinism]") {
  const auto &given = GENERATE_REF(from_range(resume_cases));
  CAPTURE(given.model, given.settings);
  const Folder folder;
  const auto path = [&](const char *name) { return (folder.path / name).string(); };
  auto whole = open_case(given, folder);
  const auto undisturbed = run_case(whole, path("whole.nwb"), 1, 0);
  const record::RunReader reader(undisturbed);
  CHECK(reader.text("status") == "complete");
  CHECK(reader.epochs_done() == whole.model.task.epochs);

  // Within the second epoch, if a batch is left of it: then the file also holds the weights as the epoch began.
  const std::size_t batches = (whole.trials.training.size() + whole.model.task.batch - 1) / whole.model.task.batch;
  const std::size_t tests =
      whole.trials.held_out.empty() || whole.model.task.evaluate != model::Task::Evaluate::epoch
          ? 0
          : (whole.trials.held_out.size() + 63) / std::max<std::size_t>(whole.model.task.batch, 64);
  auto begun = open_case(given, folder);
  const auto part = run_case(begun, path("part.nwb"), 2, batches + tests + 1);
  CHECK(record::RunReader(part).text("status") == "interrupted");
  CHECK(session::find_run(part).epochs_done == 1);
  const auto on = resume_case(part, path("on.nwb"), 2);
  CHECK(run_numbers::differences(undisturbed, on).empty());
  CHECK(record::RunReader(on).text("model_name") == reader.text("model_name"));
}

TEST_CASE("a run of short epochs, of which not each is kept whole, goes on too", "[session][resume][determinism]") {
  const ResumeCase given{"credit-assignment/xor.json", {"/task/epochs=3000", "/learning/rules/local/optimizer=adam"}};
  const Folder folder;
  const auto path = [&](const char *name) { return (folder.path / name).string(); };
  auto whole = open_case(given, folder), begun = open_case(given, folder);
  const std::size_t batches = (whole.trials.training.size() + whole.model.task.batch - 1) / whole.model.task.batch;
  const auto undisturbed = run_case(whole, path("whole.nwb"), 1, 0, {});
  const auto part = run_case(begun, path("part.nwb"), 1, 2900 * batches + 1, {});
  const auto found = session::find_run(part);
  CHECK(found.has_state);
  CHECK(found.epochs_done < 3000);
  CHECK(found.curve.size() == found.epochs_done);
  CHECK(run_numbers::differences(undisturbed, resume_case(part, path("on.nwb"), 1)).empty());
}

TEST_CASE("an interrupted run with an older checkpoint beside it is replaced by what goes on with it",
          "[session][resume]") {
  const ResumeCase given{"credit-assignment/xor.json", {"/task/epochs=6"}};
  const Folder folder;
  const auto out = (folder.path / "run.nwb").string(), old = (folder.path / "old").string();
  auto opened = open_case(given, folder);
  std::atomic<bool> stop = false;
  {
    session::Run run(opened, 1);
    run.save_to(out, false, {session::CheckpointPolicy::When::epoch, 0});
    session::RunWatch watch;
    watch.stop = &stop;
    watch.epoch_done = [&](const simulation::Epoch &epoch) { // the checkpoint is of the epoch before
      if (epoch.epoch == 3) command::fs::copy_file(out + ".checkpoint", old);
      stop = epoch.epoch == 4;
    };
    REQUIRE(run.simulate(watch).file == out);
  }
  command::fs::rename(old, out + ".checkpoint");
  const auto found = session::find_run(out);
  CHECK(found.file == out);
  CHECK(found.epochs_done >= 3);
  CHECK(found.replaces_file);
  CHECK(resume_case(out, out, 1) == out);
  CHECK(folder.files() == 1);
}
