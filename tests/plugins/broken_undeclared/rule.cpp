// This rule takes a signal that it did not declare, which may lie behind those that it did.
#include "../plain_table.hpp"

static engram_status factor(const engram_moment_info *now, const engram_neurons *side, const void **factors, void *,
                            engram_message *) {
  factors[0] = side->signals[0];
  if (now->trials > 0 && side->signals[1] == side->signals[0]) return ENGRAM_FAILED;
  return ENGRAM_OK;
}

extern "C" ENGRAM_EXPORT const engram_rule *engram_rule_table(void) { return plain_table("broken_undeclared", factor); }
