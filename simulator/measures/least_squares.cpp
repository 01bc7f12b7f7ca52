#include "measures/least_squares.hpp"

#include "measures/unknown.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>

namespace engram::measures {

namespace {

constexpr double small_step = 1e-10, small_gain = 1e-13;
constexpr std::size_t first_iterations = 40; // from each of several starts; the best goes on

double sum_of_squares(const arma::vec &x) {
  const double sum = arma::dot(x, x);
  return std::isfinite(sum) ? sum : std::numeric_limits<double>::infinity();
}

} // namespace

LeastSquares assessed(const FitModel &model, const arma::vec &y, const arma::vec &parameters, bool converged) {
  LeastSquares out;
  out.parameters = parameters;
  out.converged = converged;
  out.standard_error.set_size(parameters.n_elem);
  out.standard_error.fill(unknown);
  arma::vec values;
  arma::mat jacobian;
  model(parameters, values, &jacobian);
  out.residual = sum_of_squares(y - values);
  const double total = sum_of_squares(y - arma::mean(y));
  out.r_squared = total > 0 ? 1 - out.residual / total : unknown;
  if (y.n_elem <= parameters.n_elem || !jacobian.is_finite()) return out;
  // By the singular values of J, whose columns are first brought to one length: parameters have units.
  const arma::rowvec length = arma::sqrt(arma::sum(arma::square(jacobian), 0));
  if (!(length.min() > 0)) return out;
  arma::mat u, v;
  arma::vec s;
  if (!arma::svd_econ(u, s, v, jacobian.each_row() / length, "right") || s.min() < 1e-12 * s.max()) return out;
  const double variance = out.residual / static_cast<double>(y.n_elem - parameters.n_elem);
  const arma::vec diagonal = arma::sum(arma::square(v.each_row() / s.t()), 1);
  out.standard_error = arma::sqrt(variance * diagonal) / length.t();
  return out;
}

LeastSquares least_squares(const FitModel &model, const arma::vec &y, const arma::vec &start,
                           std::size_t most_iterations) {
  if (y.is_empty() || start.is_empty()) throw std::invalid_argument("a fit without data or without parameters");
  if (!y.is_finite()) throw std::invalid_argument("a value to fit is not a finite number");
  arma::vec parameters = start, values, tried_values;
  arma::mat jacobian;
  model(parameters, values, &jacobian);
  double residual = sum_of_squares(y - values), damping = 1e-3;
  bool converged = false;
  for (std::size_t iteration = 0; iteration < most_iterations && !converged; ++iteration) {
    const arma::mat normal = jacobian.t() * jacobian;
    const arma::vec slope = jacobian.t() * (y - values);
    if (!normal.is_finite() || !slope.is_finite()) break;
    const arma::vec scale = arma::clamp(normal.diag(), 1e-30 + 1e-12 * normal.diag().max(), arma::datum::inf);
    for (;;) {
      arma::vec step;
      const bool solved = arma::solve(step, normal + arma::diagmat(damping * scale), slope,
                                      arma::solve_opts::likely_sympd + arma::solve_opts::no_approx);
      if (solved) {
        model(parameters + step, tried_values, nullptr);
        const double tried = sum_of_squares(y - tried_values);
        if (tried <= residual) {
          // 2 δᵀJᵀr − δᵀJᵀJδ is what the linear model promised.
          const double promised = 2 * arma::dot(step, slope) - arma::dot(step, normal * step);
          converged = arma::norm(step) <= small_step * (arma::norm(parameters) + small_step) ||
                      std::max(residual - tried, promised) <= small_gain * residual;
          parameters += step;
          residual = tried;
          damping = std::max(damping / 10, 1e-15);
          break;
        }
      }
      damping *= 4;
      if (damping > 1e16) {
        converged = true; // no step in any direction lessens the residual
        break;
      }
    }
    model(parameters, values, &jacobian);
  }
  return assessed(model, y, parameters, converged);
}

LeastSquares least_squares(const FitModel &model, const arma::vec &y, std::vector<arma::vec> starts, std::size_t tries,
                           std::size_t most_iterations) {
  if (starts.empty()) throw std::invalid_argument("a fit without a start");
  std::vector<std::pair<double, std::size_t>> order;
  arma::vec values;
  for (std::size_t k = 0; k < starts.size(); ++k) {
    model(starts[k], values, nullptr);
    order.emplace_back(sum_of_squares(y - values), k);
  }
  std::sort(order.begin(), order.end());
  LeastSquares best;
  for (std::size_t k = 0; k < std::min(tries, order.size()); ++k) {
    auto tried = least_squares(model, y, starts[order[k].second], std::min(first_iterations, most_iterations));
    if (k == 0 || tried.residual < best.residual) best = std::move(tried);
  }
  return best.converged ? best : least_squares(model, y, best.parameters, most_iterations);
}

} // namespace engram::measures
