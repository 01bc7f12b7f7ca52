#include "learning/open_library.hpp"

#include "learning/plugin_error.hpp"

#include <engram/dynamics.h>

#include <cfenv>
#include <cstring>
#include <dlfcn.h>

namespace engram::learning {

SameArithmetic::SameArithmetic() : before_(sizeof(std::fenv_t)) {
  std::fenv_t now{};
  std::fegetenv(&now);
  std::memcpy(before_.data(), &now, sizeof now);
}

SameArithmetic::~SameArithmetic() {
  std::fenv_t before{};
  std::memcpy(&before, before_.data(), sizeof before);
  std::fesetenv(&before);
}

SharedObject open_library(const std::string &file) {
  const SameArithmetic same;
  return SharedObject(file);
}

bool holds_dynamics(const SharedObject &object) { return object.find(ENGRAM_DYNAMICS_ENTRY_POINT) != nullptr; }

namespace {

// By the function that it exports; "" for nothing that engram knows.
std::string kind_of(const SharedObject &object) {
  if (object.find(ENGRAM_ENTRY_POINT) != nullptr) return "a learning rule";
  return holds_dynamics(object) ? "the dynamics of neurons" : "";
}

} // namespace

const void *table_of_library(const SharedObject &object, const char *symbol, const char *kind, const char *macro,
                             const std::string &file) {
  const SameArithmetic same;
  void *const entry = object.find(symbol);
  if (entry == nullptr) {
    const auto other = kind_of(object);
    throw PluginError(
        file + ": is not " + kind + ": it " +
        (other.empty() ? std::string("does not export ") + symbol + " (" + macro + " does)" : "holds " + other));
  }
  try {
    return reinterpret_cast<const void *(*)()>(entry)();
  } catch (...) { // the plugin's code may throw anything
    throw PluginError(file + ": an exception left " + symbol);
  }
}

void check_own(const SharedObject &object, const char *symbol, const std::vector<const void *> &data,
               const std::string &file) {
  Dl_info own{};
  if (dladdr(object.find(symbol), &own) == 0) return;
  for (const void *one : data) {
    Dl_info there{};
    if (one == nullptr || dladdr(one, &there) == 0 || there.dli_fbase == own.dli_fbase) continue; // 0: on the heap
    throw PluginError(file + ": its table lies in " + there.dli_fname +
                      ", as both have static data of one name: compile it with -fvisibility=hidden, as "
                      "engram_add_plugin does, or give its struct another name");
  }
}

} // namespace engram::learning
