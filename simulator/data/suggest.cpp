#include "data/suggest.hpp"

#include "data/printable.hpp"

#include <algorithm>
#include <cctype>
#include <cstddef>

namespace engram::data {

namespace {

constexpr std::size_t longest = 80; // bounds the work on hostile names

std::string lower(std::string_view text) {
  std::string out(text.substr(0, longest));
  for (char &c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

/// Levenshtein's.
std::size_t distance(const std::string &a, const std::string &b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0]++;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

} // namespace

std::string suggest(std::string_view wanted, const std::vector<std::string> &names) {
  if (names.empty()) return "there are none";
  const std::string low = lower(wanted);
  std::size_t best = std::max<std::size_t>(1, std::min<std::size_t>(4, (low.size() + 1) / 3)) + 1;
  const std::string *nearest = nullptr;
  for (const std::string &name : names)
    if (const std::size_t edits = distance(low, lower(name)); edits < best) {
      best = edits;
      nearest = &name;
    }
  // A path that was named by its last part.
  for (const std::string &name : names)
    if (nearest == nullptr && !wanted.empty() && name.ends_with("/" + std::string(wanted))) nearest = &name;
  if (nearest != nullptr) return "did you mean '" + printable(*nearest, longest) + "'?";
  return "there are: " + printable_list(names);
}

} // namespace engram::data
