#include "measures/tuning.hpp"

#include "measures/not_applicable.hpp"
#include "measures/unknown.hpp"

#include <cmath>
#include <complex>
#include <numbers>
#include <stdexcept>

namespace engram::measures {

namespace {

constexpr double same_angle = 1e-6; // degrees

// Sums that give mean and standard error at the end, about the first response so that large means cost no digits.
struct Moments {
  explicit Moments(arma::uword conditions, arma::uword neurons)
      : first(conditions, neurons), sum(conditions, neurons), squares(conditions, neurons), count(conditions, neurons) {
  }

  void add(arma::uword condition, arma::uword neuron, double response) {
    if (std::isnan(response)) return;
    if (count(condition, neuron)++ == 0) first(condition, neuron) = response;
    const double off = response - first(condition, neuron);
    sum(condition, neuron) += off;
    squares(condition, neuron) += off * off;
  }

  TuningCurves curves() const {
    TuningCurves out{first, first, count};
    for (arma::uword k = 0; k < count.n_elem; ++k) {
      const auto n = static_cast<double>(count(k));
      const double off = sum(k) / n; // NaN of nothing
      out.mean(k) = n > 0 ? first(k) + off : unknown;
      out.sem(k) = n > 1 ? std::sqrt(std::max(0.0, squares(k) - n * off * off) / (n - 1) / n) : unknown;
    }
    return out;
  }

  arma::mat first, sum, squares;
  arma::umat count;
};

void require_pairs(const arma::vec &angle, const arma::vec &response) {
  if (angle.is_empty()) throw NotApplicable("a tuning curve without conditions");
  if (angle.n_elem != response.n_elem)
    throw std::invalid_argument("a tuning curve has not as many responses as conditions");
  if (!angle.is_finite()) throw NotApplicable("a condition of a tuning curve is not a finite number");
}

std::complex<double> vector_sum(const arma::vec &angle, const arma::vec &response, double period) {
  require_pairs(angle, response);
  if (!(period > 0)) throw std::invalid_argument("the period of an angle is not positive");
  std::complex<double> sum = 0;
  for (arma::uword k = 0; k < angle.n_elem; ++k)
    sum += response(k) * std::polar(1.0, 2 * std::numbers::pi * angle(k) / period);
  return sum;
}

// Mean of the responses at this angle; NaN when it was not shown.
double response_at(const arma::vec &angle, const arma::vec &response, double wanted) {
  double sum = 0;
  int count = 0;
  for (arma::uword k = 0; k < angle.n_elem; ++k)
    if (std::abs(std::remainder(angle(k) - wanted, 360)) < same_angle) {
      sum += response(k);
      ++count;
    }
  return count > 0 ? sum / count : unknown;
}

// Mean of those of two that were shown.
double either(double a, double b) {
  if (std::isnan(a)) return b;
  return std::isnan(b) ? a : (a + b) / 2;
}

} // namespace

TuningCurves tuning_curves(const arma::cube &responses) {
  Moments moments(responses.n_rows, responses.n_cols);
  for (arma::uword repeat = 0; repeat < responses.n_slices; ++repeat)
    for (arma::uword neuron = 0; neuron < responses.n_cols; ++neuron)
      for (arma::uword c = 0; c < responses.n_rows; ++c) moments.add(c, neuron, responses(c, neuron, repeat));
  return moments.curves();
}

TuningCurves tuning_curves(const arma::mat &responses, const std::vector<std::size_t> &condition,
                           std::size_t conditions) {
  if (condition.size() != responses.n_rows) throw std::invalid_argument("not one condition for each trial");
  for (const std::size_t c : condition)
    if (c >= conditions) throw std::invalid_argument("the condition of a trial is beyond the number of conditions");
  Moments moments(conditions, responses.n_cols);
  for (arma::uword neuron = 0; neuron < responses.n_cols; ++neuron)
    for (arma::uword trial = 0; trial < responses.n_rows; ++trial)
      moments.add(condition[trial], neuron, responses(trial, neuron));
  return moments.curves();
}

double vector_selectivity(const arma::vec &angle, const arma::vec &response, double period) {
  const double length = std::abs(vector_sum(angle, response, period)), sum = arma::accu(response);
  return sum > 0 ? length / sum : unknown;
}

double preferred_angle(const arma::vec &angle, const arma::vec &response, double period) {
  const auto sum = vector_sum(angle, response, period);
  if (!(std::abs(sum) > 1e-12 * arma::accu(arma::abs(response)))) return unknown;
  const double turn = std::arg(sum) / (2 * std::numbers::pi) * period;
  const double turned = turn < 0 ? turn + period : turn;
  return turned < period ? turned : 0;
}

double preferred_value(const arma::vec &value, const arma::vec &response) {
  require_pairs(value, response);
  const double sum = arma::accu(response);
  return sum > 0 ? arma::dot(value, response) / sum : unknown;
}

double orientation_selectivity_index(const arma::vec &angle, const arma::vec &response) {
  require_pairs(angle, response);
  if (response.has_nan()) return unknown;
  const double best = angle(response.index_max());
  const auto at = [&](double turn) { return response_at(angle, response, best + turn); };
  const double orthogonal = either(at(90), at(-90));
  if (std::isnan(orthogonal)) throw NotApplicable("no response at 90 degrees from the preferred angle");
  return selectivity_index(either(at(0), at(180)), orthogonal);
}

double direction_selectivity_index(const arma::vec &angle, const arma::vec &response) {
  require_pairs(angle, response);
  if (response.has_nan()) return unknown;
  const double best = angle(response.index_max());
  const double opposite = response_at(angle, response, best + 180);
  if (std::isnan(opposite)) throw NotApplicable("no response opposite of the preferred direction");
  return selectivity_index(response_at(angle, response, best), opposite);
}

double selectivity_index(double a, double b) { return a + b > 0 ? (a - b) / (a + b) : unknown; }

double depth_of_selectivity(const arma::vec &response) {
  if (response.n_elem < 2 || response.has_nan() || !(response.max() > 0)) return unknown;
  const auto n = static_cast<double>(response.n_elem);
  return (n - arma::accu(response) / response.max()) / (n - 1);
}

double rolls_tovee(const arma::vec &response) {
  const double squares = arma::dot(response, response), sum = arma::accu(response);
  return squares > 0 ? sum * sum / (static_cast<double>(response.n_elem) * squares) : unknown;
}

double sparseness(const arma::vec &response) {
  if (response.n_elem < 2) return unknown;
  return (1 - rolls_tovee(response)) / (1 - 1 / static_cast<double>(response.n_elem));
}

arma::vec lifetime_sparseness(const arma::mat &response) {
  arma::vec out(response.n_cols);
  for (arma::uword neuron = 0; neuron < response.n_cols; ++neuron) out(neuron) = sparseness(response.col(neuron));
  return out;
}

arma::vec population_sparseness(const arma::mat &response) { return lifetime_sparseness(response.t()); }

} // namespace engram::measures
