// A table in C++ without rule.hpp, with a name that other libraries can see.
#include "../sound_table.hpp"

inline const engram_rule *borrowed_table() {
  static SoundTable table("borrowed_b");
  return &table.rule;
}

extern "C" ENGRAM_EXPORT const engram_rule *engram_rule_table(void) { return borrowed_table(); }
