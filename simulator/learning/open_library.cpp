#include "learning/open_library.hpp"

#include "learning/plugin_error.hpp"

#include <engram/dynamics.h>
#include <engram/environment.h>
#include <engram/objective.h>

#include <cfenv>
#include <cstring>
#include <dlfcn.h>
#include <optional>
#include <utility>

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

namespace {

// By the function that it exports; nothing for what engram does not know.
std::optional<model::PluginKind> exported_kind(const SharedObject &object) {
  using Kind = model::PluginKind;
  for (const auto &[symbol, kind] :
       {std::pair{ENGRAM_ENTRY_POINT, Kind::rule}, std::pair{ENGRAM_DYNAMICS_ENTRY_POINT, Kind::dynamics},
        std::pair{ENGRAM_OBJECTIVE_ENTRY_POINT, Kind::objective},
        std::pair{ENGRAM_ENVIRONMENT_ENTRY_POINT, Kind::environment}})
    if (object.find(symbol) != nullptr) return kind;
  return std::nullopt;
}

} // namespace

model::PluginKind kind_of(const SharedObject &object) {
  return exported_kind(object).value_or(model::PluginKind::rule);
}

const void *table_of_library(const SharedObject &object, const char *symbol, model::PluginKind kind, const char *macro,
                             const std::string &file) {
  const SameArithmetic same;
  void *const entry = object.find(symbol);
  if (entry == nullptr) {
    const auto other = exported_kind(object);
    throw PluginError(file + ": is not " + model::words_for(kind) + ": it " +
                      (other ? std::string("holds ") + model::words_for(*other)
                             : std::string("does not export ") + symbol + " (" + macro + " does)"));
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
