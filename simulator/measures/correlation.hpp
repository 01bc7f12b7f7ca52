// These functions compute Pearson correlations of columns.
#pragma once

#include <armadillo>

namespace engram::measures {

/// Columns with their means taken off. Columns that are constant up to rounding become exactly 0.
arma::mat centred_columns(const arma::mat &x);

/// Pearson correlation of each column of A with the same column of B, both C × N: N values. NaN where a column is
/// constant or holds NaN. std::invalid_argument for different shapes.
arma::vec column_correlations(const arma::mat &a, const arma::mat &b);

/// N × N: Pearson correlations between the columns of X, C × N, 1 on the diagonal. Row and column of a neuron that is
/// constant or holds NaN are NaN.
arma::mat correlation_matrix(const arma::mat &x);

/// The same where NaN is a value that is missing: of each two columns over the rows that both have. NaN of a pair that
/// has fewer than three rows in common, or of which one column is constant there.
arma::mat pairwise_correlation_matrix(const arma::mat &x);

} // namespace engram::measures
