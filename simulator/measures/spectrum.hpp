// welch_spectrum() and welch_coherence() say at which frequencies a signal varies, and two vary together. CrossSpectra
// does so for many channels, segment by segment.
#pragma once

#include <armadillo>

#include <cstddef>
#include <utility>
#include <vector>

namespace engram::measures {

// Signals come in pieces without a gap, sampled every `step` ms. Each piece is cut into segments of `length` samples
// that overlap by half; each loses its mean, and is weighted by a Hann window (Welch 1967, IEEE Trans Audio
// Electroacoust 15:70). What is left of a piece is not used. As scipy.signal.welch and coherence, with their default
// settings, of one piece. All throw NotApplicable for values that are not finite, and where no piece has a segment;
// std::invalid_argument for an odd length or one below 4, and a step that is not positive.

/// Hz: k / (length · step), k = 0 … length / 2.
arma::vec welch_frequencies(double step, std::size_t length);

/// One-sided power spectral density, unit² / Hz, at these frequencies: its integral is the variance within segments. Of
/// a Poisson process of r spikes a second, in Hz, it is 2 r.
arma::vec welch_spectrum(const std::vector<arma::vec> &pieces, double step, std::size_t length);

/// |S_xy|² / (S_xx S_yy) at these frequencies, of two signals that were sampled together. 1 where there is one segment
/// alone; of n independent segments of unrelated signals 1/n on average. NaN where a signal has no power. Errors also:
/// std::invalid_argument for pieces of other sizes.
arma::vec welch_coherence(const std::vector<arma::vec> &x, const std::vector<arma::vec> &y, double step,
                          std::size_t length);

/// The same of channels that are sampled together, from one segment after the other: a long recording is never held as
/// a whole. Nothing is thrown for a value that is not finite: its channel is left out of that segment.
class CrossSpectra {
public:
  using Pairs = std::vector<std::pair<std::size_t, std::size_t>>; ///< of channels

  /// Of the first `frequencies` of welch_frequencies(step, length), and coherences of these pairs alone. Errors:
  /// std::invalid_argument as above, and for more frequencies than there are.
  CrossSpectra(double step, std::size_t length, std::size_t frequencies, std::size_t channels, Pairs pairs);

  /// A segment: length × channels. Errors: std::invalid_argument for another shape.
  void add(const arma::mat &segment);

  /// Frequencies × channels; NaN for a channel without a segment.
  arma::mat power() const;
  /// Frequencies × pairs, of the segments that both channels have; NaN where there is none, or no power.
  arma::mat coherence() const;
  /// How many segments each channel has.
  const arma::vec &segments() const { return segments_; }

private:
  double step_;
  Pairs pairs_;
  arma::vec window_, segments_; // by sample; by channel
  arma::mat power_;             // frequencies × channels: sums of |X|²
  arma::mat first_, second_;    // frequencies × pairs: the same, of segments that both have
  arma::cx_mat cross_;          // frequencies × pairs: sums of X* Y
};

} // namespace engram::measures
