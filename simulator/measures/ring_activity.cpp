#include "measures/ring_activity.hpp"

#include "measures/correlation.hpp"
#include "measures/not_applicable.hpp"
#include "measures/unknown.hpp"

#include <cmath>
#include <complex>
#include <numbers>
#include <stdexcept>

namespace engram::measures {

arma::mat relative_fluorescence(const arma::mat &fluorescence, double share) {
  if (!(share > 0 && share <= 1)) throw std::invalid_argument("the share of the smallest values lies in (0, 1]");
  const auto count = static_cast<arma::uword>(share * static_cast<double>(fluorescence.n_rows) + 1e-9);
  if (count == 0 || !fluorescence.is_finite()) throw NotApplicable("fluorescence of too few samples, or not finite");
  arma::mat out = fluorescence;
  for (arma::uword n = 0; n < out.n_cols; ++n) {
    const arma::vec sorted = arma::sort(fluorescence.col(n));
    const double base = arma::mean(sorted.head(count));
    if (!(base > 0)) throw NotApplicable("the smallest fluorescence of a neuron is not above 0");
    out.col(n) = out.col(n) / base - 1;
  }
  return out;
}

arma::mat moving_average(const arma::mat &x, std::size_t width) {
  if (width == 0) throw std::invalid_argument("a mean of no rows");
  if (x.n_rows < width) throw NotApplicable("there are fewer samples than are averaged");
  arma::mat out(x.n_rows - width + 1, x.n_cols);
  for (arma::uword t = 0; t < out.n_rows; ++t) out.row(t) = arma::mean(x.rows(t, t + width - 1), 0);
  return out;
}

arma::vec unwrapped(const arma::vec &angle) {
  arma::vec out = angle;
  for (arma::uword t = 1; t < out.n_elem; ++t)
    out[t] = out[t - 1] + std::remainder(angle[t] - angle[t - 1], 2 * std::numbers::pi);
  return out;
}

RingVector ring_vector(const arma::mat &activity) {
  if (activity.n_cols < 3 || activity.n_rows == 0 || !activity.is_finite())
    throw NotApplicable("a ring has three neurons at least, of finite activity");
  const double turn = 2 * std::numbers::pi / static_cast<double>(activity.n_cols);
  RingVector out{arma::vec(activity.n_rows), arma::vec(activity.n_rows)};
  for (arma::uword t = 0; t < activity.n_rows; ++t) {
    std::complex<double> z = 0;
    for (arma::uword k = 0; k < activity.n_cols; ++k)
      z += activity(t, k) * std::polar(1.0, turn * static_cast<double>(k));
    out.phase[t] = std::arg(z);
    out.length[t] = std::abs(z) / arma::accu(activity.row(t)); // 0 / 0 is NaN
  }
  out.phase = unwrapped(out.phase);
  return out;
}

Following following(const arma::vec &phase, const arma::vec &heading) {
  if (phase.n_elem != heading.n_elem) throw std::invalid_argument("a phase and a heading of different lengths");
  if (phase.n_elem < 3) throw NotApplicable("fewer than three samples of a heading");
  const arma::vec x = centred_columns(heading);
  const double spread = arma::dot(x, x);
  Following out;
  out.slope = spread > 0 ? arma::dot(x, phase) / spread : unknown;
  out.r = column_correlations(phase, heading)[0];
  out.r_of_steps = column_correlations(arma::diff(phase), arma::diff(heading))[0];
  out.turns = (heading.max() - heading.min()) / (2 * std::numbers::pi);
  return out;
}

} // namespace engram::measures
