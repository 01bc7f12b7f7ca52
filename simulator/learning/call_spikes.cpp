#include "learning/call_spikes.hpp"

#include "model/time_grid.hpp"

namespace engram::learning {

std::uint64_t sweep_steps(const engram_rule &rule, double step_ms, std::vector<double> &parameters) {
  if (rule.sweep_every == 0) return 0;
  double &interval = parameters[rule.sweep_every - 1];
  const auto steps = std::max<std::uint64_t>(1, model::steps_of(interval, step_ms));
  interval = static_cast<double>(steps) * step_ms;
  return steps;
}

std::uint64_t late_steps(const engram_rule &rule, std::size_t k, double step_ms,
                         const std::vector<double> &parameters) {
  const auto by = rule.state_late ? rule.state_late[k] : 0;
  const double late = by > 0 ? parameters[by - 1] : 0;
  return late > 0 ? std::max<std::uint64_t>(1, model::steps_of(late, step_ms)) : 0;
}

} // namespace engram::learning
