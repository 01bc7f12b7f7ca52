// least_squares() solves nonlinear least squares by the method of Levenberg and Marquardt.
#pragma once

#include <armadillo>

#include <cstddef>
#include <functional>
#include <vector>

namespace engram::numeric {

/// A fitted value and its standard error, which comes from the Jacobian at the minimum with the residual variance
/// RSS / (M − P), as of curve_fit. It is NaN when there are no more data than parameters, or when they do not tell the
/// parameters apart.
struct Fitted {
  double value = 0, standard_error = 0;
};

/// How well a curve fits.
struct FitQuality {
  double r_squared = 0; ///< 1 − RSS / total; NaN when responses are constant
  double residual = 0;  ///< RSS
  bool converged = false;
  std::size_t rivals = 0; ///< other minima that are as good within noise (least_squares from several starts)
};

/// A curve with P parameters of M values: writes the values (M) and, where `jacobian` is not null, their derivatives
/// (M × P).
using FitModel = std::function<void(const arma::vec &parameters, arma::vec &values, arma::mat *jacobian)>;

struct LeastSquares {
  arma::vec parameters;
  /// √ of the diagonal of s² (JᵀJ)⁻¹ with s² = residual / (M − P). NaN when M ≤ P or JᵀJ is singular.
  arma::vec standard_error;
  double residual = 0;  ///< Σ (y − f)²
  double r_squared = 0; ///< 1 − residual / Σ (y − ȳ)²; NaN when y is constant
  bool converged = false;
  std::size_t rivals = 0; ///< see least_squares from several starts

  Fitted fitted(arma::uword k) const { return {parameters(k), standard_error(k)}; }
  FitQuality quality() const { return {r_squared, residual, converged, rivals}; }
};

/// Minimises Σ (y − f(parameters))² from `start` (Levenberg 1944; Marquardt 1963, with his scaling by the diagonal of
/// JᵀJ). It has converged when a step that is taken is no longer than 1e-10 of the parameters, when it neither promised
/// nor brought more than 1e-13 of the residual, or when no step helps any more. Errors: std::invalid_argument when y or
/// start is empty or y is not finite.
LeastSquares least_squares(const FitModel &model, const arma::vec &y, const arma::vec &start,
                           std::size_t most_iterations = 500);

/// Is this an end that a fit may have? Null: each is.
using Admissible = std::function<bool(const arma::vec &parameters)>;

/// The least of the minima that the starts lead to: each start makes 15 iterations, the best `tries` of them 40 more,
/// and those that noise does not tell apart from the best go on to the end. Among minima that are equal to 1e-9 of the
/// residual, that of the first start counts, so that the choice does not depend on rounding. An end that is not
/// admissible counts only when none is. `rivals` of the result are the other minima, of other values at the data, whose
/// residual is larger by no more than 3.84 s², s² = residual / (M − P): a likelihood ratio (χ², 1 degree of freedom, 95
/// %) does not tell them from the least. Errors: also std::invalid_argument without starts.
LeastSquares least_squares(const FitModel &model, const arma::vec &y, const std::vector<arma::vec> &starts,
                           std::size_t tries, std::size_t most_iterations = 500, const Admissible &admissible = {});

/// Residual, R² and standard errors at given parameters, for a fit that is written in others. `converged` and `rivals`
/// are those of the fit.
LeastSquares assessed(const FitModel &model, const arma::vec &y, const arma::vec &parameters, bool converged,
                      std::size_t rivals = 0);

} // namespace engram::numeric
