#include "data/printable.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdio>

namespace engram::data {

namespace {

struct Character {
  std::uint32_t code = 0;
  std::size_t bytes = 1;
  bool valid = false; ///< false: one byte that is no UTF-8
};

/// The character of UTF-8 (RFC 3629) that begins at `at`: no overlong form, no surrogate.
Character character_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t k) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[k])); };
  const std::uint32_t first = byte(at);
  if (first < 0x80) return {first, 1, true};
  const std::size_t bytes = first >= 0xf0 && first < 0xf5 ? 4 : first >= 0xe0 && first < 0xf0 ? 3 : 2;
  if (first < 0xc2 || first >= 0xf5 || bytes > text.size() - at) return {};
  std::uint32_t code = first & (bytes == 4 ? 0x07u : bytes == 3 ? 0x0fu : 0x1fu);
  for (std::size_t k = 1; k < bytes; ++k) {
    if ((byte(at + k) & 0xc0u) != 0x80u) return {};
    code = code << 6 | (byte(at + k) & 0x3fu);
  }
  const bool overlong = (bytes == 3 && code < 0x800) || (bytes == 4 && code < 0x10000);
  if (overlong || (code >= 0xd800 && code < 0xe000) || code > 0x10ffff) return {};
  return {code, bytes, true};
}

bool is_printable(const Character &c) {
  struct Range {
    std::uint32_t from, to;
  };
  constexpr Range hidden[] = {
      {0x00, 0x1f},       {0x7f, 0x9f},                                         // control characters
      {0x00ad, 0x00ad},                                                         // soft hyphen
      {0x061c, 0x061c},   {0x200e, 0x200f}, {0x202a, 0x202e}, {0x2066, 0x206f}, // direction
      {0x200b, 0x200b},   {0x2060, 0x2065}, {0xfeff, 0xfeff}, {0xfff9, 0xfffb}, // invisible
      {0x2028, 0x2029},                                                         // line and paragraph
      {0xfdd0, 0xfdef},   {0xfffe, 0xffff},                                     // noncharacters
      {0xe0000, 0xe0fff},                                                       // tags
  };
  return c.valid && std::none_of(std::begin(hidden), std::end(hidden),
                                 [&](const Range &r) { return c.code >= r.from && c.code <= r.to; });
}

std::string printed(std::string_view text, bool keep_lines) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const Character c = character_at(text, at);
    if (is_printable(c) || (keep_lines && text[at] == '\n'))
      out += text.substr(at, c.bytes);
    else
      out += '?';
    at += c.bytes;
  }
  return out;
}

} // namespace

std::string printable(std::string_view text, std::size_t limit) {
  std::size_t cut = std::min(limit, text.size());
  // Not within a character of UTF-8: its later bytes begin with the bits 10.
  while (cut < text.size() && cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xc0u) == 0x80u) --cut;
  const std::string out = printed(text.substr(0, cut), false);
  return cut < text.size() ? out + "…" : out;
}

std::string printable_lines(std::string_view text) { return printed(text, true); }

std::string printable_json(std::string_view json) {
  std::string out;
  out.reserve(json.size());
  for (std::size_t at = 0; at < json.size();) {
    const Character c = character_at(json, at);
    const auto escape = [&](std::uint32_t unit) {
      char text[8];
      std::snprintf(text, sizeof text, "\\u%04x", unit & 0xffffu);
      out += text;
    };
    // Below 0x20 there are only the blanks between values, for within texts they are escaped already.
    if (is_printable(c) || json[at] == '\n' || json[at] == '\t' || json[at] == '\r') {
      out += json.substr(at, c.bytes);
    } else if (c.code >= 0x10000) { // as two surrogates
      escape(0xd800 + ((c.code - 0x10000) >> 10));
      escape(0xdc00 + ((c.code - 0x10000) & 0x3ff));
    } else {
      escape(c.valid ? c.code : 0xfffd);
    }
    at += c.bytes;
  }
  return out;
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

std::string csv_cell(std::string_view text) {
  std::string cell = printable_line(text);
  double number = 0;
  const char *begin = cell.data(), *end = begin + cell.size();
  if (cell.starts_with('+')) ++begin; // which from_chars does not know
  const auto read = std::from_chars(begin, end, number);
  const bool is_number = read.ec != std::errc::invalid_argument && read.ptr == end;
  if (!cell.empty() && std::string_view("=+-@").find(cell.front()) != std::string_view::npos && !is_number)
    cell.insert(cell.begin(), '\'');
  if (cell.find_first_of(",\"") == std::string::npos) return cell;
  std::string out = "\"";
  for (const char c : cell) out += c == '"' ? "\"\"" : std::string(1, c);
  return out + "\"";
}

} // namespace engram::data
