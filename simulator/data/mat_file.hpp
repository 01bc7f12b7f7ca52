// These functions give MATLAB variables as matio holds them. Use them only in a child process (isolated.hpp).
#pragma once

#include "data/array.hpp"
#include "data/hdf5.hpp"
#include "data/mat_key.hpp"

#include <cstddef>
#include <matio.h>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace engram::data {

using MatVariable = std::unique_ptr<matvar_t, void (*)(matvar_t *)>;

/// What the first bytes of a file say that it is.
enum class MatKind {
  version5,  ///< to 7.2: matio reads it
  version73, ///< HDF5 behind MATLAB's header
  plain_hdf5 ///< HDF5 without that header, as h5py writes it
};
/// Errors: DataError that begins with the path: it is none of these, or version 5 and cut short.
MatKind mat_kind(const std::string &path);

/// An open file. Errors of all: DataError that begins with the path, or hdf5::Failure.
class MatFile {
public:
  explicit MatFile(const std::string &path);
  std::vector<std::string> names() const;
  /// "" picks the only one.
  MatVariable read(const std::string &name) const;
  MatKind kind() const { return kind_; }
  std::string header() const;
  const std::string &path() const { return path_; }

private:
  MatVariable read_version5(const std::string &name) const;
  MatVariable read_version73(const std::string &name) const;
  std::string path_;
  MatKind kind_;
  std::unique_ptr<mat_t, int (*)(mat_t *)> file_; ///< of version 5
  hdf5::Handle hdf5_;                             ///< of the others
};

/// An object of an HDF5 file as MATLAB 7.3 means it: numbers, text, a cell array, a struct. Without the attribute
/// MATLAB_class it is what HDF5 says, with the axes in HDF5's order. Errors: DataError that begins with `where`,
/// hdf5::Failure.
MatVariable read_hdf5_variable(hid_t object, const std::string &name, const std::string &where);

/// An array, or one element of it.
struct MatItem {
  const matvar_t *variable = nullptr; ///< null: an element that was never set, an empty array
  std::optional<std::size_t> element; ///< from 0, column-major
};

std::vector<std::size_t> shape_of(const matvar_t *variable); ///< 0×0 for null
std::size_t count_of(const matvar_t *variable);
bool is_number(const matvar_t *variable);                          ///< also an empty array
std::string class_name(const matvar_t *variable);                  ///< as MATLAB's class(): "double", "struct", …
std::vector<std::string> field_names(const matvar_t *variable);    ///< of a struct
const matvar_t *content(const matvar_t *variable, std::size_t at); ///< of a cell
const matvar_t *field(const matvar_t *variable, const std::string &name, std::size_t at); ///< of a struct

/// The items that a key names, beginning with its variable. Errors: DataError that begins with `path`.
std::vector<MatItem> find_items(const matvar_t *variable, const MatKey &key, const std::string &path);

/// All items as one array. `where` begins messages.
Array to_array(const std::vector<MatItem> &items, const std::string &where);
/// Each item as an array of its own; of a cell array, each element, which is to be a row or a column of cells.
std::vector<Array> to_arrays(const std::vector<MatItem> &items, const std::string &where);
/// All texts of an item, cells unfolded. `where` begins messages.
void add_texts(const MatItem &item, const std::string &where, std::vector<std::string> &texts);

} // namespace engram::data
