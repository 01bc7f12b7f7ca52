// What is recorded while a circuit learns is what a run that ends there has, and stands in a run that goes on.
#include "catch.hpp"
#include "command.hpp"
#include "input/input_error.hpp"
#include "record/run_read.hpp"
#include "record/weight_recorder.hpp"
#include "run_numbers.hpp"
#include "session/evaluate.hpp"
#include "session/mixed_circuit.hpp"
#include "session/session_run.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <string>
#include <vector>

using namespace engram;
using command::Folder;

namespace {

const session::Folders recording_folders{{ENGRAM_BUILD_DIR "/plugins"}, {ENGRAM_SOURCE_DIR "/models/data", {}}};

session::Session open_recorded(const std::string &given, const Folder &folder, std::vector<std::string> settings) {
  model::LoadOptions options;
  options.settings = std::move(settings);
  const auto file = given.front() == '{' ? folder.write("model.json", given) : command::model(given);
  return session::open(file, options, recording_folders);
}

std::string run_recorded(session::Session opened, const std::string &out, std::size_t stop_after = 0) {
  session::Run run(opened, 1);
  run.save_to(out, false, {session::CheckpointPolicy::When::epoch, 0});
  std::atomic<bool> stop = false;
  std::size_t batches = 0;
  session::RunWatch watch;
  watch.stop = &stop;
  watch.batch_done = [&](const simulation::Progress &) { stop = ++batches == stop_after; };
  return run.simulate(watch).file;
}

std::string go_on(const std::string &file, const std::string &out, std::optional<std::size_t> until = {}) {
  const auto found = session::find_run(file);
  auto opened = session::open(found.file, session::options_of(found, until), recording_folders);
  session::Run run(opened, 2);
  run.resume(found, until);
  run.save_to(out, false, {session::CheckpointPolicy::When::epoch, 0});
  return run.simulate().file;
}

std::vector<double> numbers_of(const std::string &file, const std::string &path) {
  return data::hdf5::ForeignFile(file).numbers<double>(path);
}

const std::string xor_model = "credit-assignment/xor.json";
// Signals, chosen neurons, weights of all kinds.
const std::string xor_record =
    R"(/record={ "hidden": { "signals": ["rate"], "epochs": [2, 5], "neurons": [3, 0] }, "out": ["rate"],
       "in->hidden": { "weights": "all" }, "hidden->out": { "weights": "statistics", "epochs": { "every": 2 } },
       "hidden.bias": { "weights": [[2, 0], [0, 0]], "epochs": [0, 3] } })";

struct RecordedCase {
  std::string model;
  std::vector<std::string> settings;
};

} // namespace

TEST_CASE("weights after an epoch are those with which a run of so many epochs ends", "[session][record][learning]") {
  const Folder folder;
  const auto path = [&](const char *name) { return (folder.path / name).string(); };
  const record::RunReader whole(
      run_recorded(open_recorded(xor_model, folder, {"/task/epochs=6", xor_record}), path("whole.nwb")));
  const auto all = whole.recorded_weights("in->hidden"), some = whole.recorded_weights("hidden.bias"),
             statistics = whole.recorded_weights("hidden->out");
  CHECK(all.epochs == std::vector<std::size_t>{0, 1, 2, 3, 4, 5, 6});
  CHECK(some.epochs == std::vector<std::size_t>{0, 3});
  CHECK(statistics.epochs == std::vector<std::size_t>{0, 2, 4, 6});
  CHECK(arma::approx_equal(whole.weights_after(all, 6), whole.weights("in->hidden"), "absdiff", 0));
  for (const std::size_t epochs : {1, 3, 4}) {
    CAPTURE(epochs);
    const record::RunReader part(
        run_recorded(open_recorded(xor_model, folder, {"/task/epochs=" + std::to_string(epochs)}),
                     path(("part" + std::to_string(epochs) + ".nwb").c_str())));
    CHECK(arma::approx_equal(whole.weights_after(all, epochs), part.weights("in->hidden"), "absdiff", 0));
    CHECK(!arma::approx_equal(whole.weights_after(all, epochs - 1), part.weights("in->hidden"), "absdiff", 0));
    if (epochs == 3) {
      const arma::mat bias = part.weights("hidden.bias"), chosen = whole.weights_after(some, 1);
      CHECK(chosen(0) == bias(2));
      CHECK(chosen(1) == bias(0));
    }
    if (epochs == 4) { // by Armadillo, whose median is the quantile of 0.5
      const arma::vec w = arma::vectorise(part.weights("hidden->out"));
      const auto got = whole.statistics_after(statistics, {"mean", "sd", "min", "max", "norm", "quantile_0.5"}, 2);
      CHECK(got[0] == Approx(arma::mean(w)).epsilon(1e-12));
      CHECK(got[1] == Approx(arma::stddev(w, 1)).epsilon(1e-12));
      CHECK(got[2] == w.min());
      CHECK(got[3] == w.max());
      CHECK(got[4] == Approx(arma::norm(w)).epsilon(1e-12));
      CHECK(got[5] == Approx(arma::median(w)).epsilon(1e-12));
    }
  }
}

