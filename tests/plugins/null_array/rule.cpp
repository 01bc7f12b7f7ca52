// The plugin finder must refuse this table: its array of parameters is null.
#include "../sound_table.hpp"

extern "C" ENGRAM_EXPORT const engram_rule *engram_rule_table(void) {
  static SoundTable table("null_array");
  table.rule.parameters = nullptr;
  return &table.rule;
}
