// An Array is read from a file, and keeps the number type of that file.
#pragma once

#include "error/error.hpp"

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

namespace engram::data {

/// Values in row-major order: the first axis (trials, rows) is the slowest.
struct Array {
  std::vector<std::size_t> shape;
  std::variant<std::vector<std::uint8_t>, std::vector<std::int64_t>, std::vector<float>, std::vector<double>> values;

  std::size_t size() const;           ///< number of values
  std::size_t rows() const;           ///< shape[0]; 0 for an empty shape
  std::size_t row_size() const;       ///< values in a row; 0 when there are no rows
  double at(std::size_t index) const; ///< value by its place in row-major order; std::out_of_range beyond the end
  /// Writes rows[0], rows[1], … one after another, each times `scale`: an N × B column-major matrix.
  /// For float and double. Errors: std::out_of_range for a row that is not there.
  template <class T> void gather(const std::vector<std::size_t> &rows, double scale, T *out) const;
  /// The same of `width` values of each row, from its value `first` on.
  template <class T>
  void gather(const std::vector<std::size_t> &rows, std::size_t first, std::size_t width, double scale, T *out) const;
};

/// A file cannot be read, or does not hold what it claims: one line that begins with the file's name.
class DataError : public Error {
public:
  explicit DataError(const std::string &what) : Error(ErrorKind::wrong_input, what) {}
};

} // namespace engram::data