// numpy.quantile([1, 2, 4, 8], [0.05, 0.25, 0.9]) is [1.15, 1.75, 6.8].
TEST_CASE("quantiles are NumPy's", "[record][learning]") {
  std::vector<double> weights{8, 1, 4, 2};
  const auto got = record::statistics_of(weights, {0.05, 0.25, 0.9, 0, 1});
  CHECK(got[5] == Approx(1.15));
  CHECK(got[6] == Approx(1.75));
  CHECK(got[7] == Approx(6.8));
  CHECK(got[8] == 1);
  CHECK(got[9] == 8);
}

TEST_CASE("signals of an epoch are those that a run of so many epochs records", "[session][record][learning]") {
  const Folder folder;
  const auto path = [&](const char *name) { return (folder.path / name).string(); };
  const auto whole = run_recorded(open_recorded(xor_model, folder, {"/task/epochs=6", xor_record}), path("whole.nwb"));
  const auto part = run_recorded(
      open_recorded(xor_model, folder, {"/task/epochs=5", R"(/record={ "hidden": ["rate"] })"}), path("part.nwb"));
  const record::RunReader both(whole), one(part);
  const auto chosen = both.data(both.series().at(0)), all = one.data(one.series().at(0));
  REQUIRE(chosen.n_rows == 2);
  REQUIRE(chosen.n_cols == 2 * all.n_cols); // of epochs 2 and 5
  const arma::mat last = chosen.tail_cols(all.n_cols);
  CHECK(arma::approx_equal(last.row(0), all.row(3), "absdiff", 0));
  CHECK(arma::approx_equal(last.row(1), all.row(0), "absdiff", 0));
  CHECK(!arma::approx_equal(chosen.head_cols(all.n_cols), last, "absdiff", 0));
  CHECK(numbers_of(whole, "/scratch/recorded_neurons_hidden_rate") == std::vector<double>{3, 0});
  std::vector<std::int64_t> epochs;
  for (const auto &trial : both.trials())
    if (epochs.empty() || epochs.back() != trial.epoch) epochs.push_back(trial.epoch);
  CHECK(epochs == std::vector<std::int64_t>{2, 5, 6}); // "out" is recorded at the end
  CHECK(both.data(both.series().at(1)).n_cols == all.n_cols);
}

TEST_CASE("a run that goes on holds what was recorded before", "[session][record][learning][resume]") {
  const auto &given = GENERATE_REF(from_range(std::vector<RecordedCase>{
      {xor_model, {"/task/epochs=6", xor_record}},
      {xor_model, {"/task/epochs=6", "/precision=single", xor_record}},
      {mixed_circuit(), {R"(/record={ "rates": { "signals": ["rate"], "epochs": "all", "every": 3, "from": 5 },
            "net": { "signals": ["spike"], "epochs": [1, 3], "neurons": [1, 4, 5] }, "source": ["spike"],
            "source->net.ampa": { "weights": "all" }, "rates->rates": { "weights": "statistics" } })"}},
      {"closed-loop/bandit.json",
       {"/task/epochs=5", "/task/environment/trials=20", "/task/held_out=5", "/task/test=3", "/task/keep=best",
        R"(/record={ "value": { "signals": ["rate"], "epochs": { "every": 2 }, "trials": "all" } })"}}}));
  CAPTURE(given.model, given.settings);
  const Folder folder;
  const auto path = [&](const char *name) { return (folder.path / name).string(); };
  const auto whole = run_recorded(open_recorded(given.model, folder, given.settings), path("whole.nwb"));
  auto opened = open_recorded(given.model, folder, given.settings);
  const std::size_t batches = (opened.trials.training.size() + opened.model.task.batch - 1) / opened.model.task.batch +
                              !opened.trials.held_out.empty();
  const auto part = run_recorded(std::move(opened), path("part.nwb"), 3 * batches + 1); // within the fourth epoch
  CHECK(session::find_run(part).epochs_done == 3);
  CHECK(run_numbers::differences(whole, go_on(part, path("on.nwb"))).empty());
}

