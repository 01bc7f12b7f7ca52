#include "measures/gabor_fit.hpp"

#include "measures/not_applicable.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <utility>
#include <vector>

namespace engram::measures {

namespace {

constexpr double pi = std::numbers::pi, radian = pi / 180;
constexpr std::size_t peaks = 4, tries = 8, most_iterations = 500;
enum Parameter : arma::uword { amplitude, x0, y0, theta, sigma_x, sigma_y, frequency, phase, parameters };

struct Pixels {
  arma::vec x, y, value; // column, row, field
};

Pixels pixels(const arma::mat &field) {
  Pixels out{arma::vec(field.n_elem), arma::vec(field.n_elem), arma::vectorise(field)};
  for (arma::uword k = 0; k < field.n_elem; ++k) {
    out.x(k) = static_cast<double>(k / field.n_rows);
    out.y(k) = static_cast<double>(k % field.n_rows);
  }
  return out;
}

// Pixel by pixel, as Armadillo's cos and exp of long vectors start threads.
void gabor_model(const Pixels &at, const arma::vec &p, arma::vec &values, arma::mat *jacobian) {
  const double c = std::cos(p(theta)), s = std::sin(p(theta)), carrier = 2 * pi * p(frequency);
  const double iu = 1 / (p(sigma_x) * p(sigma_x)), iv = 1 / (p(sigma_y) * p(sigma_y));
  values.set_size(at.value.n_elem);
  if (jacobian) jacobian->set_size(at.value.n_elem, parameters);
  for (arma::uword k = 0; k < values.n_elem; ++k) {
    const double x = at.x(k) - p(x0), y = at.y(k) - p(y0), u = x * c + y * s, v = y * c - x * s;
    const double envelope = std::exp(-0.5 * (iu * u * u + iv * v * v)), turn = carrier * u + p(phase);
    const double wave = envelope * std::cos(turn), value = p(amplitude) * wave;
    values(k) = value;
    if (!jacobian) continue;
    auto &j = *jacobian;
    const double by_phase = -p(amplitude) * envelope * std::sin(turn);
    const double by_u = -iu * u * value + carrier * by_phase, by_v = -iv * v * value;
    j(k, amplitude) = wave;
    j(k, x0) = -c * by_u + s * by_v;
    j(k, y0) = -s * by_u - c * by_v;
    j(k, theta) = by_u * v - by_v * u; // ∂u/∂θ = v, ∂v/∂θ = −u
    j(k, sigma_x) = iu / p(sigma_x) * u * u * value;
    j(k, sigma_y) = iv / p(sigma_y) * v * v * value;
    j(k, frequency) = 2 * pi * u * by_phase;
    j(k, phase) = by_phase;
  }
}

struct Wave {
  double x = 0, y = 0; // cycles per pixel
};

// The highest local maxima of the spectrum, of which the half plane x ≥ 0 is enough.
std::vector<Wave> spectral_peaks(const arma::mat &field) {
  const arma::uword rows = 4 * field.n_rows, columns = 4 * field.n_cols;
  const arma::mat power = arma::square(arma::abs(arma::fft2(field, rows, columns)));
  std::vector<std::pair<double, Wave>> found;
  for (arma::uword j = 0; j <= columns / 2; ++j)
    for (arma::uword i = 0; i < rows; ++i) {
      bool highest = true;
      for (arma::uword di = 0; di < 3; ++di)
        for (arma::uword dj = 0; dj < 3; ++dj)
          highest = highest && power(i, j) >= power((i + rows + di - 1) % rows, (j + columns + dj - 1) % columns);
      const auto signed_frequency = static_cast<double>(i) / static_cast<double>(rows) - (2 * i > rows ? 1 : 0);
      if (highest)
        found.push_back({power(i, j), {static_cast<double>(j) / static_cast<double>(columns), signed_frequency}});
    }
  std::stable_sort(found.begin(), found.end(), [](const auto &a, const auto &b) { return a.first > b.first; });
  std::vector<Wave> out;
  for (std::size_t k = 0; k < std::min(peaks, found.size()); ++k) out.push_back(found[k].second);
  return out;
}

// The start with this wave at this place, with widths from the fourth power of the field, which weighs its envelope so
// that a Gaussian of σ has a variance of σ² / 4 and noise counts little.
arma::vec start(const Pixels &at, const arma::vec &weight, const Wave &wave, double x, double y, double wider,
                double least_frequency) {
  arma::vec p(parameters);
  p(amplitude) = 1;
  p(x0) = x;
  p(y0) = y;
  p(theta) = std::atan2(wave.y, wave.x);
  p(frequency) = std::max(least_frequency, std::hypot(wave.x, wave.y));
  const double c = std::cos(p(theta)), s = std::sin(p(theta));
  const arma::vec u = (at.x - x) * c + (at.y - y) * s, v = (at.y - y) * c - (at.x - x) * s;
  p(sigma_x) = std::max(0.7, wider * 2 * std::sqrt(arma::dot(weight, arma::square(u))));
  p(sigma_y) = std::max(0.7, wider * 2 * std::sqrt(arma::dot(weight, arma::square(v))));
  // Amplitude and phase are linear in A cos φ and −A sin φ: two equations. Where the grid does not tell them apart, as
  // at half a cycle per pixel, the even one alone.
  arma::vec even, odd;
  p(phase) = 0;
  gabor_model(at, p, even, nullptr);
  p(phase) = -pi / 2;
  gabor_model(at, p, odd, nullptr);
  const double ee = arma::dot(even, even), oo = arma::dot(odd, odd), eo = arma::dot(even, odd);
  const double ey = arma::dot(even, at.value), oy = arma::dot(odd, at.value), determinant = ee * oo - eo * eo;
  double in_even = ee > 0 ? ey / ee : 0, in_odd = 0;
  if (determinant > 1e-6 * ee * oo && oo > 1e-6 * ee) {
    in_even = (oo * ey - eo * oy) / determinant;
    in_odd = (ee * oy - eo * ey) / determinant;
  }
  p(amplitude) = std::hypot(in_even, in_odd);
  p(phase) = std::atan2(-in_odd, in_even);
  return p;
}

std::vector<arma::vec> starts(const arma::mat &field, const Pixels &at) {
  const arma::vec fourth = arma::square(arma::square(at.value / arma::abs(at.value).max()));
  const arma::vec weight = fourth / arma::accu(fourth);
  const arma::uword peak = arma::abs(at.value).index_max();
  const double least_frequency = 0.25 / static_cast<double>(std::max(field.n_rows, field.n_cols));
  std::vector<arma::vec> out;
  for (const auto &wave : spectral_peaks(field))
    for (const double wider : {0.7, 1.0, 1.5}) {
      out.push_back(start(at, weight, wave, arma::dot(weight, at.x), arma::dot(weight, at.y), wider, least_frequency));
      out.push_back(start(at, weight, wave, at.x(peak), at.y(peak), wider, least_frequency));
    }
  return out;
}

// Pixels tell waves of up to half a cycle per pixel in x and in y; a faster one looks like a slower one of another
// orientation, and fits as well.
bool resolved(const arma::vec &p) {
  constexpr double nyquist = 0.5 + 1e-9;
  return std::abs(p(frequency) * std::cos(p(theta))) <= nyquist &&
         std::abs(p(frequency) * std::sin(p(theta))) <= nyquist;
}

double within(double angle, double period) {
  const double turned = angle - period * std::floor(angle / period);
  return turned < period ? turned : 0;
}

// The same function with its parameters in their ranges.
arma::vec canonical(arma::vec p) {
  p(sigma_x) = std::abs(p(sigma_x));
  p(sigma_y) = std::abs(p(sigma_y));
  if (p(amplitude) < 0) {
    p(amplitude) = -p(amplitude);
    p(phase) += pi;
  }
  if (p(frequency) < 0) {
    p(frequency) = -p(frequency);
    p(phase) = -p(phase);
  }
  p(theta) = within(p(theta), 2 * pi);
  if (p(theta) >= pi) { // x' the other way round
    p(theta) -= pi;
    p(phase) = -p(phase);
  }
  p(phase) = within(p(phase), 2 * pi);
  return p;
}

} // namespace

Gabor fit_gabor(const arma::mat &field) {
  if (field.n_rows < 3 || field.n_cols < 3) throw NotApplicable("a field too small for a Gabor function");
  if (!field.is_finite()) throw NotApplicable("a value of a field is not a finite number");
  if (!(arma::abs(field).max() > 0)) throw NotApplicable("a field that is 0");
  const Pixels at = pixels(field);
  const numeric::FitModel model = [&](const arma::vec &p, arma::vec &values, arma::mat *jacobian) {
    gabor_model(at, p, values, jacobian);
  };
  const auto best = numeric::least_squares(model, at.value, starts(field, at), tries, most_iterations, resolved);
  const auto fit = numeric::assessed(model, at.value, canonical(best.parameters), best.converged, best.rivals);
  const auto degrees = [&](arma::uword k) {
    return numeric::Fitted{fit.parameters(k) / radian, fit.standard_error(k) / radian};
  };
  return {fit.fitted(amplitude), fit.fitted(x0),        fit.fitted(y0), degrees(theta), fit.fitted(sigma_x),
          fit.fitted(sigma_y),   fit.fitted(frequency), degrees(phase), fit.quality()};
}

} // namespace engram::measures
