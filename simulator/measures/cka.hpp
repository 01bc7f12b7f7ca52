// Centred kernel alignment (CKA) measures how alike two representations of the same conditions are.
#pragma once

#include <armadillo>

namespace engram::measures {

// X: C × N₁, Y: C × N₂; row i of both is condition i. Unchanged by rotation, by one scale for all neurons, and by a
// shift of each neuron. Computed from N × N or from C × C products, whichever are fewer operations. NaN where either
// holds a NaN or all its conditions are alike. Different numbers of conditions throw std::invalid_argument.

/// Linear CKA, ‖XᵀY‖² / (‖XᵀX‖ ‖YᵀY‖) with the columns centred and Frobenius norms, between 0 and 1 (Kornblith,
/// Norouzi, Lee & Hinton 2019, ICML, section 3). With more neurons than conditions it is near 1 for independent noise.
double linear_cka(const arma::mat &X, const arma::mat &Y, int threads = 1);

/// The same from the unbiased estimator of HSIC (Song, Smola, Gretton, Bedo & Borgwardt 2012, J Mach Learn Res 13:1393,
/// eq. 5), as Nguyen, Raghu & Kornblith (2021, ICLR). About 0, on both sides of it, for independent
/// representations. NotApplicable for fewer than 4 conditions.
double debiased_linear_cka(const arma::mat &X, const arma::mat &Y, int threads = 1);

} // namespace engram::measures
