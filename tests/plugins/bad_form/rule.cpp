// The plugin finder must refuse this table: its form is none that exists.
#include "../sound_table.hpp"

extern "C" ENGRAM_EXPORT const engram_rule *engram_rule_table(void) {
  static SoundTable table("bad_form");
  table.rule.form = 9;
  return &table.rule;
}
