// An ArraySource says what the arrays of a file are that is no NWB: a table of trials, labels, spike times, positions.
#pragma once

#include "input/document.hpp"

#include <cstddef>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace engram::recordings {

/// A condition on trials: on the value of an array, or on its share of another.
struct Filter {
  std::string key, over;          ///< over: the array that it is divided by; empty: none
  std::vector<double> is;         ///< one of these; empty: any
  std::vector<std::string> words; ///< the same of an array of words, which is compared with nothing else
  double from = -std::numeric_limits<double>::infinity(), above = from;
  double to = std::numeric_limits<double>::infinity(), below = to;
};

/// Keys name arrays of the source's file: "coh" of a csv, "db.orivar" of a mat; "x(:,3)" is column 3 (from 1) of one.
struct ArraySource {
  std::vector<std::pair<std::string, std::string>> columns; ///< a table with a row for each trial: name and key
  std::vector<std::vector<Filter>> where; ///< trials that are looked at: all of these hold, each by one of its filters

  // Responses with an axis "trial".
  std::vector<std::string> labels; ///< keys: the values that name a trial's condition
  std::string missing_label;       ///< name of the condition of trials without a label; empty: they are left out
  std::string over;                ///< key: what each trial's response is divided by, as its duration
  std::vector<std::size_t> size; ///< rows and columns to which pictures, whose pixels are neurons, are averaged; empty
  std::map<std::string, std::size_t> at; ///< of an axis with a name of its own: the place that is looked at, from 1

  // Spike times of each trial.
  std::string trial_spikes; ///< key of cells; empty: none
  std::string align;        ///< key: the time of each trial's event
  double clock = 1;         ///< time stamps a second, also of frames

  // Frames that were taken on a clock, the first of whose ticks `zero` is the first time of the position.
  std::string ticks, zero; ///< keys; empty: none
  std::size_t every = 1;   ///< ticks a frame

  bool given() const { return !columns.empty() || !trial_spikes.empty() || !labels.empty(); }
};

/// The keys of a source in a comparison file that make an ArraySource, with their schemas.
input::Json array_source_schema();
ArraySource read_array_source(const input::Json &source, const std::string &pointer, input::Problems &problems);

} // namespace engram::recordings
