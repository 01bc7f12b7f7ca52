#include "data/printable.hpp"

#include <algorithm>

namespace engram::data {

std::string printable(std::string_view text, std::size_t limit) {
  std::size_t cut = std::min(limit, text.size());
  // Not within a character of UTF-8: its later bytes begin with the bits 10.
  while (cut < text.size() && cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xc0u) == 0x80u) --cut;
  std::string out;
  for (const char c : text.substr(0, cut)) out += static_cast<unsigned char>(c) < 32 || c == 127 ? '?' : c;
  return cut < text.size() ? out + "…" : out;
}

std::string quoted(std::string_view text) {
  std::string out(1, '\'');
  out += printable(text);
  out += '\'';
  return out;
}

std::string printable_list(const std::vector<std::string> &words) {
  constexpr std::size_t most = 12;
  std::string out;
  for (std::size_t i = 0; i < std::min(words.size(), most); ++i) out += (i ? ", " : "") + printable(words[i]);
  return words.size() > most ? out + ", …" : out;
}

} // namespace engram::data
