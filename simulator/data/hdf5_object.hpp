// These functions read objects of HDF5 files that other programs wrote: text in any of HDF5's forms, numbers of any
// type, links of any kind.
//
// Errors as in hdf5.hpp.
#pragma once

#include "data/hdf5.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace engram::data::hdf5 {

/// A group or dataset by its name below `parent`, through soft and external links; empty when the name is not there, or
/// leads nowhere.
Handle open_object(hid_t parent, const std::string &name);
bool is_group(hid_t object);
bool is_dataset(hid_t object);
/// The same for all names of one object.
std::pair<unsigned long, haddr_t> identity(hid_t object);
/// "→ /other/place" or "→ file.h5:/place" for a link that is not the object itself, else "".
std::string link_target(hid_t parent, const std::string &name);

/// Of an attribute or dataset: "float64", "bool", "text", "reference", "compound", …
std::string type_name(hid_t type);
std::string dataset_type(hid_t dataset);
bool holds_numbers(hid_t dataset); ///< integers, floats or bool
bool holds_texts(hid_t dataset);   ///< text, or references, which are read as the names of what they point to

/// Missing, or of another kind: `fallback`.
std::string attribute_text(hid_t object, const std::string &name, const std::string &fallback = "");
double attribute_number(hid_t object, const std::string &name, double fallback);
std::vector<std::string> attribute_texts(hid_t object, const std::string &name);

/// Is it a dataset without any values, of HDF5's null dataspace?
bool is_null(hid_t dataset);
/// Number of rows: the first axis, or 1 for a single value, or 0 for none.
std::size_t row_count(hid_t dataset);
/// Values in a row: the product of the other axes.
std::size_t row_width(hid_t dataset);
/// `count` rows from `first` on, in row-major order.
std::vector<double> read_rows(hid_t dataset, std::size_t first, std::size_t count);
/// The same, some rows at a time: `give(values, rows)`, not called where there are no values. As double, bool becomes 0
/// and 1. `room` holds the values meanwhile. For double, std::int64_t and std::uint64_t.
template <class T>
void read_row_blocks(hid_t dataset, std::size_t first, std::size_t count, std::vector<T> &room,
                     const std::function<void(const T *values, std::size_t rows)> &give);
/// Rows that make about a megabyte of 8-byte values: more than one, where they are not too wide, since turning a matrix
/// row by row is slow.
std::size_t block_rows(std::size_t width);
std::vector<std::string> read_text_rows(hid_t dataset, std::size_t first, std::size_t count);
/// The text of a dataset of one; `fallback` where there is none of that name, or it is no text.
std::string dataset_text(hid_t parent, const std::string &name, const std::string &fallback = "");

/// Opens all that can be reached from the file's root, walks the indices of chunks, and reads the beginning and end of
/// all values: throws where HDF5 fails. Links that lead nowhere and filters that are not installed are no damage. For a
/// child process (isolated.hpp).
void probe(const std::string &path);

} // namespace engram::data::hdf5
