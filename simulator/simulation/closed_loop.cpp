#include "simulation/closed_loop.hpp"

#include "simulation/failure.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace engram::simulation {

namespace {

constexpr double expectation_step = 0.05; // as of the expectation of an objective's reward, in judge.cpp

double absent_value(model::Column::Kind kind) {
  switch (kind) {
  case model::Column::Kind::number:
    return std::numeric_limits<double>::quiet_NaN();
  case model::Column::Kind::integer:
    return -1;
  default:
    return 0;
  }
}

} // namespace

std::vector<dynamics::SignalSet> signals_seen(const model::Model &model) {
  std::vector<dynamics::SignalSet> wanted(model.regions.size());
  for (const auto &end : model.task.environment.sees)
    if (end) wanted[end->region].set(static_cast<std::size_t>(*network::signal_named(end->port)));
  return wanted;
}

template <class T>
ClosedLoop<T>::ClosedLoop(const Setup<T> &setup)
    : setup_(setup), environment_(task::environment_of(setup.model, setup.task_entries)) {
  const auto &words = environment_.entry->words;
  seen_.resize(words.sees.size());
  shows_.resize(words.shows.size());
  sees_of_.resize(words.sees.size());
  shows_of_.resize(words.shows.size());
  targets_.resize(words.targets.size());
  targets_of_.resize(words.targets.size());
  target_size_.assign(words.targets.size(), 0);
  for (const auto *term : model::terms_of(setup.model))
    for (std::size_t k = 0; k < words.targets.size(); ++k)
      if (term->target.kind == model::Target::Kind::environment && term->target.array == words.targets[k].name)
        target_size_[k] = setup.network.regions[term->region].size;
}

template <class T> void ClosedLoop<T>::begin(const Batch &batch, const std::vector<std::uint64_t> &draws, bool taped) {
  const auto &given = setup_.model.task.environment;
  const auto &words = environment_.entry->words;
  const std::size_t trials = batch.rows.size();
  batch_ = batch;
  draws_ = draws;
  taped_ = taped;
  for (auto *kept : {&shown_, &taught_}) kept->resize(taped ? setup_.schedule.steps : 1);
  for (std::size_t k = 0; k < seen_.size(); ++k)
    if (given.sees[k]) seen_[k].zeros(setup_.network.regions[given.sees[k]->region].size, trials);
  for (std::size_t k = 0; k < shows_.size(); ++k)
    if (given.shows[k]) shows_[k].zeros(setup_.network.regions[*given.shows[k]].size, trials);
  for (std::size_t k = 0; k < targets_.size(); ++k) {
    targets_[k].set_size(target_size_[k], trials);
    targets_[k].fill(std::numeric_limits<double>::quiet_NaN());
  }
  state_.zeros(environment_.entry->states, trials);
  columns_.set_size(words.columns.size(), trials);
  for (std::size_t k = 0; k < words.columns.size(); ++k) columns_.row(k).fill(absent_value(words.columns[k].kind));
  rewards_.assign(trials, 0);
  chosen_value_.assign(trials, 0);
  chosen_.assign(trials, -1);
  lasted_.assign(trials, 0);
  over_ = 0;
  for (std::size_t b = 0; b < trials; ++b) environment_.entry->begin(trial_of(0, b));
  publish(0);
}

// What holds in a step, in the precision of the run.
template <class T> void ClosedLoop<T>::publish(std::size_t step) {
  const auto copy = [](const std::vector<Matrix<double>> &from, std::vector<Matrix<T>> &to) {
    to.resize(from.size());
    for (std::size_t k = 0; k < from.size(); ++k) {
      to[k].set_size(from[k].n_rows, from[k].n_cols);
      for (std::size_t n = 0; n < from[k].n_elem; ++n) to[k][n] = static_cast<T>(from[k][n]);
    }
  };
  copy(shows_, shown_[place_of(step)]);
  copy(targets_, taught_[place_of(step)]);
}

template <class T> task::EnvironmentTrial ClosedLoop<T>::trial_of(std::size_t step, std::size_t b) {
  task::EnvironmentTrial trial;
  trial.entry = environment_.entry;
  trial.parameters = environment_.parameters.data();
  trial.step_ms = setup_.schedule.step;
  trial.step = step;
  trial.number = batch_.rows[b];
  trial.course = environment_.course_of(batch_.rows[b]);
  for (std::size_t k = 0; k < seen_.size(); ++k)
    sees_of_[k] = {seen_[k].is_empty() ? nullptr : seen_[k].colptr(b), seen_[k].n_rows};
  for (std::size_t k = 0; k < shows_.size(); ++k)
    shows_of_[k] = {shows_[k].is_empty() ? nullptr : shows_[k].colptr(b), shows_[k].n_rows};
  trial.sees = sees_of_.data();
  for (std::size_t k = 0; k < targets_.size(); ++k)
    targets_of_[k] = {targets_[k].is_empty() ? nullptr : targets_[k].colptr(b), targets_[k].n_rows};
  trial.shows = shows_of_.data();
  trial.targets = targets_of_.data();
  trial.state = state_.is_empty() ? nullptr : state_.colptr(b);
  trial.columns = columns_.is_empty() ? nullptr : columns_.colptr(b);
  trial.seed = setup_.model.seed;
  trial.draw = draws_[b];
  return trial;
}

