// These functions say which precisions a rule offers, and call a function for each.
#pragma once

#include <engram/plugin.h>

namespace engram::conformance {

inline bool offers(const engram_rule &rule, int which) {
  const auto &calls = rule.callbacks[which];
  const auto &spiking = rule.spiking[which];
  return calls.pre_factors || calls.synapses || calls.global || spiking.on_pre || spiking.on_post;
}

// f(T{}) for each precision that the rule offers.
template <class F> void each_precision(const engram_rule &rule, F &&f) {
  if (offers(rule, ENGRAM_DOUBLE)) f(double{});
  if (offers(rule, ENGRAM_SINGLE)) f(float{});
}

} // namespace engram::conformance
