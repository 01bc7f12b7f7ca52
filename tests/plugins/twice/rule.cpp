// The plugin finder must refuse this table: two parameters have one name.
#include "../sound_table.hpp"

extern "C" ENGRAM_EXPORT const engram_rule *engram_rule_table(void) {
  static SoundTable table("twice");
  table.parameters[1].name = "gain";
  return &table.rule;
}
