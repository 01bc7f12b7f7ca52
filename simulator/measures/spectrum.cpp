#include "measures/spectrum.hpp"

#include "measures/not_applicable.hpp"
#include "measures/unknown.hpp"

#include <cmath>
#include <numbers>
#include <stdexcept>

namespace engram::measures {

namespace {

void require_segments(double step, std::size_t length) {
  if (length < 4 || length % 2 != 0) throw std::invalid_argument("a segment is an even number of samples from 4");
  if (!(step > 0)) throw std::invalid_argument("the step of a signal is not positive");
}

// Its mean is 1 / 2: w_n = 1/2 − cos(2 π n / L) / 2.
arma::vec hann_window(std::size_t length) {
  const arma::vec place = arma::regspace(0, static_cast<double>(length) - 1) / static_cast<double>(length);
  return 0.5 - 0.5 * arma::cos(2 * std::numbers::pi * place);
}

// Fourier transforms of the segments: length / 2 + 1 × segments.
arma::cx_mat transforms(const std::vector<arma::vec> &pieces, std::size_t length) {
  const arma::vec window = hann_window(length);
  std::vector<arma::cx_vec> all;
  for (const auto &piece : pieces) {
    if (!piece.is_finite()) throw NotApplicable("a signal is not known at every sample");
    for (arma::uword first = 0; first + length <= piece.n_elem; first += length / 2) {
      const arma::vec segment = piece.subvec(first, first + length - 1);
      const arma::vec weighted = window % (segment - arma::mean(segment));
      all.push_back(arma::cx_vec(arma::fft(weighted)).head(length / 2 + 1));
    }
  }
  if (all.empty()) throw NotApplicable("nothing was observed for as long as a segment lasts");
  arma::cx_mat out(length / 2 + 1, all.size());
  for (std::size_t k = 0; k < all.size(); ++k) out.col(k) = all[k];
  return out;
}

} // namespace

arma::vec welch_frequencies(double step, std::size_t length) {
  require_segments(step, length);
  return arma::regspace(0, static_cast<double>(length / 2)) * 1000 / (static_cast<double>(length) * step);
}

arma::vec welch_spectrum(const std::vector<arma::vec> &pieces, double step, std::size_t length) {
  require_segments(step, length);
  const double weight = arma::accu(arma::square(hann_window(length)));
  arma::vec out = arma::mean(arma::square(arma::abs(transforms(pieces, length))), 1) * (step / 1000) / weight;
  out.subvec(1, length / 2 - 1) *= 2; // those below 0 are as great
  return out;
}

arma::vec welch_coherence(const std::vector<arma::vec> &x, const std::vector<arma::vec> &y, double step,
                          std::size_t length) {
  require_segments(step, length);
  if (x.size() != y.size()) throw std::invalid_argument("two signals in different pieces");
  for (std::size_t k = 0; k < x.size(); ++k)
    if (x[k].n_elem != y[k].n_elem) throw std::invalid_argument("two signals in different pieces");
  const arma::cx_mat of_x = transforms(x, length), of_y = transforms(y, length);
  const arma::vec power = arma::sum(arma::square(arma::abs(of_x)), 1) % arma::sum(arma::square(arma::abs(of_y)), 1);
  const arma::vec cross = arma::square(arma::abs(arma::cx_vec(arma::sum(arma::conj(of_x) % of_y, 1))));
  arma::vec out(power.n_elem, arma::fill::value(unknown));
  for (arma::uword k = 0; k < out.n_elem; ++k)
    if (power[k] > 0) out[k] = cross[k] / power[k];
  return out;
}

} // namespace engram::measures
