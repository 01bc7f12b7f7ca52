// call_plugin() calls a function of a plugin in a run: of neurons, of a term of the objective, of an environment.
// Rules, whose failures are told with the projection, have learning/callback.hpp.
#pragma once

#include "error/in_plugin.hpp"
#include "numeric/flush_denormals.hpp"

#include <engram/plugin.h>

#include <cstdint>
#include <exception>
#include <string>

namespace engram {

/// To the end of the scope this thread is in the code of a plugin. Rounding, flush-to-zero and trapped exceptions are
/// afterwards what they were.
class InPlugin {
public:
  explicit InPlugin(const PluginCode &code) : before_(in_plugin), arithmetic_(numeric::control_register()) {
    in_plugin = code;
  }
  ~InPlugin() {
    in_plugin = before_; // a global rule asks for the gradient, for which other plugins are called
    if (((numeric::control_register() ^ arithmetic_) & ~numeric::exception_flags) != 0)
      numeric::set_control_register(arithmetic_);
  }
  InPlugin(const InPlugin &) = delete;
  InPlugin &operator=(const InPlugin &) = delete;

private:
  PluginCode before_;
  std::uint64_t arithmetic_;
};

/// callback(words…, message). Errors: PluginFailure.
template <class Callback, class... Words>
void call_plugin(const PluginCode &code, Callback callback, const Words &...words) {
  char text[ENGRAM_MESSAGE_SIZE + 1] = ""; // the last byte stays 0
  engram_message message{text, ENGRAM_MESSAGE_SIZE};
  std::string why;
  try {
    const InPlugin here(code);
    if (callback(words..., &message) == ENGRAM_OK) return;
    why = text;
  } catch (const std::exception &error) { // the plugin's code may throw anything
    why = std::string("an exception leaves a callback: ") + error.what();
  } catch (...) {
    why = "an exception leaves a callback";
  }
  for (char &c : why)
    if (static_cast<unsigned char>(c) < ' ') c = ' ';
  throw PluginFailure(code, why.empty() ? "fails, and says not why" : why);
}

} // namespace engram
