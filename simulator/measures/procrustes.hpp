// Procrustes analysis measures how far apart two representations are when one may be rotated onto the other.
#pragma once

#include <armadillo>

namespace engram::measures {

// X: C × N₁, Y: C × N₂; row i of both is condition i; the smaller stands for itself with zeros beside it. The columns
// are centred and each matrix is scaled to a Frobenius norm of 1, so a shift, a rotation or reflection, and a scale of
// either change nothing. NaN where either holds a NaN or all its conditions are alike. Different numbers of conditions
// throw std::invalid_argument.

/// max over orthogonal Q of ⟨X, Y Q⟩ = ‖XᵀY‖*, the sum of the singular values (Schönemann 1966, Psychometrika 31:1):
/// between 0 and 1.
double procrustes_similarity(const arma::mat &X, const arma::mat &Y);

/// min over orthogonal Q of ‖X − Y Q‖ = √(2 − 2 s), s the similarity: between 0 and √2; a metric (Williams, Kunz,
/// Kornblith & Linderman 2021, NeurIPS, with unit norms).
double procrustes_distance(const arma::mat &X, const arma::mat &Y);

/// arccos s: between 0 and π / 2, a metric (the same, "angular").
double procrustes_angle(const arma::mat &X, const arma::mat &Y);

} // namespace engram::measures
