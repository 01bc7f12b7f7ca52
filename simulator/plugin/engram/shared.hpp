// What plugins of every kind share: parameters, and exceptions that become messages.
#ifndef ENGRAM_SHARED_HPP
#define ENGRAM_SHARED_HPP

#include <engram/plugin.h>

#include <cstring>
#include <exception>

namespace engram {

/// A number that the user may set, for all neurons or neuron by neuron. The range holds its ends.
constexpr engram_parameter parameter(const char *name, const char *unit, double initial, double minimum, double maximum,
                                     const char *help) {
  return {name, unit, initial, minimum, maximum, help, nullptr};
}

/// Runs f; turns an exception into a status and a message.
template <class F> engram_status guarded(engram_message *message, F &&f) noexcept {
  try {
    f();
    return ENGRAM_OK;
  } catch (const std::exception &error) {
    std::strncpy(message->text, error.what(), message->capacity - 1);
  } catch (...) {
    std::strncpy(message->text, "unknown exception", message->capacity - 1);
  }
  message->text[message->capacity - 1] = '\0';
  return ENGRAM_FAILED;
}

} // namespace engram

#endif
