// A table with one thing wrong, for the plugin finder to refuse.
#include "../sound_table.hpp"

extern "C" ENGRAM_EXPORT const engram_rule *engram_rule_table(void) {
  static SoundTable table("default_outside");
  table.parameters[0].initial = 3.0;
  return &table.rule;
}
