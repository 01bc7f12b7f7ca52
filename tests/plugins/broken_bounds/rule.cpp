// Writes one value more than its factor has: in double precision the guard stands right behind.
#include <engram/plugin.h>

static engram_status factor(const engram_moment_info *now, const engram_neurons *side, const void **factors, void *,
                            engram_message *) {
  double *out = static_cast<double *>(const_cast<void *>(factors[0]));
  for (size_t k = 0; k <= side->neurons * now->trials; ++k) out[k] = 1;
  return ENGRAM_OK;
}

extern "C" ENGRAM_EXPORT const engram_rule *engram_rule_table(void) {
  static const engram_signal signals[] = {{ENGRAM_PRE, "rate"}, {ENGRAM_POST, "rate"}};
  static engram_rule table{};
  table.table_size = sizeof table;
  table.abi_version = ENGRAM_ABI_VERSION;
  table.name = "broken_bounds";
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
