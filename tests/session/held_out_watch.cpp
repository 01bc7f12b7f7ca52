// Runs that stop where held-out trials get no better, and runs that keep the best weights.
#include "catch.hpp"
#include "command.hpp"
#include "data/array.hpp"
#include "record/run_read.hpp"
#include "run_numbers.hpp"
#include "session/session_run.hpp"

#include <atomic>
#include <cmath>
#include <string>
#include <vector>

using namespace engram;
using command::Folder;

namespace {

const session::Folders watch_folders{{ENGRAM_BUILD_DIR "/plugins"}, {ENGRAM_SOURCE_DIR "/models/data", {}}};

using Settings = std::vector<std::string>;
const std::string stop3 = R"(/task/stop={"held_out": "loss", "patience": 3})", best = "/task/keep=best";

// Digits that are learned from few trials and too fast: the held-out loss is best in epoch 14, and not in 17.
Settings few_digits(std::size_t epochs, const Settings &more = {}) {
  Settings out{"/task/held_out=1600", "/task/epochs=" + std::to_string(epochs)};
  out.insert(out.end(), more.begin(), more.end());
  return out;
}

session::Session open_digits(const Settings &settings) {
  model::LoadOptions options;
  options.settings = settings;
  return session::open(command::model("digits.json"), options, watch_folders);
}

const session::CheckpointPolicy no_checkpoints{session::CheckpointPolicy::When::never, 0},
    each_epoch{session::CheckpointPolicy::When::epoch, 0};

session::RunResult run_digits(const Settings &settings, const std::string &out) {
  auto opened = open_digits(settings);
  session::Run run(opened, 1);
  run.save_to(out, false, no_checkpoints);
  return run.simulate();
}

// Ends the run after an epoch, in its trials with the next, or in the trials at the end.
std::string interrupted_digits(const Settings &settings, const std::string &out, std::size_t after,
                               const session::CheckpointPolicy &policy) {
  auto opened = open_digits(settings);
  session::Run run(opened, 1);
  run.save_to(out, false, policy);
  std::atomic<bool> stop = false;
  bool reached = false;
  session::RunWatch watch;
  watch.stop = &stop;
  watch.epoch_done = [&](const simulation::Epoch &epoch) { reached = reached || epoch.epoch == after; };
  watch.within_batch = [&](const simulation::BatchProgress &) { stop = reached; };
  const auto result = run.simulate(watch);
  CHECK(result.summary.interrupted);
  return result.file;
}

session::RunResult resume_digits(const std::string &file, const std::string &out,
                                 std::optional<std::size_t> until = {}) {
  const auto found = session::find_run(file);
  auto opened = session::open(found.file, session::options_of(found, until), watch_folders);
  session::Run run(opened, 2);
  run.resume(found, until);
  run.save_to(out, false, no_checkpoints);
  return run.simulate();
}

bool is_weights(const std::string &path) { return path.starts_with("/scratch/weights_"); }

} // namespace

