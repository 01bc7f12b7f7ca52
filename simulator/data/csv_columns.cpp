#include "data/csv_columns.hpp"

#include "data/array.hpp"
#include "data/printable.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>
#include <optional>

namespace engram::data {

namespace {

constexpr std::string_view blanks = " \t";

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

struct Range {
  std::size_t begin, end;
};

bool read_number(std::string_view text, std::size_t &number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

/// "3" or "0:64".
std::optional<Range> parse_range(std::string_view part) {
  Range range{};
  const std::size_t colon = part.find(':');
  if (!read_number(part.substr(0, colon), range.begin)) return std::nullopt;
  if (colon == std::string_view::npos) {
    range.end = range.begin + 1;
    return range.end == 0 ? std::nullopt : std::optional(range);
  }
  if (!read_number(part.substr(colon + 1), range.end)) return std::nullopt;
  return range;
}

std::vector<std::string_view> parts_of(std::string_view key) {
  std::vector<std::string_view> parts;
  for (std::size_t begin = 0; begin <= key.size();) {
    const std::size_t end = std::min(key.find(',', begin), key.size());
    parts.push_back(trimmed(key.substr(begin, end - begin)));
    begin = end + 1;
  }
  return parts;
}

} // namespace

Fields::Fields(std::string_view line, char separator) : rest_(line), separator_(separator) {
  if (separator_ == ' ') {
    rest_ = trimmed(rest_);
    more_ = !rest_.empty();
  }
}

bool Fields::next(std::string_view &field) {
  if (!more_) return false;
  std::size_t from = 0;
  const std::size_t begin = rest_.find_first_not_of(separator_ == '\t' ? std::string_view(" ") : blanks);
  if (begin != std::string_view::npos && rest_[begin] == '"') {
    from = begin + 1;
    do { // a doubled quote stands for a quote within
      from = rest_.find('"', from);
      if (from == std::string_view::npos) {
        quote_open_ = true;
        from = rest_.size();
        break;
      }
      ++from;
    } while (from < rest_.size() && rest_[from] == '"' && ++from != 0);
  }
  const std::size_t end = separator_ == ' ' ? rest_.find_first_of(blanks, from) : rest_.find(separator_, from);
  field = trimmed(rest_.substr(0, end));
  if (field.size() >= 2 && field.front() == '"' && field.back() == '"') field = field.substr(1, field.size() - 2);
  if (end == std::string_view::npos) {
    more_ = false;
    return true;
  }
  rest_.remove_prefix(end + 1);
  if (separator_ == ' ') rest_ = trimmed(rest_);
  return true;
}

char find_separator(std::string_view line) {
  bool quoted = false, tab = false, comma = false;
  for (const char c : line) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == ';') return ';';
    tab = tab || c == '\t';
    comma = comma || c == ',';
  }
  return tab ? '\t' : comma ? ',' : ' ';
}

bool parse_number(std::string_view field, double &value) {
  const char *begin = field.data(), *const end = begin + field.size();
  if (begin != end && *begin == '+' && begin + 1 != end && begin[1] != '-') ++begin;
  const auto [stop, error] = std::from_chars(begin, end, value);
  if (stop != end || begin == end) return false;
  if (error == std::errc()) return true;
  if (error != std::errc::result_out_of_range) return false;
  // Too small is 0, as everywhere; too large is no number that a double can hold.
  long double wide = 0;
  if (std::from_chars(begin, end, wide).ec != std::errc() || std::fabs(wide) > 1) return false;
  value = static_cast<double>(wide);
  return true;
}

bool picks_by_number(const std::string &key) {
  const auto parts = parts_of(key);
  return std::all_of(parts.begin(), parts.end(), [](std::string_view part) { return parse_range(part).has_value(); });
}

Columns pick_columns(const std::string &key, const std::vector<std::string> &names, std::size_t width,
                     const std::string &file) {
  Columns columns;
  if (key.empty()) {
    columns.picked.resize(width);
    std::iota(columns.picked.begin(), columns.picked.end(), std::size_t{0});
    return columns;
  }
  const auto parts = parts_of(key);
  for (const std::string_view part : parts) {
    const std::string shown = quoted(part);
    if (const auto name = std::find(names.begin(), names.end(), part); name != names.end()) {
      columns.picked.push_back(static_cast<std::size_t>(name - names.begin()));
    } else if (const auto range = parse_range(part)) {
      if (range->begin >= range->end || range->end > width)
        throw DataError(file + ": no columns " + shown + ", the file has " + std::to_string(width) +
                        " (numbered from 0)");
      for (std::size_t c = range->begin; c < range->end; ++c) columns.picked.push_back(c);
    } else if (names.empty()) {
      throw DataError(file + ": no column " + shown + ", the file does not name its columns");
    } else {
      throw DataError(file + ": no column " + shown + ", there are: " + printable_list(names));
    }
    // A key of many long ranges could otherwise ask for far more than the file holds.
    if (columns.picked.size() > 16 * width + 1024) throw DataError(file + ": the key picks columns many times over");
  }
  columns.one = parts.size() == 1 && columns.picked.size() == 1 && key.find(':') == std::string::npos;
  return columns;
}

} // namespace engram::data
