#include "task/decision.hpp"

#include "model/parameters.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace engram::task {

namespace {

constexpr std::uint32_t choices = 0; // the stream of random numbers

std::int64_t highest(const EnvironmentTrial::Seen &seen) {
  return std::max_element(seen.values, seen.values + seen.neurons) - seen.values;
}

std::int64_t drawn(const EnvironmentTrial::Seen &seen, double t, double u) {
  const double top = *std::max_element(seen.values, seen.values + seen.neurons);
  double sum = 0;
  for (std::size_t n = 0; n < seen.neurons; ++n) sum += std::exp((seen.values[n] - top) / t);
  double left = u * sum;
  for (std::size_t n = 0; n + 1 < seen.neurons; ++n) {
    left -= std::exp((seen.values[n] - top) / t);
    if (left < 0) return static_cast<std::int64_t>(n);
  }
  return static_cast<std::int64_t>(seen.neurons) - 1;
}

} // namespace

std::vector<model::Parameter> decision_parameters(double at_ms) {
  return {model::choice("choose", {"softmax", "highest", "bound"},
                        "how: drawn by the softmax of what is seen, the highest neuron, or the first to reach a bound"),
          model::positive("temperature", "", 1, "of the softmax"),
          model::number("bound", "", 1, "that a neuron must reach, where the choice is made by a bound"),
          model::in_steps(model::at_least_zero("decide_at", "ms", at_ms,
                                               "when the choice is made; by a bound, from when it may be"))};
}

std::vector<model::Parameter> with_decision(double at_ms, std::vector<model::Parameter> more) {
  auto all = decision_parameters(at_ms);
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  return all;
}

std::int64_t decide(const EnvironmentTrial &trial, std::size_t channel, std::uint64_t which, std::uint64_t begins) {
  enum Way { softmax, best, at_bound };
  const auto &seen = trial.sees[channel];
  const auto way = static_cast<Way>(trial.parameters[decision_way]);
  const std::uint64_t due = begins + trial.steps(decision_at);
  if (trial.step < due) return -1;
  if (way == at_bound) {
    const auto winner = highest(seen);
    return seen.values[winner] >= trial.parameters[decision_bound] ? winner : -1;
  }
  if (trial.step != due) return -1;
  return way == best ? highest(seen)
                     : drawn(seen, trial.parameters[decision_temperature], trial.uniform(choices, which));
}

} // namespace engram::task
