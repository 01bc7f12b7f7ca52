// A Batch is a number of trials that are simulated at once. A Watch and an Observer follow it, and an Outcome is its
// result.
#pragma once

#include "network/signals.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <vector>

namespace engram::simulation {

template <class T> using Matrix = numeric::Matrix<T>;
template <class T> using Vector = numeric::Vector<T>;

/// B trials that are simulated at once.
struct Batch {
  std::vector<std::size_t> rows; ///< of the task's trials
  std::size_t epoch = 0;
  bool learn = false; ///< rules are called and the objective is delivered
};

/// Where the simulation of a batch is: before `step` of `steps`, with `trials` side by side.
struct BatchProgress {
  std::size_t step = 0, steps = 0, trials = 0;
};

/// How whoever runs a simulation follows it from within a trial, and ends it.
struct Watch {
  const std::atomic<bool> *stop = nullptr;         ///< once it is true, a batch ends before its next step
  std::function<void(const BatchProgress &)> step; ///< called before each step; may be empty
  bool is_stopped() const { return stop && stop->load(std::memory_order_relaxed); }
};

/// The result of a batch.
struct Outcome {
  std::vector<double> losses;             ///< by trial, mean over the objective's steps; empty without an objective
  std::vector<std::vector<double>> terms; ///< by term of the objective, its own: as `losses`, without its weight
  std::vector<std::int64_t> choices;      ///< chosen, else of highest rate, when last judged; -1: none
  std::size_t correct = 0;                ///< choices that are the label
  std::size_t steps = 0;                  ///< that were simulated
  bool interrupted = false; ///< ended by Watch::stop; nothing was learned that comes at the end of a trial
  // Of an environment, by trial; empty without one.
  std::vector<double> rewards;              ///< sum over the trial
  std::vector<std::size_t> lasted;          ///< steps; 0: interrupted
  std::vector<std::int64_t> labels;         ///< what would have been the right choice; -1: none
  std::vector<std::vector<double>> columns; ///< what the environment tells of the trial
};

/// Sees each step of a batch after its signals are known.
template <class T> class Observer {
public:
  virtual ~Observer() = default;
  virtual void begin(const Batch &) {}
  virtual void step(std::size_t step, const network::Signals<T> &signals) = 0;
  /// A trial of the batch ended before others, with the last step that was seen.
  virtual void trial_ended(std::size_t /*trial*/) {}
  virtual void end(const Batch &, const Outcome &) {}
};

} // namespace engram::simulation
