// in_order() sorts the entries of one kind, so that no list depends on the order of files.
#pragma once

#include <algorithm>
#include <tuple>
#include <vector>

namespace engram::input {

/// By place, and those of one place by name. An `Entry` has `place` and `words.name`.
template <class Entry> std::vector<Entry> in_order(std::vector<Entry> entries) {
  std::sort(entries.begin(), entries.end(), [](const Entry &a, const Entry &b) {
    return std::tie(a.place, a.words.name) < std::tie(b.place, b.words.name);
  });
  return entries;
}

} // namespace engram::input