TEST_CASE("a checkpoint holds what was recorded, and a complete run goes on with it",
          "[session][record][learning][resume]") {
  const Folder folder;
  const auto path = [&](const char *name) { return (folder.path / name).string(); };
  const std::string record = R"(/record={ "rates": { "signals": ["rate"], "epochs": [1, 4] },
    "net": { "signals": ["spike"], "epochs": "all" }, "source->net.ampa": { "weights": [[1, 2], [5, 0]] } })";
  const auto whole = run_recorded(open_recorded(mixed_circuit(), folder, {record}), path("whole.nwb"));
  auto opened = open_recorded(mixed_circuit(), folder, {record});
  {
    session::Run run(opened, 1);
    run.save_to(path("run.nwb"), false, {session::CheckpointPolicy::When::epoch, 0});
    session::RunWatch watch;
    watch.epoch_done = [&](const simulation::Epoch &epoch) { // the checkpoint is of the epoch before
      if (epoch.epoch == 4) command::fs::copy_file(path("run.nwb.checkpoint"), path("other.nwb.checkpoint"));
    };
    run.simulate(watch);
  }
  CHECK(session::find_run(path("other.nwb")).epochs_done == 3);
  CHECK(run_numbers::differences(whole, go_on(path("other.nwb"), path("on.nwb"))).empty());
  const auto more = run_recorded(open_recorded(mixed_circuit(), folder, {record, "/task/epochs=7"}), path("more.nwb"));
  CHECK(run_numbers::differences(more, go_on(whole, path("extended.nwb"), 7)).empty());
}

TEST_CASE("weights that cannot be recorded are refused, and the nearest name is told", "[session][record][learning]") {
  const Folder folder;
  const auto refused = [&](const std::string &record, const std::string &words) {
    CAPTURE(record);
    CHECK_THROWS_WITH(open_recorded(xor_model, folder, {"/task/epochs=3", "/record=" + record}),
                      Catch::Contains(words));
  };
  refused(R"({ "in->hiden": { "weights": "all" } })", "did you mean 'in->hidden'?");
  refused(R"({ "in->hidden": { "weights": "al" } })", "all");
  refused(R"({ "in->hidden": { "weights": [[99, 0]] } })", "there is no synapse [99, 0]");
  refused(R"({ "in->hidden": { "weights": [[0, 1], [0, 1]] } })", "stands here twice");
  refused(R"({ "in->hidden": { "weights": "all", "epochs": [4] } })", "there is no epoch 4: the task has 3");
  refused(R"({ "in->hidden": { "weights": "all", "quantiles": [0.5] } })", "statistics");
  refused(R"({ "hidden": { "signals": ["rate"], "epochs": [0] } })", "at least 1");
  refused(R"({ "hidden": { "signals": ["rate"], "neurons": [99] } })", "there is no neuron 99");
  CHECK_THROWS_WITH(
      open_recorded(
          R"({ "architecture": { "regions": { "a": { "size": 3, "dynamics": { "type": "poisson", "rate": 9 } },
          "b": { "size": 3, "dynamics": "lif", "receptors": { "r": { "type": "exponential", "tau": 5 } } } },
          "projections": [ { "from": "a", "to": "b.r", "weights": 1 } ] },
          "task": { "trial": [ { "phase": "p", "duration": 5 } ] }, "record": { "a->b.r": { "weights": "all" } } })",
          folder, {}),
      Catch::Contains("does not learn"));
}
