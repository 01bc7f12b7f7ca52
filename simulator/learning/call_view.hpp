// What every call of a rule is handed beside its neurons.
#pragma once

#include "learning/plasticity.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace engram::learning {

inline constexpr std::size_t most_modulators = 8;

/// The modulators that a rule declares, in its order; null where one is unknown.
template <class T>
std::array<const void *, most_modulators> modulators_of(const engram_rule &rule, const Modulators<T> &modulators) {
  std::array<const void *, most_modulators> out{};
  for (std::size_t k = 0; k < rule.modulator_count && k < out.size(); ++k) {
    const std::string_view name = rule.modulators[k];
    out[k] = name == "loss"                      ? modulators.loss.memptr()
             : name == "reward"                  ? modulators.reward.memptr()
             : name == "reward_prediction_error" ? modulators.reward_prediction_error.memptr()
                                                 : nullptr;
  }
  return out;
}

inline engram_moment_info moment_info(const engram_rule &rule, const Moment &moment, const double *parameters,
                                      const void *const *modulators, std::size_t trials, bool plastic) {
  engram_moment_info now{};
  now.struct_size = sizeof now;
  now.moment = rule.moment;
  now.phase = static_cast<std::uint32_t>(moment.phase);
  now.phases = static_cast<std::uint32_t>(moment.phases);
  now.plastic = plastic;
  now.objective = moment.objective;
  now.time = static_cast<double>(moment.step) * moment.step_ms;
  now.step = moment.step_ms;
  now.trials = trials;
  now.parameters = parameters;
  now.modulators = modulators;
  return now;
}

} // namespace engram::learning
