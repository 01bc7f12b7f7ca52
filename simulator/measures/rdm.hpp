// These functions compute representational dissimilarity matrices (RDMs; Kriegeskorte, Mur & Bandettini 2008, Front
// Syst Neurosci 2:4).
#pragma once

#include <armadillo>

#include <cstddef>

namespace engram::measures {

// Each RDM is C × C, symmetric, with a diagonal of 0, from responses X: C × N, conditions × neurons. NaN is a response
// that is missing: a dissimilarity is that of the neurons that both conditions have, and N is their number. It is NaN
// where there is no such neuron. `threads` changes the time, not the result.

/// 1 − Pearson correlation of each two rows, between 0 and 2. NaN for a condition to which all neurons respond alike.
arma::mat correlation_rdm(const arma::mat &X, int threads = 1);

/// Squared Euclidean distance divided by the number of neurons N, as rsatoolbox's `euclidean`.
arma::mat euclidean_rdm(const arma::mat &X, int threads = 1);

/// Squared Mahalanobis distance divided by N: (x_i − x_j) P (x_i − x_j)ᵀ / N with the noise precision P = Σ⁻¹, N × N,
/// as rsatoolbox's `mahalanobis`; P from noise_precision(). Of some neurons the precision is the inverse of their part
/// of Σ. Throws std::invalid_argument where P is not N × N.
arma::mat mahalanobis_rdm(const arma::mat &X, const arma::mat &precision, int threads = 1);

/// Cross-validated squared distances of repeats X: C × N × R (conditions × neurons × repeats, or folds that are means
/// of several repeats), divided by N: the mean over r of (x_i − x_j)_r P (x_i − x_j)ᵀ_others, where the others are the
/// mean of the other repeats (Walther et al. 2016, NeuroImage 137:188, "crossnobis"; rsatoolbox's `crossnobis` with one
/// fold for each repeat). Its expectation is the squared distance of the true means, so it is negative at times. Throws
/// NotApplicable for fewer than two repeats, std::invalid_argument where P is not N × N.
///
/// Where trials are missing it is s_ii + s_jj − 2 s_ij, with s_ij the mean of x_ir P x_jsᵀ / N over all repeats r ≠ s
/// that are there: rsatoolbox's `calc_rdm_unbalanced` with the repeats as `cv_descriptor`, which is the same of
/// complete repeats. A condition with one repeat has no s_ii, and no dissimilarity. Where a neuron lacks trials that
/// others have, each product of two neurons is averaged over the trials that both have, which is unbiased too;
/// rsatoolbox takes a missing response as 0 in the product, and divides by all N. A neuron counts for two conditions
/// where it has two repeats of both.
arma::mat crossnobis_rdm(const arma::cube &X, const arma::mat &precision, int threads = 1);
/// The same with P = 1: cross-validated squared Euclidean distance.
arma::mat crossnobis_rdm(const arma::cube &X, int threads = 1);

/// The pairs (0,1), (0,2), …, (0,C−1), (1,2), … of an RDM: the order of SciPy's squareform and of rsatoolbox.
/// Throws std::invalid_argument for a matrix that is not square.
arma::vec upper_triangle(const arma::mat &rdm);

/// The RDM of such pairs. Throws NotApplicable where their number is not C (C − 1) / 2.
arma::mat rdm_of_pairs(const arma::vec &pairs);

/// C, of C (C − 1) / 2 pairs. Throws NotApplicable for any other number.
std::size_t conditions_of(std::size_t pairs);

} // namespace engram::measures
