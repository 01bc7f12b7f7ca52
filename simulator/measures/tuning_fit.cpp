#include "measures/tuning_fit.hpp"

#include "measures/not_applicable.hpp"

#include <cmath>
#include <cstddef>
#include <numbers>
#include <stdexcept>
#include <utility>
#include <vector>

namespace engram::measures {

namespace {

constexpr double radian = std::numbers::pi / 180;
constexpr std::size_t tries = 6; // of the starts, which are many because most are poor

void require_data(const arma::vec &x, const arma::vec &response, arma::uword parameters) {
  if (x.n_elem != response.n_elem) throw std::invalid_argument("a fit has not as many responses as conditions");
  if (x.n_elem < parameters) throw NotApplicable("a fit has fewer responses than parameters");
  if (!x.is_finite() || !response.is_finite())
    throw NotApplicable("a condition or response to fit is not a finite number");
}

// For given parameters of the shape the rest is linear: columns of `shapes`, the first of ones.
arma::vec linear_part(const arma::mat &shapes, const arma::vec &response) {
  arma::vec out;
  if (!arma::solve(out, shapes, response)) out = arma::vec(shapes.n_cols, arma::fill::zeros);
  return out;
}

double in_circle(double angle, double period) {
  const double turned = angle - period * std::floor(angle / period);
  return turned < period ? turned : 0;
}

// baseline, amplitude, preferred (degrees), κ
void orientation_model(const arma::vec &theta, const arma::vec &p, arma::vec &values, arma::mat *jacobian) {
  const arma::vec off = 2 * radian * (theta - p(2)), c = arma::cos(off) - 1, e = arma::exp(p(3) * c);
  values = p(0) + p(1) * e;
  if (!jacobian) return;
  jacobian->set_size(theta.n_elem, 4);
  jacobian->col(0).ones();
  jacobian->col(1) = e;
  jacobian->col(2) = p(1) * p(3) * 2 * radian * e % arma::sin(off);
  jacobian->col(3) = p(1) * e % c;
}

// baseline, amplitude, opposite, preferred (degrees), κ
void direction_model(const arma::vec &theta, const arma::vec &p, arma::vec &values, arma::mat *jacobian) {
  const arma::vec off = radian * (theta - p(3)), c = arma::cos(off);
  const arma::vec there = arma::exp(p(4) * (c - 1)), back = arma::exp(-p(4) * (c + 1));
  values = p(0) + p(1) * there + p(2) * back;
  if (!jacobian) return;
  jacobian->set_size(theta.n_elem, 5);
  jacobian->col(0).ones();
  jacobian->col(1) = there;
  jacobian->col(2) = back;
  jacobian->col(3) = p(4) * radian * arma::sin(off) % (p(1) * there - p(2) * back);
  jacobian->col(4) = p(1) * there % (c - 1) - p(2) * back % (c + 1);
}

// baseline, amplitude, preferred, width
void gaussian_model(const arma::vec &x, const arma::vec &p, arma::vec &values, arma::mat *jacobian) {
  const arma::vec z = (x - p(2)) / p(3), e = arma::exp(-0.5 * arma::square(z));
  values = p(0) + p(1) * e;
  if (!jacobian) return;
  jacobian->set_size(x.n_elem, 4);
  jacobian->col(0).ones();
  jacobian->col(1) = e;
  jacobian->col(2) = p(1) * e % z / p(3);
  jacobian->col(3) = p(1) * e % arma::square(z) / p(3);
}

} // namespace

OrientationTuning fit_orientation(const arma::vec &orientation, const arma::vec &response) {
  require_data(orientation, response, 4);
  const numeric::FitModel model = [&](const arma::vec &p, arma::vec &values, arma::mat *jacobian) {
    orientation_model(orientation, p, values, jacobian);
  };
  std::vector<arma::vec> starts;
  for (const double concentration : {0.5, 3.0, 12.0})
    for (double preferred = 0; preferred < 180; preferred += 22.5) {
      const arma::vec shape = arma::exp(concentration * (arma::cos(2 * radian * (orientation - preferred)) - 1));
      const arma::vec linear = linear_part(arma::join_rows(arma::ones(shape.n_elem), shape), response);
      starts.push_back({linear(0), linear(1), preferred, concentration});
    }
  const auto best = numeric::least_squares(model, response, starts, tries);
  arma::vec p = best.parameters;
  if (p(3) < 0) { // the same curve: exp(−κ (c − 1)) = exp(2 κ) exp(κ (−c − 1))
    p(1) *= std::exp(-2 * p(3));
    p(2) += 90;
    p(3) = -p(3);
  }
  p(2) = in_circle(p(2), 180);
  const auto fit = numeric::assessed(model, response, p, best.converged, best.rivals);
  return {fit.fitted(0), fit.fitted(1), fit.fitted(2), fit.fitted(3), fit.quality()};
}

DirectionTuning fit_direction(const arma::vec &direction, const arma::vec &response) {
  require_data(direction, response, 5);
  const numeric::FitModel model = [&](const arma::vec &p, arma::vec &values, arma::mat *jacobian) {
    direction_model(direction, p, values, jacobian);
  };
  std::vector<arma::vec> starts;
  for (const double concentration : {0.5, 3.0, 12.0})
    for (double preferred = 0; preferred < 180; preferred += 22.5) { // the other half swaps the two peaks
      const arma::vec c = arma::cos(radian * (direction - preferred));
      const arma::mat peaks = arma::join_rows(arma::exp(concentration * (c - 1)), arma::exp(-concentration * (c + 1)));
      const arma::vec linear = linear_part(arma::join_rows(arma::ones(c.n_elem), peaks), response);
      starts.push_back({linear(0), linear(1), linear(2), preferred, concentration});
    }
  const auto best = numeric::least_squares(model, response, starts, tries);
  arma::vec p = best.parameters;
  if (p(4) < 0) { // the same curve: exp(−κ (c − 1)) = exp(2 κ) exp(κ (−c − 1)), and the peaks change places
    const double height = std::exp(-2 * p(4));
    p = {p(0), p(2) * height, p(1) * height, p(3), -p(4)};
  }
  if (p(1) < p(2)) {
    std::swap(p(1), p(2));
    p(3) += 180;
  }
  p(3) = in_circle(p(3), 360);
  const auto fit = numeric::assessed(model, response, p, best.converged, best.rivals);
  return {fit.fitted(0), fit.fitted(1), fit.fitted(2), fit.fitted(3), fit.fitted(4), fit.quality()};
}

GaussianTuning fit_gaussian(const arma::vec &x, const arma::vec &response, Axis axis) {
  require_data(x, response, 4);
  if (axis == Axis::logarithmic && !(x.min() > 0)) throw NotApplicable("a value on a logarithmic axis is not positive");
  const arma::vec u = axis == Axis::logarithmic ? arma::vec(arma::log2(x)) : x;
  const double range = u.max() - u.min();
  if (!(range > 0)) throw NotApplicable("a fit of a curve to one condition");
  const numeric::FitModel model = [&](const arma::vec &p, arma::vec &values, arma::mat *jacobian) {
    gaussian_model(u, p, values, jacobian);
  };
  std::vector<arma::vec> starts;
  for (const double width : {0.05, 0.15, 0.4})
    for (double place = 0; place <= 1; place += 0.125) {
      const double preferred = u.min() + place * range, sd = width * range;
      const arma::vec shape = arma::exp(-0.5 * arma::square((u - preferred) / sd));
      const arma::vec linear = linear_part(arma::join_rows(arma::ones(shape.n_elem), shape), response);
      starts.push_back({linear(0), linear(1), preferred, sd});
    }
  const auto best = numeric::least_squares(model, response, starts, tries);
  arma::vec p = best.parameters;
  p(3) = std::abs(p(3));
  const auto fit = numeric::assessed(model, response, p, best.converged, best.rivals);
  GaussianTuning out{fit.fitted(0), fit.fitted(1), fit.fitted(2), fit.fitted(3), fit.quality()};
  if (axis == Axis::logarithmic) {
    out.preferred.value = std::exp2(out.preferred.value);
    out.preferred.standard_error *= std::numbers::ln2 * out.preferred.value;
  }
  return out;
}

} // namespace engram::measures
