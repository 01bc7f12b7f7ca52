// The plugin finder must refuse this table: it declares late states, which only spiking rules may have.
#include "../sound_table.hpp"

extern "C" ENGRAM_EXPORT const engram_rule *engram_rule_table(void) {
  static SoundTable table("late_rates");
  static const uint32_t late[] = {1};
  table.rule.state_late = late;
  return &table.rule;
}
