// A ClosedLoop lets an environment answer to what the circuit does: it shows stimuli, gives rewards, and ends trials.
//
// In each step the environment sees the signals of the step. The reward that it gives holds in the same step; what it
// shows, and teaches as a target of the objective, from the next step on. Trials run side by side until the last has
// ended. One that has ended is simulated on, from its initial state and without a stimulus, but nothing of it is seen,
// learnt or counted.
#pragma once

#include "learning/call.hpp"
#include "learning/kept.hpp"
#include "learning/rule_inputs.hpp"
#include "simulation/circuit_state.hpp"
#include "task/environment.hpp"

#include <cstdint>
#include <vector>

namespace engram::simulation {

/// By region: the signals that the environment of a model sees; none without one.
std::vector<dynamics::SignalSet> signals_seen(const model::Model &model);

template <class T> class ClosedLoop {
public:
  /// The model has an environment. `setup` is kept by reference.
  explicit ClosedLoop(const Setup<T> &setup);

  /// A batch begins. `draws` numbers its trials, for what is random in them. `taped`: it will be taken back, so what is
  /// shown and taught is kept for each step.
  void begin(const Batch &batch, const std::vector<std::uint64_t> &draws, bool taped);
  /// What a region is shown in a step, N × B: the one at hand, or one that was taped. Null where the environment shows
  /// it nothing.
  const Matrix<T> *shown(std::size_t region, std::size_t step) const;
  /// A target of that step, N × B, by its name. NaN: there is none.
  const Matrix<T> &target(const std::string &name, std::size_t step) const;
  /// The environment answers to the signals of a step: sets reward and reward_prediction_error.
  /// Errors: RunFailure where it sees a number that is not finite.
  void act(std::size_t step, const network::Signals<T> &signals, learning::Modulators<T> &modulators);

  /// Trials that run in this step and stand side by side: those that end with it, or those that go on.
  struct Running {
    learning::TrialRange trials;
    bool end = false;
  };
  const std::vector<Running> &running() const { return running_; }
  /// Is the trial over, after this step?
  bool is_over(std::size_t trial) const { return lasted_[trial] > 0; }
  /// Does (or did) the trial run in this step?
  bool runs_in(std::size_t trial, std::size_t step) const { return !is_over(trial) || step < lasted_[trial]; }
  bool all_over() const { return over_ == lasted_.size(); }
  std::size_t lasted(std::size_t trial) const { return lasted_[trial]; } ///< steps; 0: it still runs

  /// The trials are over: sets what is the environment's of the outcome, and the expectation moves where it was learnt.
  void finish(Outcome &outcome);
  /// What is expected of rewards from batch to batch.
  std::vector<learning::Kept> kept() { return {{"environment/reward/mean", &expected_}}; }

private:
  void look(std::size_t step, const network::Signals<T> &signals);
  void answer(std::size_t step, std::size_t b, learning::Modulators<T> &modulators);
  void clear(std::size_t b);
  void publish(std::size_t step);
  std::size_t place_of(std::size_t step) const { return taped_ ? step : 0; }
  task::EnvironmentTrial trial_of(std::size_t step, std::size_t b);

  const Setup<T> &setup_;
  task::Environment environment_;
  double expected_ = 0; // running mean of the reward of a trial

  // Of the batch at hand; by channel where there are several.
  Batch batch_;
  std::vector<std::uint64_t> draws_;
  bool taped_ = false;
  std::vector<Matrix<double>> seen_, shows_, targets_; // N × B; empty where the channel is joined to nothing
  std::vector<std::vector<Matrix<T>>> shown_, taught_; // as shows_ and targets_: of each step, or the one at hand
  std::vector<std::size_t> target_size_;               // neurons; 0: no term asks for it
  std::vector<task::EnvironmentTrial::Seen> sees_of_;  // of the trial at hand
  std::vector<task::EnvironmentTrial::Shown> shows_of_, targets_of_;
  Matrix<double> state_, columns_; // numbers × B
  std::vector<double> rewards_, chosen_value_;
  std::vector<std::int64_t> chosen_; // the neuron that was chosen last, by trial; −1: none
  std::vector<std::size_t> lasted_;  // steps, by trial
  std::size_t over_ = 0;             // trials
  std::vector<Running> running_;
};

} // namespace engram::simulation
