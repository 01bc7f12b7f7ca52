// grid_ring() computes the grid score of a ring whose size follows from the grid's spacing, and compares it with
// shuffles.
#pragma once

#include "measures/spatial.hpp"

#include <armadillo>

#include <cstddef>
#include <functional>

namespace engram::measures {

/// Distances (bins) from the middle of an autocorrelogram to its peaks, ascending. A peak is above 0 and greater than
/// each of its eight neighbours that are not NaN; the middle is none. Its place is its bin, or `between` bins that of
/// the parabolas through it and its neighbours along x and y. Bins alone err by up to 0.7 bins. Errors:
/// std::invalid_argument when a side is not odd.
arma::vec peak_distances(const arma::mat &autocorrelogram, bool between = false);

/// The median of the six least distances; NaN of fewer than six.
double spacing_of(const arma::vec &distances);

/// Gridness of the ring from 1/2 to 3/2 spacings (bins) about the middle of an autocorrelogram. It is read by bilinear
/// interpolation at radii in steps of half a bin and at angles in steps of 1°, and correlated with itself turned by an
/// angle, over the places that are known in both: min(r60, r120) − max(r30, r90, r150). Places beyond the
/// autocorrelogram, or beside a bin that is NaN, are not known. grid_score() of spatial.hpp seeks the best ring
/// instead, as Langston et al. (2010) do; its values are greater. NaN where a correlation does not exist, or the
/// spacing is not above 0. Errors: std::invalid_argument when a side is not odd.
double ring_score(const arma::mat &autocorrelogram, double spacing);

/// Shuffle i of n: spikes moved on by `least` + (T − 2 least) i / (n + 1) ms, modulo T, the time of the path. Each
/// keeps the train's own intervals and loses its places (Langston et al. 2010, who draw the shifts at random). Errors:
/// std::invalid_argument for i outside 1 … n, and a window that is not longer than 2 least.
SpikeTrain circularly_shifted(const SpikeTrain &train, const Window &window, std::size_t i, std::size_t n,
                              double least = 20'000);

} // namespace engram::measures
