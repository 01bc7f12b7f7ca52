// A Recorder watches a run and writes what the model's "record" asks for.
#pragma once

#include "dynamics/entry.hpp"
#include "input/input_error.hpp"
#include "record/run_file.hpp"
#include "simulation/training.hpp"
#include "task/trials.hpp"

namespace engram::record {

class RunReader;

/// By region: the signals that the model's "record" names.
std::vector<dynamics::SignalSet> signals_recorded(const model::Model &model);

/// Errors: input::InputError for chosen epochs, after which no trial that could be recorded is run.
void check_recorded_epochs(const model::Model &model, const task::Trials &trials);

/// Is any of the trials that are held out recorded?
bool is_recorded_of_tests(const model::Recorded &recorded, const model::Model &model, const task::Trials &trials);

/// Lines for what "record" asks for and no step or trial of the run gives. `trials`: as they were split.
std::vector<input::Problem> never_recorded(const model::Model &model, const task::Trials &trials);

/// Does the model record more than the end of its learning?
bool records_learning(const model::Model &model);

/// The parts into which the trials of a task are divided.
enum class Part { training, held_out, test };

/// Trials are simulated side by side, and written one after another: trial k of those recorded takes the k-th stretch
/// of the file's time. Samples are buffered up to a fixed size, so memory does not grow with the length of a run.
template <class T> class Recorder {
public:
  /// `dynamics`: of the model's regions; their words have the units of signals.
  /// `own_columns`: names of those that an environment adds to the table of trials.
  Recorder(const model::Model &model, const task::Trials &trials, const dynamics::DynamicsEntries &dynamics,
           RunFile &file, std::vector<std::string> own_columns = {});
  Recorder(const Recorder &) = delete;
  Recorder &operator=(const Recorder &) = delete;

  /// For Hooks::training and Hooks::held_out, and for the test. Choice, loss and label of these trials are written in
  /// any case.
  simulation::Observer<T> *training() { return &training_; }
  simulation::Observer<T> *held_out() { return &held_out_; }
  simulation::Observer<T> *test() { return &test_; }
  /// Are trials of this epoch recorded, before all is learned? Those of the last are in any case.
  bool sees(std::size_t epoch) const;
  /// The trials that are tested from now on are so by the weights after this epoch; else after the last. `last`: what
  /// is recorded of the end of learning is recorded of these.
  void tests_epoch(std::size_t epoch, bool last) {
    tested_epoch_ = epoch;
    last_test_ = last;
  }
  /// The same, of trials that are run once all is learned, apart from the epochs.
  void tests_end(std::size_t epoch) {
    tests_epoch(epoch, true);
    apart_ = true;
  }
  /// Takes over what another file of the run holds of the trials until this epoch. Call it before the first trial.
  /// Errors: data::DataError, where it is not there.
  void restore(const RunReader &run, std::size_t epochs_done);
  /// Hands the buffered samples of the current trials to the file, so that a flush of the file brings them to the disk.
  void save();

private:
  struct Side final : simulation::Observer<T> {
    Recorder *recorder = nullptr;
    Part part = Part::training;
    void begin(const simulation::Batch &batch) override { recorder->begin(batch, part); }
    void step(std::size_t step, const network::Signals<T> &signals) override { recorder->step(step, signals); }
    void trial_ended(std::size_t trial) override { recorder->trial_ended(trial); }
    void end(const simulation::Batch &batch, const simulation::Outcome &outcome) override {
      recorder->end(batch, outcome, part);
    }
  };
  struct Series {
    std::size_t entry = 0;  // index in Model::record
    std::size_t number = 0; // in the file
    network::Signal signal = network::Signal::rate;
    std::size_t state = network::none; // recorded in the place of a signal
    std::size_t first = 0, last = 0;   // steps [first, last), each k-th
    std::size_t samples = 0;           // in a trial
    std::size_t trials_written = 0;
    std::vector<std::size_t> columns;      // of the batch at hand that are recorded
    std::size_t buffered = 0, flushed = 0; // samples of the batch at hand
    std::vector<arma::Mat<T>> buffer;      // by recorded column: N × samples
  };

  struct Spikes { // of a region, as units
    std::size_t entry = 0, unit = 0;
    std::vector<std::size_t> unit_of; // by neuron of the region; network::none: not recorded
    std::size_t first = 0, last = 0;  // steps
    std::vector<std::vector<std::pair<std::uint32_t, std::uint32_t>>> trials; // step and neuron, by recorded column
    std::vector<std::size_t> columns;
  };
  void begin(const simulation::Batch &batch, Part part);
  // Is this trial recorded? `epoch`: from 1.
  bool takes(const model::Recorded &recorded, Part part, std::size_t epoch, bool last, std::size_t trial) const;
  std::vector<std::size_t> columns_of(const model::Recorded &recorded, const simulation::Batch &batch, Part part) const;
  void restore_series(Series &series, const RunReader &run, const std::vector<TrialRow> &rows);
  void restore_spikes(const RunReader &run, const std::vector<TrialRow> &rows);
  void write_spikes(Spikes &spikes);
  void trial_ended(std::size_t trial);
  void step(std::size_t step, const network::Signals<T> &signals);
  void end(const simulation::Batch &batch, const simulation::Outcome &outcome, Part part);
  void flush(Series &series);
  void write_times(const Series &series, std::size_t k, std::size_t first, std::size_t last);

  const model::Model &model_;
  const task::Trials &trials_;
  RunFile &file_;
  task::Schedule schedule_;
  std::vector<Series> series_;
  std::vector<Spikes> spikes_;
  Side training_, held_out_, test_;
  std::size_t tested_epoch_ = 0;
  bool last_test_ = true, apart_ = false;
  std::vector<std::string> own_columns_; // that an environment adds to the table of trials
  std::vector<bool> ended_;              // by trial of the batch: by its environment, before this step
  std::size_t trials_seen_ = 0;          // earlier trials in the file's time
};

} // namespace engram::record
