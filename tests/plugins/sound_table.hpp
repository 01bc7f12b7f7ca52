// SoundTable is the table of a factored rule with nothing wrong. Plugins spoil one thing in it, which the finder of
// rules must refuse.
#pragma once

#include <engram/plugin.h>

struct SoundTable {
  engram_parameter parameters[2] = {{"gain", "", 1.0, 0.0, 2.0, "a number", nullptr},
                                    {"shift", "mV", 0.0, -1.0, 1.0, "another", nullptr}};
  engram_signal signals[2] = {{ENGRAM_PRE, "rate"}, {ENGRAM_POST, "rate"}};
  engram_rule rule{};

  explicit SoundTable(const char *name) {
    rule.table_size = sizeof rule;
    rule.abi_version = ENGRAM_ABI_VERSION;
    rule.name = name;
    rule.summary = "for a test";
    rule.reference = "none";
    rule.form = ENGRAM_FACTORED;
    rule.moment = ENGRAM_EACH_STEP;
    rule.local = 1;
    rule.factors = 1;
    rule.parameters = parameters;
    rule.parameter_count = 2;
    rule.signals = signals;
    rule.signal_count = 2;
    for (auto &calls : rule.callbacks) calls.pre_factors = calls.post_factors = factor;
  }
  SoundTable(const SoundTable &) = delete;
  SoundTable &operator=(const SoundTable &) = delete;

private:
  static engram_status factor(const engram_moment_info *, const engram_neurons *, const void **, void *,
                              engram_message *) {
    return ENGRAM_OK;
  }
};
