#include "learning/call_global.hpp"

#include "learning/callback.hpp"
#include "learning/rule_inputs.hpp"

#include <algorithm>

namespace engram::learning {

std::size_t kept_every(const engram_rule &rule, const double *parameters, std::size_t steps) {
  if (!rule.keep_every) return 1;
  std::size_t every = 1;
  const auto ask = [&](engram_message *) {
    every = rule.keep_every(parameters, steps);
    return ENGRAM_OK;
  };
  Callbacks calls(rule);
  if (!calls(ask)) throw RuleFailure("rule '" + std::string(rule.name) + "': " + calls.why());
  return std::max<std::size_t>(1, every);
}

} // namespace engram::learning
