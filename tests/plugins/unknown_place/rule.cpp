// A table with one thing wrong, for the plugin finder to refuse.
#include "../sound_table.hpp"

extern "C" ENGRAM_EXPORT const engram_rule *engram_rule_table(void) {
  static SoundTable table("unknown_place");
  table.signals[1].place = 5;
  return &table.rule;
}
