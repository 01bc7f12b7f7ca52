#include "measures/image_statistics.hpp"

#include "measures/not_applicable.hpp"
#include "measures/unknown.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

namespace engram::measures {

arma::vec power_by_frequency(const arma::cube &pictures) {
  const arma::uword side = pictures.n_rows;
  if (side != pictures.n_cols || side < 4 || pictures.n_slices == 0)
    throw NotApplicable("a spectrum is of square pictures of 4 x 4 pixels at least");
  if (!pictures.is_finite()) throw NotApplicable("a picture that is not finite");
  arma::vec hann(side);
  for (arma::uword k = 0; k < side; ++k)
    hann[k] = 0.5 - 0.5 * std::cos(2 * std::numbers::pi * static_cast<double>(k) / static_cast<double>(side - 1));
  arma::mat power(side, side, arma::fill::zeros);
  for (arma::uword p = 0; p < pictures.n_slices; ++p) {
    const arma::mat picture = pictures.slice(p) - arma::accu(pictures.slice(p)) / static_cast<double>(side * side);
    power += arma::square(arma::abs(arma::fft2(arma::mat(picture % (hann * hann.t())))));
  }
  const auto frequency = [side](arma::uword k) {
    return static_cast<double>(k <= side / 2 ? k : side - k); // of −1 as of 1
  };
  arma::vec sum(side / 2 + 1, arma::fill::zeros), count = sum;
  for (arma::uword j = 0; j < side; ++j)
    for (arma::uword i = 0; i < side; ++i) {
      const auto length = static_cast<arma::uword>(std::lround(std::hypot(frequency(i), frequency(j))));
      if (length >= sum.n_elem) continue;
      sum[length] += power(i, j);
      count[length] += 1;
    }
  return sum / count;
}

double spectral_slope(const arma::vec &power, std::size_t low, std::size_t high) {
  if (low < 1 || high <= low || high >= power.n_elem)
    throw std::invalid_argument("a slope goes from one frequency to a higher one of the spectrum");
  const arma::vec y = arma::log(power.subvec(low, high));
  if (!y.is_finite()) return unknown;
  const arma::vec x = arma::log(arma::regspace(static_cast<double>(low), static_cast<double>(high)));
  const arma::vec centred = x - arma::mean(x);
  return arma::dot(centred, y) / arma::dot(centred, centred);
}

arma::vec pixel_autocorrelation(const arma::mat &movie, const std::vector<std::size_t> &lags) {
  if (movie.is_empty() || !movie.is_finite()) throw NotApplicable("a movie that is empty or not finite");
  const arma::mat centred = movie.each_row() - arma::mean(movie, 0);
  const double all = arma::dot(centred, centred);
  arma::vec out(lags.size());
  for (std::size_t k = 0; k < lags.size(); ++k) {
    if (lags[k] >= movie.n_rows) throw NotApplicable("a lag as long as the movie");
    double sum = 0;
    for (arma::uword p = 0; p < movie.n_cols; ++p)
      sum += arma::dot(centred.col(p).head(movie.n_rows - lags[k]), centred.col(p).tail(movie.n_rows - lags[k]));
    out[k] = all > 0 ? sum / all : unknown;
  }
  return out;
}

std::vector<std::size_t> scene_cuts(const arma::mat &movie, double threshold) {
  std::vector<std::size_t> out;
  for (arma::uword t = 1; t < movie.n_rows; ++t)
    if (arma::mean(arma::abs(movie.row(t) - movie.row(t - 1))) > threshold) out.push_back(t);
  return out;
}

} // namespace engram::measures
