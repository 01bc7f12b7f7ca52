// The plugin finder must refuse this table: a default lies outside its range.
#include "../sound_table.hpp"

extern "C" ENGRAM_EXPORT const engram_rule *engram_rule_table(void) {
  static SoundTable table("default_outside");
  table.parameters[0].initial = 3.0;
  return &table.rule;
}