template <class T> const Matrix<T> *ClosedLoop<T>::shown(std::size_t region, std::size_t step) const {
  const auto &shows = setup_.model.task.environment.shows;
  for (std::size_t k = 0; k < shows.size(); ++k)
    if (shows[k] == region) return &shown_[place_of(step)][k];
  return nullptr;
}

template <class T> const Matrix<T> &ClosedLoop<T>::target(const std::string &name, std::size_t step) const {
  const auto &targets = environment_.entry->words.targets;
  std::size_t k = 0;
  while (targets[k].name != name) ++k; // the checks of the model have found it
  return taught_[place_of(step)][k];
}

template <class T> void ClosedLoop<T>::look(std::size_t step, const network::Signals<T> &signals) {
  const auto &sees = setup_.model.task.environment.sees;
  for (std::size_t k = 0; k < seen_.size(); ++k) {
    if (!sees[k]) continue;
    const auto &signal = signals[sees[k]->region][*network::signal_named(sees[k]->port)];
    for (std::size_t b = 0; b < lasted_.size(); ++b) {
      if (is_over(b)) continue;
      for (std::size_t n = 0; n < signal.n_rows; ++n) {
        const auto value = static_cast<double>(signal(n, b));
        if (!std::isfinite(value))
          throw RunFailure("the environment sees '" + sees[k]->port + "' of neuron " + std::to_string(n) + " of '" +
                           setup_.model.regions[sees[k]->region].name + "', which is not a finite number in epoch " +
                           std::to_string(batch_.epoch + 1) + ", trial " + std::to_string(batch_.rows[b]) + ", step " +
                           std::to_string(step));
        seen_[k](n, b) = value;
      }
    }
  }
}

template <class T> void ClosedLoop<T>::answer(std::size_t step, std::size_t b, learning::Modulators<T> &modulators) {
  const auto happening = environment_.entry->step(trial_of(step, b));
  if (happening.choice >= 0) chosen_[b] = happening.choice;
  if (happening.choice >= 0 && !seen_.empty() && static_cast<std::size_t>(happening.choice) < seen_[0].n_rows)
    chosen_value_[b] = seen_[0](static_cast<std::size_t>(happening.choice), b);
  using Prediction = model::Environment::Prediction;
  const bool by_value = setup_.model.task.environment.prediction == Prediction::value;
  const double expected = !happening.outcome ? 0 : by_value ? chosen_value_[b] : expected_;
  rewards_[b] += happening.reward;
  modulators.reward[b] = static_cast<T>(happening.reward);
  modulators.reward_prediction_error[b] = static_cast<T>(happening.reward - expected);
  if (!happening.ends && step + 1 < setup_.schedule.steps) return;
  lasted_[b] = step + 1;
  ++over_;
  clear(b);
}

template <class T>
void ClosedLoop<T>::act(std::size_t step, const network::Signals<T> &signals, learning::Modulators<T> &modulators) {
  look(step, signals);
  modulators.reward.zeros();
  modulators.reward_prediction_error.zeros();
  running_.clear();
  for (std::size_t b = 0; b < lasted_.size(); ++b) {
    if (is_over(b)) continue;
    answer(step, b, modulators);
    auto *last = running_.empty() ? nullptr : &running_.back();
    if (last && last->end == is_over(b) && last->trials.first + last->trials.count == b)
      ++last->trials.count;
    else
      running_.push_back({{b, 1}, is_over(b)});
  }
  if (step + 1 < setup_.schedule.steps) publish(step + 1);
}

template <class T> void ClosedLoop<T>::clear(std::size_t b) {
  for (auto *matrices : {&shows_, &targets_})
    for (auto &matrix : *matrices)
      if (!matrix.is_empty()) matrix.col(b).zeros();
}

template <class T> void ClosedLoop<T>::finish(Outcome &outcome) {
  outcome.rewards = rewards_;
  outcome.lasted = lasted_;
  outcome.columns.clear();
  const std::size_t trials = lasted_.size(), width = columns_.n_rows;
  outcome.choices = chosen_; // unless the environment has a column of its own for it
  outcome.labels.assign(trials, -1);
  for (std::size_t b = 0; b < trials; ++b) {
    outcome.columns.emplace_back(columns_.begin_col(b), columns_.end_col(b));
    if (environment_.choice_column < width)
      outcome.choices[b] = static_cast<std::int64_t>(columns_(environment_.choice_column, b));
    if (environment_.label_column < width)
      outcome.labels[b] = static_cast<std::int64_t>(columns_(environment_.label_column, b));
    outcome.correct += outcome.labels[b] >= 0 && outcome.choices[b] == outcome.labels[b];
    if (batch_.learn) expected_ += expectation_step * (rewards_[b] - expected_);
  }
}

template class ClosedLoop<float>;
template class ClosedLoop<double>;

} // namespace engram::simulation
