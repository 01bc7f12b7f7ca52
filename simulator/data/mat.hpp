// These functions read MATLAB files of versions 5 to 7.2 ("-v6", "-v7") and 7.3 (HDF5).
//
// A key walks variables, struct arrays and cells the MATLAB way, with indices from 1: "RDM", "Models(3).RDM",
// "RDMs(1,2,1).name", "cells{2}". Axes of length 1 may be left out where that is not ambiguous: "RDMs(2,1)" of a 1×4×2
// array. A field over a whole struct array, or a whole cell array, gives all its elements in MATLAB's (column-major)
// order. An empty key stands for the only variable of a file.
//
// matio reads the files, in a child process: a damaged file cannot take the program down.
#pragma once

#include "data/array.hpp"

#include <string>
#include <vector>

namespace engram::data {

/// Numbers and logicals in row-major order, with MATLAB's shape (a row vector is 1 × N). Elements of equal shape are
/// stacked on a new first axis ("Models.RDM": 8 × 92 × 92); stacked scalars are a vector; of different classes,
/// doubles. uint8 and logical stay bytes, other integers become int64. Errors: DataError that begins with `path`: no
/// such name (with what there is), text, a struct, elements of different shapes, complex or sparse values, a damaged
/// file.
Array read_mat(const std::string &path, const std::string &key);

/// Texts in UTF-8: of a char array (each row is one text; blanks at the end of several rows are padding), of a cell
/// array of texts, of a field over a struct array. Errors as above.
std::vector<std::string> read_mat_texts(const std::string &path, const std::string &key);

} // namespace engram::data
