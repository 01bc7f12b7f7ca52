// gram() multiplies a representation with itself. RDMs and CKA spend most of their time here.
#pragma once

#include <armadillo>

namespace engram::measures {

/// The mean that is subtracted before the product.
enum class Centring {
  none,
  rows,   ///< from each row its mean over the columns; a constant row becomes exactly 0
  columns ///< from all rows the mean row, of the rows that are not NaN
};

/// A Aᵀ of the centred X, symmetric to the bit. NaN stay in the row and column of their row of X. Cut into tiles and
/// stretches by the shape of X alone, each of them one BLAS call: the same bits at any number of threads (with a BLAS
/// that starts none of its own).
arma::mat gram(const arma::mat &X, Centring centring, int threads = 1);

/// X less its mean row, of the rows that are not NaN.
arma::mat less_mean_row(const arma::mat &X);

} // namespace engram::measures
