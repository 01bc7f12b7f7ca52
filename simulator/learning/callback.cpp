#include "learning/callback.hpp"

#include "data/printable.hpp"
#include "learning/sensed.hpp"

#include <algorithm>
#include <cstring>

namespace engram::learning {

void Message::say(const std::string &text) {
  const std::size_t size = std::min<std::size_t>(text.size(), ENGRAM_MESSAGE_SIZE - 1);
  std::memcpy(text_, text.data(), size);
  text_[size] = '\0';
}

std::string Message::text() const {
  const std::string_view said(text_, strnlen(text_, ENGRAM_MESSAGE_SIZE));
  return said.empty() ? "fails, and says not why" : data::printable(said, said.size());
}

std::size_t kept_every(const engram_rule &rule, const double *parameters, std::size_t steps) {
  if (!rule.keep_every) return 1;
  Message message;
  std::size_t every = 1;
  const auto ask = [&](engram_message *) {
    every = rule.keep_every(parameters, steps);
    return ENGRAM_OK;
  };
  if (!called(rule, message, ask)) throw RuleFailure("rule '" + std::string(rule.name) + "': " + message.text());
  return std::max<std::size_t>(1, every);
}

} // namespace engram::learning
