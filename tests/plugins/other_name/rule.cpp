// The plugin finder must refuse this table: its name is not that of its file.
#include "../sound_table.hpp"

extern "C" ENGRAM_EXPORT const engram_rule *engram_rule_table(void) {
  static SoundTable table("other_name");
  table.rule.name = "somebody_else";
  return &table.rule;
}
