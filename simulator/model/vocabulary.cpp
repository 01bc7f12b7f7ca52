#include "model/vocabulary.hpp"

#include <algorithm>
#include <stdexcept>

namespace engram::model {

namespace {

template <class Entry> const Entry *find_name(const std::string &name, const std::vector<Entry> &entries) {
  const auto found = std::find_if(entries.begin(), entries.end(), [&](const Entry &one) { return one.name == name; });
  return found == entries.end() ? nullptr : &*found;
}

template <class Entry> std::string quoted(bool Entry::*fact, const std::vector<Entry> &entries) {
  std::string out;
  for (const auto &one : entries)
    if (one.*fact) out += (out.empty() ? "'" : " or '") + one.name + "'";
  return out;
}

} // namespace

const Named *entry_named(const std::string &name, const std::vector<Named> &entries) {
  return find_name(name, entries);
}

const Named *default_of(const std::vector<Named> &entries) {
  const auto found = std::find_if(entries.begin(), entries.end(), [](const Named &one) { return one.is_default; });
  return found == entries.end() ? nullptr : &*found;
}

bool is_none(const Typed &typed, const std::vector<Named> &entries) {
  const Named *entry = entry_named(typed.type, entries);
  return entry ? entry->is_none : typed.type.empty();
}

const Dynamics &dynamics_of(const Region &region, const Vocabulary &vocabulary) {
  return region.own ? region.own->words : *find_name(region.dynamics.type, vocabulary.dynamics);
}

std::string pointer_of(const Region &region, const std::string &parameter) {
  const std::string dynamics = region.pointer + "/dynamics";
  if (region.own)
    if (const auto at = region.own->pointers.find(parameter); at != region.own->pointers.end())
      return dynamics + at->second;
  return dynamics + "/" + parameter;
}

const Named &pattern_of(const Projection &projection, const Vocabulary &vocabulary) {
  if (const Named *found = entry_named(projection.connect.type, vocabulary.patterns)) return *found;
  throw std::logic_error("no pattern is known by the name '" + projection.connect.type + "'");
}

std::string those_that(bool Dynamics::*fact, const std::vector<Dynamics> &entries) { return quoted(fact, entries); }

std::string those_that(bool Named::*fact, const std::vector<Named> &entries) { return quoted(fact, entries); }

} // namespace engram::model
