// RdmWhitening removes from dissimilarities the correlations that the noise of the conditions gives them.
#pragma once

#include <armadillo>

#include <cstddef>
#include <memory>
#include <vector>

namespace engram::measures {

/// V⁻¹, for the covariance V of the dissimilarities of all pairs that noise of the conditions gives about a true
/// distance of 0: V_(ij),(kl) = (σ_ik − σ_il − σ_jk + σ_jl)², with Σ_K = (σ_ij), C × C, the covariance of the noise in
/// the conditions' mean responses (Diedrichsen, Berlot, Mur, Schütt, Shahbazi & Kriegeskorte 2020, arXiv:2007.02789;
/// rsatoolbox's `cosine_cov` and `corr_cov`, whose `sigma_k` it is). Its scale does not matter.
class RdmWhitening {
public:
  /// Equal and independent noise, Σ_K = 1: V is 4 on the diagonal, 1 for two pairs that share a condition, else 0.
  RdmWhitening() = default;
  /// Throws NotApplicable where Σ_K is not square, symmetric and positive definite.
  explicit RdmWhitening(const arma::mat &noise);

  bool equal() const { return !noise_; }
  /// C; 0 where any number of conditions will do.
  std::size_t conditions() const { return noise_ ? noise_->covariance.n_rows : 0; }
  /// V⁻¹ x of pairs x in the order of upper_triangle(), with NaN where x has them: those pairs are left out of V.
  /// Throws NotApplicable for a covariance that is given with more than 4000 pairs missing and 4000 there, and
  /// std::invalid_argument for pairs of another number of conditions.
  arma::vec operator()(const arma::vec &x) const;
  /// The whitening of drawn conditions, of which some may occur twice. Two copies of a condition share its noise,
  /// except the part that is certainly its own: the least eigenvalue of the noise's correlation matrix.
  RdmWhitening drawn(const std::vector<std::size_t> &which) const;

private:
  struct Noise {
    arma::mat covariance; // Σ_K
    arma::mat precision;  // its inverse across the directions in which the conditions differ, C × C
  };
  std::shared_ptr<const Noise> noise_; // shared by copies
};

} // namespace engram::measures
