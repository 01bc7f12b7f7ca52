// The table of a factored rule whose two callbacks are one plain C function: for plugins that break what rule.hpp
// keeps.
#pragma once

#include <engram/plugin.h>

inline const engram_rule *plain_table(const char *name, engram_factors factor) {
  static const engram_signal signals[] = {{ENGRAM_PRE, "rate"}, {ENGRAM_POST, "rate"}};
  static engram_rule table{};
  table.table_size = sizeof table;
  table.abi_version = ENGRAM_ABI_VERSION;
  table.name = name;
  table.summary = "broken, for a test";
  table.reference = "none";
  table.form = ENGRAM_FACTORED;
  table.moment = ENGRAM_EACH_STEP;
  table.local = 1;
  table.factors = 1;
  table.signals = signals;
  table.signal_count = 2;
  for (auto &calls : table.callbacks) calls.pre_factors = calls.post_factors = factor;
  return &table;
}
