// A table with one thing wrong, for the plugin finder to refuse.
#include <engram/plugin.h>

static engram_status factor(const engram_moment_info *, const engram_neurons *, const void **, void *,
                            engram_message *) {
  return ENGRAM_OK;
}

extern "C" ENGRAM_EXPORT const engram_rule *engram_rule_table(void) {
  static const engram_parameter parameters[] = {{"gain", "", 1.0, 0.0, 2.0, "a number", nullptr},
                                                {"shift", "mV", 0.0, -1.0, 1.0, "another", nullptr}};
  static const engram_signal signals[] = {{ENGRAM_PRE, "rate"}, {ENGRAM_POST, "rate"}};
  static engram_parameter own[] = {parameters[0], parameters[1]};
  static engram_signal sensed[] = {signals[0], signals[1]};
  static engram_rule table{};
  table.table_size = sizeof table;
  table.abi_version = ENGRAM_ABI_VERSION;
  table.name = "late_rates";
  table.summary = "for a test";
  table.reference = "none";
  table.form = ENGRAM_FACTORED;
  table.moment = ENGRAM_EACH_STEP;
  table.local = 1;
  table.factors = 1;
  table.parameters = own;
  table.parameter_count = 2;
  table.signals = sensed;
  table.signal_count = 2;
  for (auto &calls : table.callbacks) calls.pre_factors = calls.post_factors = factor;
  static const uint32_t late[] = {1};
  table.state_late = late;
  return &table;
}
