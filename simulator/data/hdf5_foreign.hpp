// A ForeignFile is the only way in which engram reads an HDF5 file: others wrote it, or it was damaged since.
//
// HDF5 crashes on some damaged files, whatever was looked at before. So it never opens one in this process. A child
// does, for as long as the ForeignFile lives, and answers what is asked here. Paths are those within the file,
// "/units/id".
#pragma once

#include "data/array.hpp"
#include "data/child_stream.hpp"
#include "data/hdf5.hpp"

#include <armadillo>
#include <cstddef>
#include <functional>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

namespace engram::data::hdf5 {

/// What is at a path.
struct About {
  enum class Kind { nothing, group, dataset, other };
  Kind kind = Kind::nothing;
  std::string type;               ///< of a dataset: "float64", "bool", "text", …
  std::vector<std::size_t> shape; ///< of a dataset; none for a single value
  bool numbers = false;           ///< integers, floats or bool
  bool texts = false;             ///< text, or references, which are read as the names of what they point to
  bool is_group() const { return kind == Kind::group; }
  bool is_dataset() const { return kind == Kind::dataset; }
  std::size_t rows() const { return shape.empty() ? 1 : shape[0]; } ///< the first axis, or 1 for a single value
};
inline auto members(About &about) { return std::tie(about.kind, about.type, about.shape, about.numbers, about.texts); }

/// Answers, in the child or here.
class ForeignSource;

/// Use from one thread, and from no thread that lives longer than the one that made it.
/// Errors of all: DataError, one line that begins with the file's name, also where the child crashed, ran out of time
/// or memory: then whatever is asked later ends with the same error. Opening also std::system_error, where no process
/// could be started.
class ForeignFile {
public:
  /// The child walks all of the file and reads the beginning and end of all values, so that a damaged file is refused
  /// early. Errors also: it is no regular file, or takes values from where it should not (hdf5_outside.hpp).
  /// `look` runs in the child on the open file, and puts what `receive` takes here.
  explicit ForeignFile(const std::string &path, const std::function<void(hid_t file, ChildStream &to)> &look = {},
                       const std::function<void(ChildStream &from)> &receive = {});
  /// Opens the file in this process, which is a child (isolated.hpp). `look` runs here.
  static ForeignFile here(const std::string &path, const std::function<void(hid_t file)> &look);
  ~ForeignFile();
  ForeignFile(ForeignFile &&) noexcept;
  ForeignFile &operator=(ForeignFile &&) noexcept;

  /// Ends the child until the next question. It holds this process's memory as it was when it began, also what was
  /// freed or changed since: call this before large changes. Errors, of the next question: the file was changed
  /// meanwhile.
  void pause() const;

  const std::string &path() const { return path_; }
  /// Files of its folder that it takes values from.
  const std::vector<std::string> &outside() const { return outside_; }

  About about(const std::string &object) const;
  std::vector<std::string> children(const std::string &group) const; ///< names, in their order
  /// None where the attribute is missing or holds no text.
  std::vector<std::string> attribute(const std::string &object, const std::string &name) const;
  /// `fallback` where the attribute is missing or is no single number.
  double attribute_number(const std::string &object, const std::string &name, double fallback) const;
  /// `count` rows from `first` on.
  std::vector<std::string> texts(const std::string &dataset, std::size_t first, std::size_t count) const;

  /// `count` rows from `first` on, in row-major order; bool is 0 and 1. For double, std::int64_t and std::uint64_t.
  template <class T> std::vector<T> numbers(const std::string &dataset, std::size_t first, std::size_t count) const;
  template <class T> std::vector<T> numbers(const std::string &dataset) const; ///< all of it
  /// Rows × values of a row.
  arma::mat matrix(const std::string &dataset, std::size_t first, std::size_t count) const;
  /// Values of a row × rows.
  arma::mat transposed_matrix(const std::string &dataset, std::size_t first, std::size_t count) const;

private:
  ForeignFile() = default;
  template <class F> auto ask(F question) const;

  std::string path_;
  std::vector<std::string> outside_;
  std::unique_ptr<ForeignSource> source_;
};

/// Runs `read`. What HDF5 refuses, and what does not fit into memory, becomes a DataError that begins with `file`.
template <class F> auto as_data_error(const std::string &file, F read) {
  try {
    return read();
  } catch (const std::bad_alloc &) {
    throw DataError(file + ": does not fit into memory");
  } catch (const std::length_error &) { // of a vector that no memory can hold
    throw DataError(file + ": does not fit into memory");
  } catch (const Failure &error) {
    const std::string what = error.what();
    throw DataError(what.starts_with(file) ? what : file + ": " + what);
  }
}

} // namespace engram::data::hdf5
