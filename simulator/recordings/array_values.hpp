// These functions read the arrays that an ArraySource names.
#pragma once

#include "data/array.hpp"
#include "recordings/config.hpp"
#include "recordings/trial_table.hpp"

#include <armadillo>
#include <functional>
#include <string>
#include <vector>

namespace engram::recordings {

/// All values of an array, in the order of its file; NaN is missing. "x(:,3)" is its column 3, from 1. Errors:
/// data::DataError.
arma::vec values_of(const std::string &file, const std::string &key);

/// The same of each cell or struct of a mat file: one list for an array.
std::vector<arma::vec> lists_of(const std::string &file, const std::string &key);

/// Numbers, or words where the array holds words.
TrialColumn trial_column(const std::string &file, const std::string &name, const std::string &key);
/// A column of words.
TrialColumn word_column(const std::string &name, const std::vector<std::string> &words);

/// Which of `count` trials the source looks at.
/// Errors: data::DataError, also where an array has another number of values.
std::vector<bool> trials_looked_at(const Source &source, std::size_t count);
/// The same of columns that are read by the key of a filter; `words` where the filter is of words.
using ColumnByKey = std::function<TrialColumn(const std::string &key, bool words)>;
std::vector<bool> trials_looked_at(const Source &source, std::size_t count, const ColumnByKey &column_by_key);

/// Throws data::DataError unless the array has so many values.
void require_count(const Source &source, const std::string &key, std::size_t values, std::size_t count);

/// Pictures as grey values, K × rows × columns; a note says so of colours. Errors: data::DataError.
data::Array grey_of(const std::string &file, data::Array pictures, std::vector<std::string> &notes);

} // namespace engram::recordings
