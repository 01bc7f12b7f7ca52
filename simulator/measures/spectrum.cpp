#include "measures/spectrum.hpp"

#include "measures/not_applicable.hpp"
#include "measures/unknown.hpp"

#include <cmath>
#include <numbers>
#include <stdexcept>
#include <utility>

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

// The segments of pieces, each of which is samples × channels.
void add_segments(CrossSpectra &to, const std::vector<arma::mat> &pieces, std::size_t length) {
  bool any = false;
  for (const auto &piece : pieces) {
    if (!piece.is_finite()) throw NotApplicable("a signal is not known at every sample");
    for (arma::uword first = 0; first + length <= piece.n_rows; first += length / 2) {
      to.add(piece.rows(first, first + length - 1));
      any = true;
    }
  }
  if (!any) throw NotApplicable("nothing was observed for as long as a segment lasts");
}

} // namespace

arma::vec welch_frequencies(double step, std::size_t length) {
  require_segments(step, length);
  return arma::regspace(0, static_cast<double>(length / 2)) * 1000 / (static_cast<double>(length) * step);
}

arma::vec welch_spectrum(const std::vector<arma::vec> &pieces, double step, std::size_t length) {
  CrossSpectra sums(step, length, length / 2 + 1, 1, {});
  add_segments(sums, {pieces.begin(), pieces.end()}, length);
  return sums.power().col(0);
}

arma::vec welch_coherence(const std::vector<arma::vec> &x, const std::vector<arma::vec> &y, double step,
                          std::size_t length) {
  if (x.size() != y.size()) throw std::invalid_argument("two signals in different pieces");
  std::vector<arma::mat> both;
  for (std::size_t k = 0; k < x.size(); ++k) {
    if (x[k].n_elem != y[k].n_elem) throw std::invalid_argument("two signals in different pieces");
    both.push_back(arma::join_rows(x[k], y[k]));
  }
  CrossSpectra sums(step, length, length / 2 + 1, 2, {{0, 1}});
  add_segments(sums, both, length);
  return sums.coherence().col(0);
}

CrossSpectra::CrossSpectra(double step, std::size_t length, std::size_t frequencies, std::size_t channels, Pairs pairs)
    : step_(step), pairs_(std::move(pairs)) {
  require_segments(step, length);
  if (frequencies > length / 2 + 1) throw std::invalid_argument("a segment has not so many frequencies");
  window_ = hann_window(length);
  segments_.zeros(channels);
  power_.zeros(frequencies, channels);
  first_.zeros(frequencies, pairs_.size());
  second_ = first_;
  cross_.zeros(frequencies, pairs_.size());
}

void CrossSpectra::add(const arma::mat &segment) {
  if (segment.n_rows != window_.n_elem || segment.n_cols != segments_.n_elem)
    throw std::invalid_argument("a segment is length × channels");
  arma::cx_mat transform(power_.n_rows, segment.n_cols);
  std::vector<bool> known(segment.n_cols);
  for (arma::uword c = 0; c < segment.n_cols; ++c) {
    known[c] = segment.col(c).is_finite();
    if (!known[c]) continue;
    const arma::vec weighted = window_ % (segment.col(c) - arma::mean(segment.col(c)));
    transform.col(c) = arma::cx_vec(arma::fft(weighted)).head(power_.n_rows);
    power_.col(c) += arma::square(arma::abs(transform.col(c)));
    segments_[c] += 1;
  }
  for (std::size_t p = 0; p < pairs_.size(); ++p) {
    const auto [a, b] = pairs_[p];
    if (!known[a] || !known[b]) continue;
    first_.col(p) += arma::square(arma::abs(transform.col(a)));
    second_.col(p) += arma::square(arma::abs(transform.col(b)));
    cross_.col(p) += arma::conj(transform.col(a)) % transform.col(b);
  }
}

arma::mat CrossSpectra::power() const {
  arma::mat out = power_ * (step_ / 1000) / arma::accu(arma::square(window_));
  for (arma::uword k = 1; k < out.n_rows && k < window_.n_elem / 2; ++k) out.row(k) *= 2; // those below 0 are as great
  for (arma::uword c = 0; c < out.n_cols; ++c) {
    if (segments_[c] > 0)
      out.col(c) /= segments_[c];
    else
      out.col(c).fill(unknown);
  }
  return out;
}

arma::mat CrossSpectra::coherence() const {
  arma::mat out(cross_.n_rows, cross_.n_cols, arma::fill::value(unknown));
  const arma::mat power = first_ % second_, cross = arma::square(arma::abs(cross_));
  for (arma::uword k = 0; k < out.n_elem; ++k)
    if (power[k] > 0) out[k] = cross[k] / power[k];
  return out;
}

} // namespace engram::measures
