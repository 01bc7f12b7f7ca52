// An entry is all that a comparison knows of one method: its words, what it takes, and the functions that compute it.
#pragma once

#include "recordings/comparison.hpp"

#include <string>
#include <vector>

namespace engram::recordings {

struct MethodWords {
  std::string name, help, reference;
  std::string interval{}; ///< how the interval of a value is found: "bootstrap over neurons"; empty: it has none
  std::vector<Parameter> parameters;
};

/// What a method takes of an area.
enum class Takes {
  responses, ///< by condition, or dissimilarities; the conditions of two sides are matched
  trials,    ///< spike trains; of two sides those of each trial, by conditions that are matched
  spikes,    ///< spike trains of the whole recording
  signals    ///< spike trains or time series of the whole recording
};

/// What compare() hands to the functions of a method.
struct Call {
  const Config &config;
  const Settings &settings;
  const Progress &progress;
  Comparison &found; ///< takes notes, and what is drawn
};

/// What is wrong with a setting beside the others.
struct Conflict {
  std::string parameter, what;
};

/// One method. methods/NAME.cpp defines `MethodEntry NAME_method()`, and CMake makes the list of these files. A method
/// that describes one side and compares two describes each of two sides where it is asked for by name. What a side
/// lacks is told by measures::NotApplicable.
struct MethodEntry {
  MethodWords words;
  int place = 1000; ///< lists show entries by place, and those of one place by name
  Takes takes = Takes::responses;
  bool by_name =
      false; ///< applied only where it is asked for: it needs settings, or says too little of most recordings
  /// Of one side. compare() fills in the names of the results, and the number of conditions of those that take
  /// responses, where it is 0.
  std::vector<Result> (*describe)(const Call &call, const Area &area) = nullptr;
  /// Of a region of the circuits and an area of the recordings.
  std::vector<Result> (*compare)(const Call &call, const Area &region, const Area &area) = nullptr;
  /// Of all regions and an area, by the subjects of each; adds results and contrasts to `found`. In place of `compare`.
  void (*compare_populations)(const Call &call, const std::vector<Population> &regions,
                              const Population &area) = nullptr;
  /// Of settings each of which fits its parameter. null: nothing can be wrong.
  std::vector<Conflict> (*check)(const Settings &settings) = nullptr;
};

/// Does it compare two sides?
inline bool compares(const MethodEntry &entry) { return entry.compare || entry.compare_populations; }

/// "describes one side, compares two; takes spike trains": what it applies to.
std::string applies_to(const MethodEntry &entry);

} // namespace engram::recordings
