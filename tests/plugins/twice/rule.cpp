// A table with one thing wrong, for the plugin finder to refuse.
#include "../sound_table.hpp"

extern "C" ENGRAM_EXPORT const engram_rule *engram_rule_table(void) {
  static SoundTable table("twice");
  table.parameters[1].name = "gain";
  return &table.rule;
}
