// run() is a whole run: epochs of learning, and tests on the trials that were held out.
#pragma once

#include "simulation/simulator.hpp"

#include <functional>
#include <limits>
#include <vector>

namespace engram::simulation {

inline constexpr double absent = std::numeric_limits<double>::quiet_NaN();

/// One point of the learning curve. Losses and accuracies are NaN where they do not apply.
struct Epoch {
  std::size_t epoch = 0; ///< from 1
  bool whole = true;     ///< false: it was interrupted
  double train_loss = absent, train_accuracy = absent;
  double held_out_loss = absent, held_out_accuracy = absent;
  double seconds = 0;                                     ///< of learning alone, without the test
  double train_reward = absent, held_out_reward = absent; ///< mean of a trial, where an environment pays it
  std::vector<double> train_terms, held_out_terms; ///< losses by term, without its weight; empty where there is one
};

struct Progress {
  std::size_t epoch = 0, epochs = 0;       ///< epoch counts from 1
  std::size_t trials_done = 0, trials = 0; ///< of the whole run, learning and tests
  double loss = absent, accuracy = absent; ///< so far in the epoch
  bool testing = false;
};

template <class T> struct Hooks {
  std::function<bool(const Progress &)> progress; ///< after each batch; false ends the run cleanly
  std::function<void(const Epoch &)> epoch_done;
  std::function<bool()> enough;    ///< before each epoch: true ends learning, which is then complete
  Observer<T> *training = nullptr; ///< sees learning trials: those of the last epoch, unless `seen` says otherwise
  Observer<T> *held_out = nullptr; ///< sees tests: that after the last epoch, unless `seen` says otherwise
  /// Before the trials of an epoch (from 1), and before its test: are they seen?
  std::function<bool(std::size_t epoch, bool testing)> seen;
  std::size_t epochs_done = 0; ///< of the run, before this call: it goes on with the next
};

struct Summary {
  Epoch last;                                ///< the last point of the curve; epoch 0 when there is none
  double fastest_seconds = absent;           ///< of learning, of all epochs
  std::size_t epochs = 0, trials = 0;        ///< whole ones of the run, those done before included
  double simulated_ms = 0, wall_seconds = 0; ///< of this call
  bool interrupted = false;                  ///< by Hooks::progress or Watch::stop, before all was done
  bool stopped = false;                      ///< by Hooks::enough, before all epochs
};

/// Trials of the first `epochs` of a run, learning and tests.
std::size_t trials_of(const model::Model &model, const task::Trials &trials, std::size_t epochs);
/// Of the whole run.
inline std::size_t planned_trials(const model::Model &model, const task::Trials &trials) {
  return trials_of(model, trials, model.task.epochs);
}

/// Errors: RunFailure, learning::RuleFailure; the network then holds the weights of the last good update.
template <class T>
Summary run(const model::Model &model, const task::Trials &trials, Simulator<T> &simulator, const Hooks<T> &hooks);

/// Loss and accuracy over some rows without learning; NaN where they do not apply. Not `whole` where it was
/// interrupted.
template <class T>
Epoch test(const model::Model &model, const task::Trials &trials, Simulator<T> &simulator,
           const std::vector<std::size_t> &rows, Observer<T> *observer = nullptr);

} // namespace engram::simulation
