#include "numeric/least_squares.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>

namespace engram::numeric {

namespace {

constexpr double no_value = std::numeric_limits<double>::quiet_NaN();
constexpr double small_step = 1e-10, small_gain = 1e-13;
constexpr std::size_t first_iterations = 15, second_iterations = 40; // from each of several starts, and from the best
constexpr double same_residual = 1e-9, same_values = 1e-8;           // as shares of the residual, and of Σ y²
constexpr double chi_squared_95 = 3.841458820694124;                 // of one degree of freedom

double sum_of_squares(const arma::vec &x) {
  const double sum = arma::dot(x, x);
  return std::isfinite(sum) ? sum : std::numeric_limits<double>::infinity();
}

// Where a descent has come.
struct Place {
  arma::vec parameters;
  double residual = 0;
  bool converged = false;
  std::size_t start = 0;
};

void descend(const FitModel &model, const arma::vec &y, Place &place, std::size_t most_iterations) {
  arma::vec &parameters = place.parameters;
  arma::vec values, tried_values;
  arma::mat jacobian;
  model(parameters, values, &jacobian);
  double &residual = place.residual, damping = 1e-3;
  residual = sum_of_squares(y - values);
  bool &converged = place.converged;
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
}

void by_residual(std::vector<Place> &places) {
  std::sort(places.begin(), places.end(), [](const Place &a, const Place &b) {
    return std::pair(a.residual, a.start) < std::pair(b.residual, b.start);
  });
}

// How much larger a residual may be for its minimum to be as good as the least.
double within_noise(double least, const arma::vec &y, arma::uword parameters) {
  if (y.n_elem <= parameters) return 0;
  return chi_squared_95 * least / static_cast<double>(y.n_elem - parameters);
}

void check_data(const arma::vec &y) {
  if (y.is_empty()) throw std::invalid_argument("a fit without data or without parameters");
  if (!y.is_finite()) throw std::invalid_argument("a value to fit is not a finite number");
}

} // namespace

LeastSquares assessed(const FitModel &model, const arma::vec &y, const arma::vec &parameters, bool converged,
                      std::size_t rivals) {
  LeastSquares out;
  out.parameters = parameters;
  out.converged = converged;
  out.rivals = rivals;
  out.standard_error.set_size(parameters.n_elem);
  out.standard_error.fill(no_value);
  arma::vec values;
  arma::mat jacobian;
  model(parameters, values, &jacobian);
  out.residual = sum_of_squares(y - values);
  const double total = sum_of_squares(y - arma::mean(y));
  out.r_squared = total > 0 ? 1 - out.residual / total : no_value;
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
  check_data(y);
  if (start.is_empty()) throw std::invalid_argument("a fit without data or without parameters");
  Place place{start};
  descend(model, y, place, most_iterations);
  return assessed(model, y, place.parameters, place.converged);
}

LeastSquares least_squares(const FitModel &model, const arma::vec &y, const std::vector<arma::vec> &starts,
                           std::size_t tries, std::size_t most_iterations, const Admissible &admissible) {
  if (starts.empty()) throw std::invalid_argument("a fit without a start");
  check_data(y);
  std::vector<Place> places;
  for (std::size_t k = 0; k < starts.size(); ++k) {
    Place place{starts[k]};
    place.start = k;
    descend(model, y, place, std::min(first_iterations, most_iterations));
    places.push_back(std::move(place));
  }
  const auto allowed = [&](const Place &place) { return !admissible || admissible(place.parameters); };
  if (std::any_of(places.begin(), places.end(), allowed))
    std::erase_if(places, [&](const Place &place) { return !allowed(place); });
  by_residual(places);
  places.resize(std::min(std::max<std::size_t>(tries, 1), places.size()));
  for (auto &place : places) descend(model, y, place, std::min(second_iterations, most_iterations));
  by_residual(places);
  const double least = places.front().residual, noise = within_noise(least, y, starts.front().n_elem);
  std::erase_if(places, [&](const Place &place) { return place.residual > least * (1 + same_residual) + noise; });
  for (auto &place : places) descend(model, y, place, most_iterations);
  if (std::any_of(places.begin(), places.end(), allowed))
    std::erase_if(places, [&](const Place &place) { return !allowed(place); });
  by_residual(places);
  // Of equals the first.
  auto best = places.begin();
  for (auto at = places.begin(); at != places.end() && at->residual <= places.front().residual * (1 + same_residual);
       ++at)
    if (at->start < best->start) best = at;
  std::vector<arma::vec> distinct(1);
  model(best->parameters, distinct.front(), nullptr);
  const double apart = same_values * arma::dot(y, y), limit = within_noise(best->residual, y, starts.front().n_elem);
  for (const auto &place : places) {
    if (!place.converged || place.residual > best->residual + limit) continue;
    arma::vec values;
    model(place.parameters, values, nullptr);
    const bool known = std::any_of(distinct.begin(), distinct.end(),
                                   [&](const arma::vec &other) { return sum_of_squares(values - other) <= apart; });
    if (!known) distinct.push_back(std::move(values));
  }
  return assessed(model, y, best->parameters, best->converged, distinct.size() - 1);
}

} // namespace engram::numeric
