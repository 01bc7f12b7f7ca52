// These helpers plant recordings of which a part was observed, and describe them.
#pragma once

#include "catch.hpp"
#include "fixtures.hpp"
#include "recordings/comparison.hpp"
#include "recordings/planted_nwb.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

using namespace engram;
using recordings::testing::PlantedNwb;

namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();
using Spikes = std::vector<std::vector<double>>;
using Intervals = PlantedNwb::Intervals;

struct File {
  data::testing::TemporaryFolder folder;
  std::string path(const std::string &name = "file") const { return (folder.path / (name + ".nwb")).string(); }
};

struct Gathered {
  std::vector<recordings::Area> areas;
  std::vector<std::string> notes;
  bool says(const std::string &what) const {
    return std::any_of(notes.begin(), notes.end(),
                       [&](const auto &note) { return note.find(what) != std::string::npos; });
  }
};

inline Gathered gathered(const recordings::Source &source) {
  Gathered out;
  out.areas = recordings::gather(source, out.notes);
  for (const auto &note : out.notes) UNSCOPED_INFO(note);
  return out;
}

inline Gathered gathered(const std::string &file) {
  recordings::Source source;
  source.file = file;
  return gathered(source);
}

inline recordings::Comparison compared(const std::vector<recordings::Area> &circuits,
                                       const std::vector<recordings::Area> &areas,
                                       const std::vector<std::string> &methods) {
  recordings::Config config;
  config.bootstrap = 0;
  for (const auto &method : methods) config.methods.push_back(recordings::method_of(method));
  return recordings::compare(config, circuits, areas, {}, {});
}

inline bool has(const recordings::Comparison &found, const std::string &method) {
  return std::any_of(found.results.begin(), found.results.end(),
                     [&](const auto &result) { return result.method == method; });
}

// `count` spikes that divide [from, from + length) s evenly.
inline void add_spikes(std::vector<double> &train, double from, double length, int count) {
  for (int k = 0; k < count; ++k) train.push_back(from + length * (k + 0.5) / count);
}

// One second each, one after the other; condition k of `conditions` by turns.
inline Intervals seconds(std::size_t count) {
  Intervals out;
  for (std::size_t k = 0; k < count; ++k) out.emplace_back(static_cast<double>(k), static_cast<double>(k) + 1);
  return out;
}
inline std::vector<double> by_turns(std::size_t count, std::size_t conditions) {
  std::vector<double> out;
  for (std::size_t k = 0; k < count; ++k) out.push_back(static_cast<double>(k % conditions));
  return out;
}

} // namespace
