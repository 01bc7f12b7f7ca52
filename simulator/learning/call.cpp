#include "learning/call.hpp"

namespace engram::learning {

namespace {

bool is_due(const engram_rule &rule, const Moment &moment) {
  switch (rule.moment) {
  case ENGRAM_EACH_STEP:
    return true;
  case ENGRAM_END_OF_PHASE:
    return moment.end_of_phase;
  default:
    return moment.end_of_trial;
  }
}

} // namespace

bool learns(const Moment &moment, std::size_t which) {
  return moment.plastic && (!moment.may_learn || moment.may_learn->empty() || (*moment.may_learn)[which]);
}

bool is_called(const engram_rule &rule, const Moment &moment, bool plastic) {
  if (rule.form == ENGRAM_SPIKING) return true;
  return rule.form != ENGRAM_GLOBAL && is_due(rule, moment) && (plastic || rule.state_count > 0);
}

engram_moment_info moment_info(const engram_rule &rule, const Moment &moment, const double *parameters,
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

TableOrder::TableOrder(const engram_rule &rule) {
  for (std::size_t k = 0; k < rule.signal_count; ++k)
    (rule.signals[k].place == ENGRAM_PRE ? pre_signals : post_signals).push_back(k);
  const auto add = [&](std::uint32_t place, std::vector<std::size_t> &to) {
    for (std::size_t k = 0; k < rule.state_count; ++k)
      if (rule.states[k].place == place) to.push_back(k);
  };
  add(ENGRAM_PRE, pre_states);
  add(ENGRAM_PRE_PAIRS, pre_states);
  add(ENGRAM_POST, post_states);
  add(ENGRAM_SYNAPSE, synapse_states);
}

} // namespace engram::learning
