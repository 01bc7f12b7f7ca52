// Each kind of entry, whose words a model file may use, has one list. These functions sort it and find an entry in it.
#pragma once

#include "error/error.hpp"

#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

namespace engram::input {

/// By place, and those of one place by name: no list depends on the order of files. An `Entry` has `place` and
/// `words.name`.
template <class Entry> std::vector<Entry> in_order(std::vector<Entry> entries) {
  std::sort(entries.begin(), entries.end(), [](const Entry &a, const Entry &b) {
    return std::tie(a.place, a.words.name) < std::tie(b.place, b.words.name);
  });
  return entries;
}

/// The entry of a name; `kind` is for the message. Errors: Broken where there is none, which the checks of the model
/// exclude.
template <class Entry>
const Entry &entry_named(const std::string &name, const std::vector<Entry> &entries, const char *kind) {
  const auto found =
      std::find_if(entries.begin(), entries.end(), [&](const Entry &one) { return one.words.name == name; });
  if (found == entries.end()) throw Broken("no " + std::string(kind) + " is made for the type '" + name + "'");
  return *found;
}

} // namespace engram::input
