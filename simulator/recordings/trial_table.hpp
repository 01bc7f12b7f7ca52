// A TrialTable holds what was noted of each trial of an experiment: the stimulus, the choice, the reaction time.
#pragma once

#include <armadillo>
#include <string>
#include <vector>

namespace engram::recordings {

/// A column of numbers, or of words: then the values are their numbers in `words`. NaN is missing.
struct TrialColumn {
  std::string name;
  arma::vec values;
  std::vector<std::string> words; ///< in alphabetical order; empty: the values are numbers
};

struct TrialTable {
  std::vector<TrialColumn> columns; ///< of one length
  std::size_t rows() const { return columns.empty() ? 0 : columns.front().values.n_elem; }
  /// nullptr where there is none of this name.
  const TrialColumn *find(const std::string &name) const {
    for (const auto &column : columns)
      if (column.name == name) return &column;
    return nullptr;
  }
};

} // namespace engram::recordings
