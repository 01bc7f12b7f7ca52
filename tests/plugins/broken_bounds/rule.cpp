// This rule writes one value more than its factor has. In double precision the guard stands right behind it.
#include "../plain_table.hpp"

static engram_status factor(const engram_moment_info *now, const engram_neurons *side, const void **factors, void *,
                            engram_message *) {
  double *out = static_cast<double *>(const_cast<void *>(factors[0]));
  for (size_t k = 0; k <= side->neurons * now->trials; ++k) out[k] = 1;
  return ENGRAM_OK;
}

extern "C" ENGRAM_EXPORT const engram_rule *engram_rule_table(void) { return plain_table("broken_bounds", factor); }
