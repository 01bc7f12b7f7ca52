// A LabelledTrials says of which condition each trial is, by the values of labels.
#pragma once

#include "recordings/array_values.hpp"
#include "recordings/config.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace engram::recordings {

/// Where the response of a trial goes.
struct LabelledTrial {
  std::size_t condition = 0, repeat = 0;
};

/// The trials of one or several units, each of which may have trials of its own.
struct LabelledTrials {
  std::vector<std::string> conditions; ///< values of labels, ascending; of several labels joined by ", "
  std::size_t repeats = 0;             ///< of the condition that has most
  std::vector<std::vector<std::optional<LabelledTrial>>> units; ///< by unit and trial; nothing: not looked at
};

/// `counts`: the number of trials of each unit. Notes say how many trials have no label. Errors: data::DataError where
/// labels are not one for each trial, or none is looked at.
LabelledTrials labelled_trials(const Source &source, const std::vector<std::size_t> &counts,
                               std::vector<std::string> &notes);

} // namespace engram::recordings
