#include "cli/number_option.hpp"

#include "data/printable.hpp"
#include "input/input_error.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

namespace engram::cli {

namespace {

[[noreturn]] void refuse_number(const std::string &option, const std::string &range, const std::string &text) {
  throw input::InputError(
      fmt::format("engram: {}: must be a {}, not {}", option, range, text.empty() ? "empty" : data::quoted(text)));
}

} // namespace

std::uint64_t whole_number(const std::string &option, const std::string &text, std::uint64_t low, std::uint64_t high) {
  std::uint64_t value = 0;
  const char *end = text.data() + text.size();
  const auto [to, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || to != end || value < low || value > high)
    refuse_number(option, fmt::format("whole number from {} to {}", low, high), text);
  return value;
}

double positive_number(const std::string &option, const std::string &text) {
  double value = 0;
  const char *end = text.data() + text.size();
  const auto [to, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || to != end || !std::isfinite(value) || value <= 0)
    refuse_number(option, "number above 0", text);
  return value;
}

} // namespace engram::cli
