// Dissimilarities of responses of which some are missing.
#pragma once

#include <armadillo>

namespace engram::measures {

/// The inverse of the part of a covariance that belongs to some of its variables, from the inverse P of the whole:
/// P_ss − P_sm P_mm⁻¹ P_ms, with m the variables that are left out. `which` ascends.
arma::mat precision_of(const arma::mat &precision, const arma::uvec &which);

/// crossnobis_rdm() of repeats of which some are NaN. Neurons that were observed in the same trials go through matrix
/// products together.
arma::mat incomplete_crossnobis(const arma::cube &X, const arma::mat &precision, int threads);

} // namespace engram::measures
