#include "learning/open_rule.hpp"

#include "learning/plugin_error.hpp"
#include "learning/rule_table.hpp"

#include <cfenv>

namespace engram::learning {

namespace {

// Undoes what a library does to rounding and flush-to-zero as it is opened: one that was linked with -ffast-math
// flushes, in GCC before 13.
class SameArithmetic {
public:
  SameArithmetic() { std::fegetenv(&before_); }
  ~SameArithmetic() { std::fesetenv(&before_); }
  SameArithmetic(const SameArithmetic &) = delete;
  SameArithmetic &operator=(const SameArithmetic &) = delete;

private:
  std::fenv_t before_{};
};

SharedObject opened(const std::string &file) {
  const SameArithmetic same;
  return SharedObject(file);
}

} // namespace

OpenRule::OpenRule(const std::string &file) : object_(opened(file)) {
  const SameArithmetic same;
  void *const symbol = object_.find(ENGRAM_ENTRY_POINT);
  if (symbol == nullptr)
    throw PluginError(file + ": is no learning rule: it does not export " ENGRAM_ENTRY_POINT " (ENGRAM_RULE does)");
  try {
    table_ = reinterpret_cast<engram_entry_point>(symbol)();
  } catch (...) {
    throw PluginError(file + ": an exception left " ENGRAM_ENTRY_POINT);
  }
  check_table(table_, file);
}

} // namespace engram::learning
