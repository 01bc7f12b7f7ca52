// labels_of() reads class labels from an array or from words.
#pragma once

#include "data/array.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace engram::task {

/// One class for each trial.
struct Labels {
  std::vector<std::int64_t> classes; ///< K
  std::vector<std::string> names;    ///< of the classes 0, 1, …, where labels are words, in alphabetic order
  std::vector<std::string> notes;    ///< what was assumed
};

/// `array`: K or K × 1 whole numbers, or K × M one-hot rows (a 1 among zeros), which give the column of the 1. A 1 × K
/// row, as MATLAB writes vectors, is taken for K labels. `name` begins the notes; `columns` are the names of the
/// columns, where there are any. Errors: data::DataError, without a name, for fractions, NaN, numbers that a floating
/// point value does not hold exactly, and other shapes.
Labels labels_of(const data::Array &array, const std::string &name, const std::vector<std::string> &columns = {});

/// Words: equal words are one class; classes are numbered by the alphabetic (bytewise) order of their words.
Labels labels_of(const std::vector<std::string> &words, const std::string &name);

} // namespace engram::task