TEST_CASE("a run stops when the held-out loss has not fallen for as many epochs as its patience", "[session]") {
  const Folder folder;
  const auto path = [&](const char *name) { return (folder.path / name).string(); };
  // Of the curve of an undisturbed run: the first epoch that ends three without a lower loss than all before them.
  run_digits(few_digits(20), path("all.nwb"));
  const auto all = record::RunReader(path("all.nwb")).curve();
  std::size_t lowest = 0, expected = 0;
  for (std::size_t k = 0; k < all.size() && expected == 0; ++k) {
    if (all[k].held_out_loss < all[lowest].held_out_loss) lowest = k;
    if (k - lowest == 3) expected = k + 1;
  }
  REQUIRE(expected > 3);
  REQUIRE(expected < 20);

  const auto result = run_digits(few_digits(20, {stop3}), path("stopped.nwb"));
  CHECK(result.summary.stopped);
  CHECK_FALSE(result.summary.interrupted);
  CHECK(result.summary.epochs == expected);
  const record::RunReader stopped(path("stopped.nwb"));
  CHECK(stopped.text("status") == "complete");
  CHECK(stopped.text("stopped") == result.stopped);
  CHECK(command::contains(result.stopped, "after epoch " + std::to_string(expected) + " of 20: the held-out loss"));
  CHECK(stopped.epochs_done() == expected);
  const auto curve = stopped.curve();
  REQUIRE(curve.size() == expected);
  for (std::size_t k = 0; k < expected; ++k) CHECK(curve[k].held_out_loss == all[k].held_out_loss);

  // It is the run of so many epochs, but that no training trials are recorded.
  run_digits(few_digits(expected), path("short.nwb"));
  for (const auto &difference : run_numbers::differences(path("short.nwb"), path("stopped.nwb"))) {
    CAPTURE(difference);
    CHECK((difference.starts_with("/intervals/trials/") || difference.ends_with("/starting_time")));
  }
  for (const auto &trial : stopped.trials()) {
    CHECK(trial.held_out);
    CHECK(trial.epoch == static_cast<std::int64_t>(expected));
  }

  // It would stop there again.
  const auto refused = [&](std::optional<std::size_t> until) {
    CHECK_THROWS_WITH(resume_digits(path("stopped.nwb"), path("more.nwb"), until),
                      Catch::Contains("learning has stopped after epoch"));
  };
  refused({});
  refused(40);
}

TEST_CASE("a run that keeps the best weights holds those of the epoch with the best held-out trials", "[session]") {
  const Folder folder;
  const auto path = [&](const char *name) { return (folder.path / name).string(); };
  const auto result = run_digits(few_digits(17, {best}), path("best.nwb"));
  run_digits(few_digits(17), path("last.nwb"));
  const record::RunReader file(path("best.nwb"));
  const auto curve = file.curve();
  std::size_t lowest = 0;
  for (std::size_t k = 0; k < curve.size(); ++k)
    if (curve[k].held_out_loss < curve[lowest].held_out_loss) lowest = k;
  REQUIRE(lowest + 1 < curve.size());
  const auto kept = lowest + 1;
  CHECK(file.number("kept_epoch") == static_cast<double>(kept));
  CHECK(result.kept.epoch == kept);
  CHECK(result.kept.held_out_loss == curve[lowest].held_out_loss);

  // The weights are those of a run of so many epochs; all else that learning keeps is that of the last epoch.
  run_digits(few_digits(kept), path("short.nwb"));
  const record::RunReader short_run(path("short.nwb")), last(path("last.nwb"));
  for (const auto &projection : short_run.projections()) {
    CAPTURE(projection);
    CHECK(arma::approx_equal(file.weights(projection), short_run.weights(projection), "absdiff", 0));
    CHECK_FALSE((last.weights(projection).n_elem > 1000 && // the feedback does not learn
                 projection.find("apical") == std::string::npos &&
                 arma::approx_equal(file.weights(projection), last.weights(projection), "absdiff", 0)));
  }
  for (const auto &difference : run_numbers::differences(path("best.nwb"), path("last.nwb")))
    CHECK((is_weights(difference) || difference.starts_with("/scratch/state_weights_") ||
           difference == "/scratch/kept_epoch" || difference.starts_with("/intervals/trials/") ||
           difference.starts_with("/acquisition/")));

  // The trials in the table are those of these weights.
  double loss = 0, trials = 0;
  for (const auto &trial : file.trials()) {
    if (!trial.held_out) continue;
    CHECK(trial.epoch == static_cast<std::int64_t>(kept));
    loss += trial.loss;
    ++trials;
  }
  CHECK(trials == 1600);
  CHECK(loss / trials == Approx(curve[lowest].held_out_loss).epsilon(1e-9));
}

