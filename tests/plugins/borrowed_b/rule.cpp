// Its table may lie in the other's data.
#include "../borrowed_table.hpp"

extern "C" ENGRAM_EXPORT const engram_rule *engram_rule_table(void) { return borrowed_table("borrowed_b"); }
