// call_plugin() calls a function of a plugin, a term of the objective or an environment, in a run.
#pragma once

#include "error/error.hpp"
#include "error/in_plugin.hpp"
#include "numeric/flush_denormals.hpp"

#include <engram/plugin.h>

#include <cstring>
#include <string>

namespace engram::task {

/// A function of a plugin failed, or gave what cannot be used: exit code 1.
class PluginFailure : public Failed {
public:
  PluginFailure(const PluginCode &code, const std::string &why)
      : Failed(std::string(code.kind) + " '" + code.name + "': " + why) {}
};

/// callback(words…, message). Rounding and flush-to-zero are afterwards what they were. Errors: PluginFailure.
template <class Callback, class... Words>
void call_plugin(const PluginCode &code, Callback callback, const Words &...words) {
  char text[ENGRAM_MESSAGE_SIZE + 1] = "";
  engram_message message{text, ENGRAM_MESSAGE_SIZE};
  const auto arithmetic = numeric::control_register();
  in_plugin = code;
  engram_status status = ENGRAM_FAILED;
  try {
    status = callback(words..., &message);
  } catch (...) { // the plugin's code may throw anything
    std::strncpy(text, "an exception leaves a callback", ENGRAM_MESSAGE_SIZE);
  }
  in_plugin = {};
  if (((numeric::control_register() ^ arithmetic) & ~numeric::exception_flags) != 0)
    numeric::set_control_register(arithmetic);
  if (status == ENGRAM_OK) return;
  std::string why(text, strnlen(text, ENGRAM_MESSAGE_SIZE));
  for (char &c : why)
    if (static_cast<unsigned char>(c) < ' ') c = ' ';
  throw PluginFailure(code, why.empty() ? "fails, and says not why" : why);
}

} // namespace engram::task
