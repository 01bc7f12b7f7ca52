// These functions fill the structs that every call of a rule receives beside its neurons: parameters, modulators, and
// the moment.
#pragma once

#include "learning/plasticity.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace engram::learning {

template <class T> constexpr int precision_of() { return std::is_same_v<T, float> ? ENGRAM_SINGLE : ENGRAM_DOUBLE; }

/// The values of a rule's parameters in the order of its table: those that the model gives, else the defaults.
inline std::vector<double> parameters_of(const engram_rule &rule, const model::Rule &said) {
  std::vector<double> out;
  for (std::size_t n = 0; n < rule.parameter_count; ++n) {
    const auto given = said.parameters.find(rule.parameters[n].name);
    out.push_back(given == said.parameters.end() ? rule.parameters[n].initial : given->second);
  }
  return out;
}

/// The modulators that a rule declares, in its order. `said`: the model's rule, `which` in the model. Calls fail(text),
/// which must throw, for one that is unknown.
template <class T, class Fail>
std::array<const void *, ENGRAM_MAX_MODULATORS> modulators_of(const engram_rule &rule, const model::Rule &said,
                                                              std::size_t which, const Modulators<T> &modulators,
                                                              Fail &&fail) {
  std::array<const void *, ENGRAM_MAX_MODULATORS> out{};
  for (std::size_t k = 0; k < rule.modulator_count; ++k) {
    std::string_view name = rule.modulators[k];
    for (std::size_t m = 0; m < said.modulators.size(); ++m) {
      if (said.modulators[m].name != name) continue;
      name = said.modulators[m].given;
      if (name.empty()) out[k] = modulators.regions[which][m].memptr();
      break;
    }
    if (out[k]) continue;
    out[k] = name == "loss"                      ? modulators.loss.memptr()
             : name == "reward"                  ? modulators.reward.memptr()
             : name == "reward_prediction_error" ? modulators.reward_prediction_error.memptr()
                                                 : nullptr;
    if (!out[k]) fail("reads an unknown modulator '" + std::string(name) + "'");
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
