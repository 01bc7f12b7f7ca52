// product() multiplies matrices, which takes nearly all of the simulator's time. The result is cut into tiles by its
// shape alone, and each tile is one single-threaded BLAS call. So the bits are the same at any number of threads.
#pragma once

#include "numeric/matrix.hpp"

namespace engram::numeric {

/// A matrix in memory: column-major, `stride` scalars from column to column.
template <class T> struct Block {
  const T *data = nullptr;
  std::size_t rows = 0, columns = 0, stride = 0;
  bool transposed = false; ///< stands for its transpose, which is columns × rows
  Block() = default;
  Block(const Matrix<T> &m, bool transpose = false)
      : data(m.memptr()), rows(m.n_rows), columns(m.n_cols), stride(m.n_rows), transposed(transpose) {}
  Block(const T *data_, std::size_t rows_, std::size_t columns_, bool transpose = false)
      : data(data_), rows(rows_), columns(columns_), stride(rows_), transposed(transpose) {}
  std::size_t outer_rows() const { return transposed ? columns : rows; }
  std::size_t outer_columns() const { return transposed ? rows : columns; }
};

/// c = alpha * a * b + beta * c. Shapes must fit: (M × K)(K × N) into M × N.
template <class T> void product(T alpha, const Block<T> &a, const Block<T> &b, T beta, Matrix<T> &c, int threads);

/// The BLAS library must not start threads of its own: called once by whoever owns the process's threads.
void use_one_blas_thread();

} // namespace engram::numeric
