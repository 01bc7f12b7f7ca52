// attempt() calls one callback of a rule, and Callbacks those of a rule in a run. Any failure of a callback becomes a
// message, and no exception passes.
#pragma once

#include "numeric/call_plugin.hpp"

#include <engram/plugin.h>

#include <exception>
#include <string>

namespace engram::learning {

/// Where a callback describes an error.
class Message {
public:
  Message() : view_{text_, ENGRAM_MESSAGE_SIZE} {}
  Message(const Message &) = delete;
  Message &operator=(const Message &) = delete;

  engram_message *view() { return &view_; }
  /// Says what the caller has found, in place of what the callback wrote.
  void say(const std::string &text);
  void clear();
  /// What it says: one line that can be shown, with an end also when the callback wrote none.
  std::string text() const;
  /// Did the callback write it?
  bool is_its_own() const { return !said_ && text_[0] != '\0'; }

private:
  char text_[ENGRAM_MESSAGE_SIZE + 1] = ""; // the last byte stays 0
  bool said_ = false;
  engram_message view_;
};

/// Calls callback(words…, message). False when it failed: `message` says how. An exception that leaves it, of
/// whatever kind, is a failure of the rule.
template <class Callback, class... Words> bool attempt(Message &message, Callback callback, Words... words) {
  message.clear();
  try {
    return callback(words..., message.view()) == ENGRAM_OK;
  } catch (const std::exception &error) {
    message.say(std::string("an exception leaves a callback: ") + error.what());
  } catch (...) {
    message.say("an exception leaves a callback");
  }
  return false;
}

/// Calls the callbacks of a rule in a run (Calls of learning/call.hpp).
class Callbacks {
public:
  explicit Callbacks(const engram_rule &rule) : rule_(rule) {}
  /// Calls callback(words…, message), as InPlugin says.
  template <class Callback, class... Words> bool operator()(Callback callback, Words... words) {
    const InPlugin here({"rule", rule_.name});
    return attempt(message_, callback, words...);
  }
  bool refuse(const char *why) {
    message_.say(why);
    return false;
  }
  /// Why the last call failed.
  std::string why() const { return message_.text(); }

private:
  const engram_rule &rule_;
  Message message_;
};

} // namespace engram::learning
