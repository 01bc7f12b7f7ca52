// A table with one thing wrong, for the plugin finder to refuse.
#include "../sound_table.hpp"

extern "C" ENGRAM_EXPORT const engram_rule *engram_rule_table(void) {
  static SoundTable table("late_rates");
  static const uint32_t late[] = {1};
  table.rule.state_late = late;
  return &table.rule;
}
