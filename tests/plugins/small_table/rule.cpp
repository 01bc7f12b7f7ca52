// The plugin finder must refuse this table: its size is too small.
#include "../sound_table.hpp"

extern "C" ENGRAM_EXPORT const engram_rule *engram_rule_table(void) {
  static SoundTable table("small_table");
  table.rule.table_size = 16;
  return &table.rule;
}
