// This rule lets an exception out of a callback.
#include "../plain_table.hpp"

#include <stdexcept>

static engram_status factor(const engram_moment_info *now, const engram_neurons *side, const void **factors, void *,
                            engram_message *) {
  if (now->trials > 0 && side->neurons > 0 && factors[0]) throw std::runtime_error("lost");
  return ENGRAM_OK;
}

extern "C" ENGRAM_EXPORT const engram_rule *engram_rule_table(void) { return plain_table("broken_throw", factor); }
