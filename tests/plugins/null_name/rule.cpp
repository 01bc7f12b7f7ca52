// The plugin finder must refuse this table: its name is null.
#include "../sound_table.hpp"

extern "C" ENGRAM_EXPORT const engram_rule *engram_rule_table(void) {
  static SoundTable table("null_name");
  table.rule.name = nullptr;
  return &table.rule;
}
