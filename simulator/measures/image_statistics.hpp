// These functions measure pictures and movies: the slope of their power spectrum, and how long a pixel keeps its value.
#pragma once

#include <armadillo>

#include <cstddef>
#include <vector>

namespace engram::measures {

/// Power by spatial frequency of square pictures, S × S × K: each less its mean, times a Hann window in both directions
/// (0 at the edges); the squares of its Fourier transform, summed over pictures and averaged over the frequencies whose
/// length, in cycles a picture, rounds to 0, 1, … S / 2. Errors: NotApplicable for pictures that are not square,
/// smaller than 4 × 4, or not finite.
arma::vec power_by_frequency(const arma::cube &pictures);

/// Slope of ln power on ln frequency, by least squares over the whole frequencies from `low` to `high`: about −2 of
/// natural scenes (Field 1987, J Opt Soc Am A 4:2379). NaN where a power is 0. Errors: std::invalid_argument unless 1 ≤
/// low < high < the number of powers.
double spectral_slope(const arma::vec &power, std::size_t low, std::size_t high);

/// For each lag: Σ c(t, p) c(t + lag, p) / Σ c(t, p)², with c the values of a pixel less its mean over the movie, T ×
/// P. The sums go over pixels and frames; that of a lag has so many frames less. NaN of a movie that is constant.
/// Errors: NotApplicable for values that are not finite, or a lag that is as long as the movie.
arma::vec pixel_autocorrelation(const arma::mat &movie, const std::vector<std::size_t> &lags);

/// The frames t > 0 whose mean |c(t, p) − c(t − 1, p)| over pixels is above `threshold`: cuts from one scene to
/// another.
std::vector<std::size_t> scene_cuts(const arma::mat &movie, double threshold);

} // namespace engram::measures
