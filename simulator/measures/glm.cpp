#include "measures/glm.hpp"

#include "measures/not_applicable.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace engram::measures {

namespace {

void require_glm(const arma::mat &x, const arma::vec &y, Family family, const arma::vec &offset) {
  if (x.n_rows != y.n_elem || (!offset.is_empty() && offset.n_elem != y.n_elem))
    throw std::invalid_argument("a model needs as many rows of regressors, and offsets, as values");
  if (x.n_cols == 0 || x.n_rows < x.n_cols) throw NotApplicable("a model of more coefficients than values");
  if (!x.is_finite() || !y.is_finite() || !offset.is_finite()) throw NotApplicable("regressors or values not finite");
  if (family == Family::poisson && y.min() < 0) throw NotApplicable("a count is negative");
  if (family == Family::binomial && arma::any(y != 0 && y != 1)) throw NotApplicable("a choice is neither 0 nor 1");
}

double glm_mean(double eta, Family family) {
  return family == Family::poisson ? std::exp(eta) : 1 / (1 + std::exp(-eta));
}

// The variance of y at the mean, which is also the derivative of the mean by η: both links are the canonical ones.
double glm_variance(double mu, Family family) { return family == Family::poisson ? mu : mu * (1 - mu); }

// Log likelihood of y as a function of η, without the terms of y alone.
double likelihood_kernel(double eta, double y, Family family) {
  if (family == Family::poisson) return y * eta - std::exp(eta);
  return y * eta - (eta > 0 ? eta + std::log1p(std::exp(-eta)) : std::log1p(std::exp(eta)));
}

// Log likelihood of y at the mean y, with the same terms left out.
double saturated_kernel(double y, Family family) {
  return family == Family::poisson && y > 0 ? y * std::log(y) - y : 0;
}

// A linear predictor near the values to begin with.
double first_eta(double y, Family family) {
  return family == Family::poisson ? std::log(y + 0.1) : std::log((y + 0.5) / (1.5 - y));
}

double likelihood_of(const arma::vec &eta, const arma::vec &y, Family family) {
  double sum = 0;
  for (arma::uword t = 0; t < y.n_elem; ++t) sum += likelihood_kernel(eta[t], y[t], family);
  return sum;
}

// Zᵀ W Z.
arma::mat fisher_information(const arma::mat &z, const arma::vec &eta, Family family) {
  arma::mat weighted = z;
  arma::vec w(eta.n_elem);
  for (arma::uword t = 0; t < w.n_elem; ++t) w[t] = glm_variance(glm_mean(eta[t], family), family);
  weighted.each_col() %= w;
  return z.t() * weighted;
}

arma::vec newton_solution(const arma::mat &a, const arma::vec &b) {
  arma::vec out;
  if (arma::rcond(a) < 1e-15 || !arma::solve(out, a, b, arma::solve_opts::likely_sympd + arma::solve_opts::no_approx))
    throw NotApplicable("regressors depend on each other, or some have no effect that could be told");
  return out;
}

} // namespace

Glm fit_glm(const arma::mat &x, const arma::vec &y, Family family, const arma::vec &offset) {
  require_glm(x, y, family, offset);
  constexpr std::size_t most_steps = 100;
  arma::rowvec length = arma::sqrt(arma::sum(arma::square(x), 0));
  if (length.min() <= 0) throw NotApplicable("a regressor is 0 throughout");
  arma::mat z = x;
  z.each_row() /= length; // so that x and x² are of one size
  const arma::vec shift = offset.is_empty() ? arma::vec(y.n_elem, arma::fill::zeros) : offset;

  // The first step is a weighted regression of η near the values; its β may be far from any that Newton's method knows.
  arma::vec eta(y.n_elem), w(y.n_elem);
  for (arma::uword t = 0; t < y.n_elem; ++t) {
    eta[t] = first_eta(y[t], family);
    w[t] = glm_variance(glm_mean(eta[t], family), family);
    eta[t] += (y[t] - glm_mean(eta[t], family)) / w[t] - shift[t];
  }
  arma::mat weighted = z;
  weighted.each_col() %= w;
  arma::vec beta = newton_solution(z.t() * weighted, weighted.t() * eta);
  weighted.reset();
  eta = z * beta + shift;
  double likelihood = likelihood_of(eta, y, family);

  Glm out;
  bool converged = false;
  while (!converged) {
    if (++out.iterations > most_steps)
      throw NotApplicable("the likelihood has no greatest value at finite coefficients: a regressor tells some of the "
                          "values without exception");
    arma::vec residual(y.n_elem);
    for (arma::uword t = 0; t < y.n_elem; ++t) residual[t] = y[t] - glm_mean(eta[t], family);
    arma::vec step = newton_solution(fisher_information(z, eta, family), z.t() * residual);
    arma::vec ahead = z * step;
    double reached = likelihood_of(eta + ahead, y, family);
    for (int halved = 0; halved < 40 && !(reached >= likelihood - 1e-12 * std::abs(likelihood)); ++halved) {
      step /= 2;
      ahead /= 2;
      reached = likelihood_of(eta + ahead, y, family);
    }
    beta += step;
    eta = z * beta + shift;
    likelihood = likelihood_of(eta, y, family);
    // Where the likelihood only approaches its bound, η goes on in steps of about 1.
    converged = arma::abs(ahead).max() < 1e-8 * (1 + arma::abs(eta).max());
  }
  out.coefficients = beta / length.t();
  arma::mat covariance;
  if (!arma::inv_sympd(covariance, fisher_information(z, eta, family))) throw Failed("the information has no inverse");
  out.standard_errors = arma::sqrt(covariance.diag()) / length.t();
  out.fitted = eta;
  out.fitted.transform([&](double value) { return glm_mean(value, family); });
  double most = 0, constants = 0;
  for (const double value : y) {
    most += saturated_kernel(value, family);
    if (family == Family::poisson) constants += std::lgamma(value + 1);
  }
  out.deviance = 2 * (most - likelihood);
  out.log_likelihood = likelihood - constants;
  return out;
}

arma::mat spike_history(const arma::vec &counts, const std::vector<std::size_t> &edges) {
  if (edges.size() < 2 || edges.front() == 0 ||
      std::adjacent_find(edges.begin(), edges.end(), std::greater_equal<>()) != edges.end())
    throw std::invalid_argument("the edges of a history begin at 1 or later, and increase");
  const arma::uword bins = counts.n_elem;
  arma::vec total(bins + 1, arma::fill::zeros); // spikes before each bin
  for (arma::uword t = 0; t < bins; ++t) total[t + 1] = total[t] + counts[t];
  arma::mat out(bins, edges.size() - 1);
  for (arma::uword j = 0; j < out.n_cols; ++j)
    for (arma::uword t = 0; t < bins; ++t) {
      const arma::uword beyond = t >= edges[j] ? t - edges[j] + 1 : 0; // the bin after the latest that counts
      const arma::uword first = t >= edges[j + 1] ? t - edges[j + 1] + 1 : 0;
      out(t, j) = total[beyond] - total[first];
    }
  return out;
}

} // namespace engram::measures
