#include "learning/callback.hpp"

#include "data/printable.hpp"

#include <algorithm>
#include <cstring>
#include <string_view>

namespace engram::learning {

void Message::say(const std::string &text) {
  const std::size_t size = std::min<std::size_t>(text.size(), ENGRAM_MESSAGE_SIZE - 1);
  std::memcpy(text_, text.data(), size);
  text_[size] = '\0';
  said_ = true;
}

void Message::clear() {
  text_[0] = '\0';
  said_ = false;
  view_ = {text_, ENGRAM_MESSAGE_SIZE};
}

std::string Message::text() const {
  const std::string_view message(text_, strnlen(text_, ENGRAM_MESSAGE_SIZE));
  return message.empty() ? "fails, and says not why" : data::printable(message, message.size());
}

} // namespace engram::learning
