// These functions read MATLAB files of versions 5 to 7.2 ("-v6", "-v7") and 7.3 (HDF5).
//
// A key walks variables, struct arrays and cells the MATLAB way, with indices from 1: "RDM", "Models(3).RDM",
// "RDMs(1,2,1).name", "cells{2}". Axes of length 1 may be left out where that is not ambiguous: "RDMs(2,1)" of a 1×4×2
// array. A field over a whole struct array, or a whole cell array, gives all its elements in MATLAB's (column-major)
// order. An empty key stands for the only variable of a file.
//
// matio reads versions 5 to 7.2, and HDF5 version 7.3, in a child process: a damaged file cannot take the program down.
// Of a 7.3 file, also arrays that another program wrote without the attribute MATLAB_class are read: with the shape
// that HDF5 gives them, where MATLAB's own are stored with their axes reversed. Groups are structs, texts are char
// arrays.
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

/// The elements of a row or column of cells, or of a field over a struct array, each an array of its own shape; one for
/// a plain array. Errors as above.
std::vector<Array> read_mat_arrays(const std::string &path, const std::string &key);

/// Texts in UTF-8: of a char array (each row is one text; blanks at the end of several rows are padding), of a cell
/// array of texts, of a field over a struct array. Errors as above.
std::vector<std::string> read_mat_texts(const std::string &path, const std::string &key);

} // namespace engram::data
