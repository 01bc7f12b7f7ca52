// The plugin finder must refuse this table: one of its callbacks is missing in double precision.
#include "../sound_table.hpp"

extern "C" ENGRAM_EXPORT const engram_rule *engram_rule_table(void) {
  static SoundTable table("one_callback");
  table.rule.callbacks[ENGRAM_DOUBLE].post_factors = nullptr;
  return &table.rule;
}
