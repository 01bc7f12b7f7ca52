// called() calls one callback of a rule. Any failure of the callback becomes a message, and no exception passes.
#pragma once

#include <engram/plugin.h>

#include <exception>
#include <string>

namespace engram::learning {

/// The rule whose callback this thread is in; null outside of callbacks. A rule may end the process by exit(). The
/// handlers of that end receive nothing and must name the rule, so this stands where they can reach it.
inline thread_local const engram_rule *in_callback = nullptr;

/// Where a callback describes an error.
class Message {
public:
  Message() : view_{text_, ENGRAM_MESSAGE_SIZE} {}
  Message(const Message &) = delete;
  Message &operator=(const Message &) = delete;

  engram_message *view() { return &view_; }
  void say(const std::string &text);
  /// The message: one line that can be shown. It ends even when the callback wrote no end.
  std::string text() const;

private:
  char text_[ENGRAM_MESSAGE_SIZE + 1] = ""; // the last byte stays 0
  engram_message view_;
};

/// Calls callback(words…, message). False when it failed: `message` says how. An exception that leaves it is a failure.
template <class Callback, class... Words>
bool called(const engram_rule &rule, Message &message, Callback callback, Words... words) {
  in_callback = &rule;
  engram_status status = ENGRAM_FAILED;
  try {
    status = callback(words..., message.view());
  } catch (const std::exception &error) {
    message.say(std::string("an exception leaves a callback: ") + error.what());
  } catch (...) {
    message.say("an exception leaves a callback");
  }
  in_callback = nullptr;
  return status == ENGRAM_OK;
}

/// The distance between the states that a global rule wants to be kept, at least 1. Errors: RuleFailure.
std::size_t kept_every(const engram_rule &rule, const double *parameters, std::size_t steps);

} // namespace engram::learning
