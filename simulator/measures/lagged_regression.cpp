#include "measures/lagged_regression.hpp"

#include "measures/linear_map.hpp"
#include "measures/not_applicable.hpp"
#include "measures/unknown.hpp"

#include <algorithm>
#include <functional>
#include <set>
#include <stdexcept>

namespace engram::measures {

namespace {

void require_starts(const arma::mat &stimulus, std::size_t lags, const std::vector<std::size_t> &starts) {
  if (lags == 0) throw std::invalid_argument("a temporal receptive field without lags");
  if (starts.empty() || starts.front() != 0 || starts.back() >= std::max<std::size_t>(1, stimulus.n_rows) ||
      std::adjacent_find(starts.begin(), starts.end(), std::greater_equal<>()) != starts.end())
    throw std::invalid_argument("the starts of pieces are 0 first, and increase within the stimulus");
  if (stimulus.is_empty() || !stimulus.is_finite()) throw NotApplicable("a stimulus that is not finite, or empty");
}

void require_response(const arma::mat &stimulus, const arma::mat &response, double penalty) {
  if (response.n_rows != stimulus.n_rows) throw std::invalid_argument("response and stimulus differ in samples");
  if (!(penalty >= 0)) throw std::invalid_argument("a penalty below 0");
  if (response.is_empty() || !response.is_finite()) throw NotApplicable("a response that is not finite, or empty");
}

LinearMap fitted_map(const arma::mat &x, const arma::mat &y, double penalty) {
  if (penalty == 0 && x.n_rows <= x.n_cols)
    throw NotApplicable("a receptive field of more weights than samples needs a penalty");
  const arma::rowvec x_mean = arma::mean(x, 0), y_mean = arma::mean(y, 0);
  const arma::mat z = x.each_row() - x_mean;
  arma::mat gram = z.t() * z;
  gram.diag() += penalty;
  LinearMap out;
  if (arma::rcond(gram) < 1e-14 ||
      !arma::solve(out.weights, gram, z.t() * (y.each_row() - y_mean), arma::solve_opts::no_approx))
    throw NotApplicable("stimuli depend on each other: a receptive field needs a penalty");
  out.intercept = y_mean - x_mean * out.weights;
  return out;
}

} // namespace

arma::mat lagged(const arma::mat &stimulus, std::size_t lags, const std::vector<std::size_t> &starts) {
  require_starts(stimulus, lags, starts);
  arma::mat out(stimulus.n_rows, lags * stimulus.n_cols, arma::fill::zeros);
  for (std::size_t piece = 0; piece < starts.size(); ++piece) {
    const std::size_t first = starts[piece], beyond = piece + 1 < starts.size() ? starts[piece + 1] : stimulus.n_rows;
    for (arma::uword p = 0; p < stimulus.n_cols; ++p)
      for (std::size_t l = 0; l < lags; ++l)
        for (std::size_t t = first + l; t < beyond; ++t) out(t, l + lags * p) = stimulus(t - l, p);
  }
  return out;
}

LaggedFit fit_lagged(const arma::mat &stimulus, const arma::mat &response, std::size_t lags, double penalty,
                     const std::vector<std::size_t> &starts) {
  require_starts(stimulus, lags, starts);
  require_response(stimulus, response, penalty);
  const arma::mat x = lagged(stimulus, lags, starts);
  const auto map = fitted_map(x, response, penalty);
  LaggedFit out;
  out.intercept = map.intercept;
  out.predicted = predict(map, x);
  out.weights.set_size(lags, stimulus.n_cols, response.n_cols);
  out.r_squared.set_size(response.n_cols);
  for (arma::uword n = 0; n < response.n_cols; ++n) {
    out.weights.slice(n) = arma::reshape(map.weights.col(n), lags, stimulus.n_cols);
    const double total = arma::accu(arma::square(response.col(n) - arma::mean(response.col(n))));
    out.r_squared[n] =
        total > 0 ? 1 - arma::accu(arma::square(response.col(n) - out.predicted.col(n))) / total : unknown;
  }
  return out;
}

arma::mat predict_lagged(const arma::mat &stimulus, const arma::mat &response, std::size_t lags, double penalty,
                         const std::vector<std::size_t> &starts, const std::vector<std::size_t> &fold) {
  require_starts(stimulus, lags, starts);
  require_response(stimulus, response, penalty);
  if (fold.size() != stimulus.n_rows) throw std::invalid_argument("there is not a fold for each sample");
  const std::set<std::size_t> folds(fold.begin(), fold.end());
  if (folds.size() < 2) throw NotApplicable("a prediction of what is held out needs two folds");
  const arma::mat x = lagged(stimulus, lags, starts);
  arma::mat out(arma::size(response));
  for (const std::size_t k : folds) {
    std::vector<arma::uword> training, held_out;
    for (std::size_t t = 0; t < fold.size(); ++t) (fold[t] == k ? held_out : training).push_back(t);
    const arma::uvec in(training), away(held_out);
    out.rows(away) = predict(fitted_map(x.rows(in), response.rows(in), penalty), x.rows(away));
  }
  return out;
}

} // namespace engram::measures
