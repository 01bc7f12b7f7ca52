// A Judge evaluates each trial in the steps in which the objective reads the output. It gives the loss, the choice, the
// reward, and the difference between the reward and its expectation.
#pragma once

#include "learning/plasticity.hpp"
#include "model/model.hpp"
#include "task/choice.hpp"

#include <cstdint>
#include <limits>
#include <vector>

namespace engram::simulation {

template <class T> class Judge {
public:
  Judge() = default;
  /// Of a term of the objective, the `which`-th; `term`: what the model says of it. `trials`: all of the task.
  Judge(const model::Model &model, const model::Objective &term, task::Objective objective, std::size_t which,
        std::size_t trials);

  /// Begins a batch. `draws` numbers its trials, for choices that are drawn.
  void begin(bool learn, const std::vector<std::uint64_t> &draws);
  /// A phase begins: the choice is open again, and the reward so far is that of a phase before.
  void enter(std::size_t phase);
  /// Makes the choice of this phase, unless it is made. rate: N × B.
  const task::Choice<T> &choose(const numeric::Matrix<T> &rate);
  /// Sets the modulators of this step. rate, target: N × B; loss: 1 × B; rows: of the task's trials.
  void judge(const numeric::Matrix<T> &rate, const numeric::Matrix<T> &target, const numeric::Matrix<T> &loss,
             const std::vector<std::size_t> &rows, learning::Judged<T> &modulators);
  /// The trials are over: expectations move when they were learnt from.
  void end(const std::vector<std::size_t> &rows);
  /// By trial: the neuron that was chosen, else the one of the highest rate, when the objective last looked.
  const std::vector<std::int64_t> &choices() const { return choices_; }
  /// What is expected of rewards from batch to batch.
  std::vector<learning::Kept> kept();

private:
  task::Objective objective_;
  model::Objective::Prediction prediction_ = model::Objective::Prediction::mean;
  numeric::Random random_;
  bool learn_ = false, chosen_ = false;
  std::vector<std::uint64_t> draws_;
  task::Choice<T> choice_;
  std::vector<std::int64_t> choices_;

  double mean_ = std::numeric_limits<double>::quiet_NaN(); // running mean of the reward; NaN until there was one
  std::vector<double> by_trial_; // running mean for each trial of the task; NaN until it was run
  std::vector<double> sum_;      // of rewards in this batch, by trial
  std::size_t looks_ = 0;
  std::vector<T> now_, before_; // reward when last looked, and in the phase before
  bool looked_ = false, before_known_ = false;
};

} // namespace engram::simulation
