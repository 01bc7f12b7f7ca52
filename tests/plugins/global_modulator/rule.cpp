// The plugin finder must refuse this table: a global rule is handed no modulator, and this one asks for the loss.
#include "../sound_table.hpp"

namespace {

engram_status global(const engram_moment_info *, const engram_network *, engram_message *) { return ENGRAM_OK; }

} // namespace

extern "C" ENGRAM_EXPORT const engram_rule *engram_rule_table(void) {
  static SoundTable table("global_modulator");
  static const char *modulators[] = {"loss"};
  table.rule.form = ENGRAM_GLOBAL;
  table.rule.moment = ENGRAM_END_OF_TRIAL;
  table.rule.local = 0;
  table.rule.factors = 0;
  table.rule.signal_count = 0;
  table.rule.modulators = modulators;
  table.rule.modulator_count = 1;
  for (auto &calls : table.rule.callbacks) {
    calls.pre_factors = calls.post_factors = nullptr;
    calls.global = global;
  }
  return &table.rule;
}
