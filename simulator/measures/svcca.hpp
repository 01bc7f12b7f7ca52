// SVCCA is the canonical correlation analysis of two representations of the same conditions, after each is reduced to
// its strong directions.
#pragma once

#include <armadillo>

namespace engram::measures {

// X: C × N₁, Y: C × N₂; row i of both is condition i; columns are centred. `variance` is the part of the variance that
// the leading singular vectors kept must explain. With C − 1 directions any two representations correlate fully, so
// many more conditions than kept directions are needed. NaN where either holds a NaN or all its conditions are alike.
// Different numbers of conditions, and a part outside (0, 1], throw std::invalid_argument.

/// Canonical correlations of what is kept, falling; as many as the smaller of both has directions.
arma::vec canonical_correlations(const arma::mat &X, const arma::mat &Y, double variance = 0.99);

/// Their mean: SVCCA (Raghu, Gilmer, Yosinski & Sohl-Dickstein 2017, NeurIPS).
double svcca(const arma::mat &X, const arma::mat &Y, double variance = 0.99);

/// Their mean with the weights α_i = Σ_j |⟨h_i, x_j⟩| of the canonical variates h_i of X over its neurons x_j:
/// projection weighted CCA (Morcos, Raghu & Bengio 2018, NeurIPS). Not symmetric in X and Y. The paper
/// keeps all directions (variance = 1), which noise makes unwise.
double pwcca(const arma::mat &X, const arma::mat &Y, double variance = 0.99);

} // namespace engram::measures
