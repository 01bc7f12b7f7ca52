// The plugin finder must refuse this table: its ABI version is wrong.
#include "../sound_table.hpp"

extern "C" ENGRAM_EXPORT const engram_rule *engram_rule_table(void) {
  static SoundTable table("wrong_abi");
  table.rule.abi_version = 77;
  return &table.rule;
}
