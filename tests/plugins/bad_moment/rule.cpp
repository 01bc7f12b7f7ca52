// The plugin finder must refuse this table: its moment is none that exists.
#include "../sound_table.hpp"

extern "C" ENGRAM_EXPORT const engram_rule *engram_rule_table(void) {
  static SoundTable table("bad_moment");
  table.rule.moment = 0;
  return &table.rule;
}
