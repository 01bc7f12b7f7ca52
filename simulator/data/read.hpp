// There is one function for each format of array files, and read_array() chooses by the file's name. All errors are
// DataError.
#pragma once

#include "data/array.hpp"

#include <string>

namespace engram::data {

/// NumPy .npy (versions 1 to 3; little- and big-endian integers, floats, bool; C and Fortran order).
Array read_npy(const std::string &path);
/// One array of a NumPy .npz archive (stored or deflated). With an empty key: the only array in it.
Array read_npz(const std::string &path, const std::string &key);
/// Comma-, semicolon-, tab- or blank-separated numbers, plain or gzip; lines end with \n, \r\n or \r, and those that
/// begin with '#' are comments; a first line that is not numbers names the columns. `key` picks columns: "" all but a
/// first one without a name (table.hpp), "label" by name, "3" or "0:64" (half-open) by number from 0, and several of
/// these parted by commas. Columns that are not picked may hold anything. The shape is lines × columns, or lines alone
/// when `key` is one name or number. Values are double; "nan" and "inf" are numbers; an empty field, NA and the like
/// are missing values and become NaN. Errors name the line from 1 and the column as `key` would.
Array read_csv(const std::string &path, const std::string &key);
/// IDX (the format of MNIST), plain or gzip.
Array read_idx(const std::string &path);
/// One dataset of an HDF5 file, "group/data"; with an empty key the only one that holds numbers. A child process reads
/// it. bool and uint8 stay bytes, other integers become int64; a single value has shape {1}, an empty dataspace {0}.
Array read_hdf5(const std::string &path, const std::string &key);
/// By the name's ending (.npy, .npz, .mat (mat.hpp), .h5, .hdf5, .nwb, .csv, .csv.gz, .txt, .txt.gz, .tsv, *-ubyte,
/// *-ubyte.gz, .idx; .png, .jpg, .jpeg, .tif, .tiff, .zip (pictures/pictures.hpp)).
Array read_array(const std::string &path, const std::string &key);
/// Does the name end as that of a text with columns?
bool is_text_table(const std::string &path);

} // namespace engram::data
