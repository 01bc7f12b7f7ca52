#include "simulation/judge.hpp"

#include <cmath>
#include <limits>
#include <utility>

namespace engram::simulation {

namespace {

// How far expectations move towards a new reward. The mean: at each look; that of a trial: α = 0.75 of the old is kept
// (Miconi 2017, eLife 6:e20899, "Methods").
constexpr double mean_step = 0.05, trial_step = 0.25;

} // namespace

template <class T>
Judge<T>::Judge(const model::Model &model, const model::Objective &term, task::Objective objective, std::size_t which,
                std::size_t trials)
    : objective_(std::move(objective)), prediction_(term.prediction),
      // The first has the numbers of the seed; those of others begin with its name.
      random_{which == 0 ? model.seed : model.seed ^ numeric::name_key(term.name), numeric::Purpose::choice, 0} {
  if (prediction_ == model::Objective::Prediction::trial)
    by_trial_.assign(trials, std::numeric_limits<double>::quiet_NaN());
}

template <class T> void Judge<T>::begin(bool learn, const std::vector<std::uint64_t> &draws) {
  learn_ = learn;
  draws_ = draws;
  choices_.assign(draws.size(), -1);
  sum_.assign(draws.size(), 0);
  now_.assign(draws.size(), 0);
  before_.assign(draws.size(), 0);
  looks_ = 0;
  chosen_ = looked_ = before_known_ = false;
}

template <class T> void Judge<T>::enter(std::size_t phase) {
  random_.which = static_cast<std::uint32_t>(phase);
  chosen_ = false;
  if (!looked_) return;
  before_ = now_;
  before_known_ = true;
  looked_ = false;
}

template <class T> const task::Choice<T> &Judge<T>::choose(const numeric::Matrix<T> &rate) {
  if (!chosen_) task::choose(objective_, rate, learn_, random_, draws_, choice_);
  chosen_ = true;
  return choice_;
}

template <class T>
void Judge<T>::judge(const numeric::Matrix<T> &rate, const numeric::Matrix<T> &target, const numeric::Matrix<T> &loss,
                     const std::vector<std::size_t> &rows, learning::Judged<T> &modulators) {
  using Prediction = model::Objective::Prediction;
  const std::size_t trials = draws_.size();
  const bool chooses = objective_.chooses;
  if (chooses) choose(rate);
  double mean = 0;
  for (std::size_t b = 0; b < trials; ++b) {
    now_[b] = chooses ? target(choice_.neuron[b], b) : -loss[b];
    mean += static_cast<double>(now_[b]) / static_cast<double>(trials);
    sum_[b] += static_cast<double>(now_[b]);
    choices_[b] = static_cast<std::int64_t>(chooses && learn_ ? choice_.neuron[b] : rate.col(b).index_max());
  }
  ++looks_;
  if (std::isnan(mean_)) mean_ = mean;
  for (std::size_t b = 0; b < trials; ++b) {
    T expected = now_[b];
    switch (prediction_) {
    case Prediction::mean:
      expected = static_cast<T>(mean_);
      break;
    case Prediction::trial:
      if (!std::isnan(by_trial_[rows[b]])) expected = static_cast<T>(by_trial_[rows[b]]);
      break;
    case Prediction::phase:
      if (before_known_) expected = before_[b];
      break;
    case Prediction::value:
      expected = rate(choice_.neuron[b], b);
      break;
    case Prediction::probability:
      expected = choice_.probability[b];
      break;
    }
    modulators.loss[b] = loss[b];
    modulators.reward[b] = now_[b];
    modulators.reward_prediction_error[b] = now_[b] - expected;
  }
  if (learn_) mean_ += mean_step * (mean - mean_);
  looked_ = true;
}

template <class T> void Judge<T>::end(const std::vector<std::size_t> &rows) {
  if (!learn_ || by_trial_.empty() || looks_ == 0) return;
  for (std::size_t b = 0; b < rows.size(); ++b) {
    const double reward = sum_[b] / static_cast<double>(looks_);
    double &expected = by_trial_[rows[b]];
    expected = std::isnan(expected) ? reward : expected + trial_step * (reward - expected);
  }
}

template <class T> std::vector<learning::Kept> Judge<T>::kept() {
  std::vector<learning::Kept> out{{"mean", &mean_}};
  if (!by_trial_.empty()) out.push_back({"by_trial", &by_trial_, by_trial_.size(), 1});
  return out;
}

template class Judge<float>;
template class Judge<double>;

} // namespace engram::simulation
