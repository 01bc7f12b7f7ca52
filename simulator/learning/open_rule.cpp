#include "learning/open_rule.hpp"

#include "learning/plugin_error.hpp"
#include "learning/rule_table.hpp"

#include <cfenv>
#include <dlfcn.h>

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

// Static data of C++ that is visible, of a struct of one name in two libraries, is the first one's in both, whatever
// dlopen() is told (STB_GNU_UNIQUE): the second rule would do what the first does.
void check_own(const engram_rule &table, const void *entry, const std::string &file) {
  Dl_info own{};
  if (dladdr(entry, &own) == 0) return;
  const auto check = [&](const void *data) {
    Dl_info there{};
    if (data == nullptr || dladdr(data, &there) == 0 || there.dli_fbase == own.dli_fbase) return; // 0: on the heap
    throw PluginError(file + ": its table lies in " + there.dli_fname +
                      ", as both have static data of one name: compile it with -fvisibility=hidden, as "
                      "engram_add_rule does, or give its struct another name");
  };
  check(&table);
  check(table.parameters);
  check(table.signals);
  check(table.modulators);
  check(table.states);
  check(table.state_late);
  check(table.state_from_weight);
  for (std::size_t k = 0; k < table.parameter_count; ++k) check(table.parameters[k].choices);
}

} // namespace

OpenRule::OpenRule(const std::string &file) : object_(opened(file)) {
  const SameArithmetic same;
  void *const symbol = object_.find(ENGRAM_ENTRY_POINT);
  if (symbol == nullptr)
    throw PluginError(file + ": is no learning rule: it does not export " ENGRAM_ENTRY_POINT " (ENGRAM_RULE does)");
  try {
    table_ = reinterpret_cast<engram_entry_point>(symbol)();
  } catch (...) { // the plugin's code may throw anything
    throw PluginError(file + ": an exception left " ENGRAM_ENTRY_POINT);
  }
  check_table(table_, file);
  check_own(*table_, symbol, file);
}

} // namespace engram::learning