TEST_CASE("a run that keeps the best weights and may stop goes on bit for bit, wherever it was interrupted",
          "[session][resume][determinism]") {
  const Folder folder;
  const auto path = [&](const char *name) { return (folder.path / name).string(); };
  const auto settings = few_digits(20, {best, stop3});
  run_digits(settings, path("whole.nwb"));
  const record::RunReader whole(path("whole.nwb"));
  const auto done = whole.epochs_done().value();
  REQUIRE(whole.number("kept_epoch") == static_cast<double>(done - 3));
  // In the first epochs; between the best and the last; in the trials at the end.
  const std::size_t after = GENERATE(1, 5, 15, 17);
  const auto policy = GENERATE(no_checkpoints, each_epoch);
  CAPTURE(after);
  const auto part = interrupted_digits(settings, path("part.nwb"), after, policy);
  const auto found = session::find_run(part);
  CHECK(found.has_state);
  CHECK(found.epochs_done <= after);
  // What it holds until then is the best until then.
  const record::RunReader reader(part);
  std::size_t lowest = 0;
  for (std::size_t k = 0; k < found.curve.size(); ++k)
    if (found.curve[k].held_out_loss < found.curve[lowest].held_out_loss) lowest = k;
  if (!found.curve.empty()) CHECK(reader.number("kept_epoch") == static_cast<double>(lowest + 1));
  const auto on = resume_digits(part, path("on.nwb"));
  CHECK(on.summary.epochs == done);
  CHECK(run_numbers::differences(path("whole.nwb"), path("on.nwb")).empty());
  CHECK(record::RunReader(path("on.nwb")).text("stopped") == whole.text("stopped"));
}

TEST_CASE("a complete run that keeps the best weights goes on to more epochs from its last", "[session][resume]") {
  const Folder folder;
  const auto path = [&](const char *name) { return (folder.path / name).string(); };
  const std::size_t first = GENERATE(10, 16); // it ends with the best weights, and with others
  run_digits(few_digits(first, {best}), path("first.nwb"));
  CHECK((record::RunReader(path("first.nwb")).number("kept_epoch") == static_cast<double>(first)) == (first == 10));
  resume_digits(path("first.nwb"), path("on.nwb"), 18);
  run_digits(few_digits(18, {best}), path("whole.nwb"));
  CHECK(run_numbers::differences(path("whole.nwb"), path("on.nwb")).empty());
}

TEST_CASE("without a run file the session holds the best weights too", "[session]") {
  auto opened = open_digits(few_digits(17, {best}));
  session::Run run(opened, 1);
  const auto result = run.simulate();
  auto shorter = open_digits(few_digits(result.kept.epoch));
  session::Run(shorter, 1).simulate();
  REQUIRE(result.kept.epoch < 17);
  const auto &a = std::get<network::Network<float>>(opened.network).dense;
  const auto &b = std::get<network::Network<float>>(shorter.network).dense;
  for (std::size_t k = 0; k < a.size(); ++k) CHECK(arma::approx_equal(a[k].weights, b[k].weights, "absdiff", 0.0F));
}

TEST_CASE("what stops a run, and what is best, must be on the learning curve", "[session][validate]") {
  const auto refused = [](const Settings &settings, const std::string &message) {
    CHECK_THROWS_WITH(open_digits(settings), Catch::Contains(message));
  };
  refused({"/task/held_out=0", stop3}, "/task/stop: no trial is held out");
  refused({"/task/held_out=0", best}, "/task/keep: no trial is held out");
  refused({"/task/evaluate=end", stop3}, "/task/stop: needs the held-out trials after each epoch");
  refused({"/task/evaluate=never", best}, "/task/keep: needs the held-out trials after each epoch");
  refused({R"(/task/keep={"best": "reward"})"}, "/task/keep/best: a reward is what an environment pays");
  refused({R"(/task/stop={"held_out": "loss", "patience": 0})"}, "/task/stop/patience: must be at least 1");
  refused({R"(/task/stop={"held_out": "los", "patience": 2})"}, "did you mean 'loss'?");
}
