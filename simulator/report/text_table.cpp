#include "report/text_table.hpp"

#include "data/printable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace engram::report {

namespace {

// Characters of UTF-8, not bytes.
std::size_t length(const std::string &text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

} // namespace

std::string TextTable::text() const {
  std::vector<std::size_t> widths;
  auto rows = rows_;
  for (auto &row : rows)
    for (auto &cell : row) cell = data::printable_line(cell);
  for (const auto &row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t k = 0; k < row.size(); ++k) widths[k] = std::max(widths[k], length(row[k]));
  }
  std::string out;
  for (const auto &row : rows) {
    std::string line;
    for (std::size_t k = 0; k < row.size(); ++k)
      line += row[k] + std::string(k + 1 == row.size() ? 0 : widths[k] - length(row[k]) + 2, ' ');
    out += line + "\n";
  }
  return out;
}

std::string shown(double value) {
  if (!std::isfinite(value)) return "-";
  const double size = std::abs(value);
  if (size == 0) return "0";
  return size < 1e-3 || size >= 1e5 ? fmt::format("{:.1e}", value) : fmt::format("{:.4g}", value);
}

std::string shown(double value, double low, double high) {
  if (!std::isfinite(low) || !std::isfinite(high)) return shown(value);
  return fmt::format("{} [{}, {}]", shown(value), shown(low), shown(high));
}

} // namespace engram::report
