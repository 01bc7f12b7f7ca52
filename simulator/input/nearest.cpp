#include "input/nearest.hpp"

#include <algorithm>

namespace engram::input {
namespace {

constexpr std::size_t longest = 80; // no name of ours is longer; bounds the work on hostile input

std::string lower(std::string_view text) {
  std::string out(text.substr(0, longest));
  for (char &c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

// Optimal string alignment distance: Levenshtein's, and a swap of neighbours counts as one edit.
std::size_t distance(const std::string &a, const std::string &b) {
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before.swap(last);
    last.swap(row);
  }
  return last[b.size()];
}

} // namespace

std::string nearest(std::string_view name, const std::vector<std::string> &candidates) {
  const std::string wanted = lower(name);
  const std::size_t slip = std::max<std::size_t>(1, std::min<std::size_t>(4, (wanted.size() + 1) / 3));
  std::size_t best = slip + 1;
  std::string found;
  for (const auto &candidate : candidates) {
    const std::size_t edits = distance(wanted, lower(candidate));
    if (edits < best) {
      best = edits;
      found = candidate;
    }
  }
  if (found.empty() && wanted.size() >= 3) // "gaussian" for "gauss", "rk4" for nothing
    for (const auto &candidate : candidates)
      if (lower(candidate).rfind(wanted, 0) == 0 || (candidate.size() >= 3 && wanted.rfind(lower(candidate), 0) == 0))
        return candidate;
  return found;
}

std::string unknown(std::string_view what, std::string_view name, const std::vector<std::string> &candidates) {
  std::string text = "unknown " + std::string(what) + " '" + std::string(name.substr(0, longest)) + "'";
  const std::string meant = nearest(name, candidates);
  if (!meant.empty()) return text + "; did you mean '" + meant + "'?";
  if (candidates.empty()) return text + "; there is none";
  text += "; known: ";
  for (std::size_t k = 0; k < candidates.size(); ++k) {
    if (k == 12) return text + ", …";
    text += (k ? ", " : "") + candidates[k];
  }
  return text;
}

} // namespace engram::input
