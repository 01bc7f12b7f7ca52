// These functions compute rate maps over an arena, and from them place information, grid score and border score.
#pragma once

#include "measures/spike_train.hpp"

#include <armadillo>

#include <cstddef>

namespace engram::measures {

/// A rectangle in bins: R rows along y × C columns along x, row 0 at y_min. Lengths in cm.
struct Arena {
  double x_min = 0, x_max = 100, y_min = 0, y_max = 100;
  double bin = 2.5; ///< side of a bin; the sides of the arena are whole numbers of it
};

/// Where the animal was: position (cm) at each time (ms, increasing), NaN where it is not known. A position holds until
/// the next sample; that of the last sample holds no time.
struct Path {
  arma::vec time, x, y;
};

struct RateMapOptions {
  double smoothing = 5;       ///< standard deviation of the Gaussian, cm; 0 for none
  double least_occupancy = 0; ///< ms; bins that were visited no longer than this are NaN
  double longest_gap = 1000;  ///< ms; longer intervals between samples, and the spikes in them, are left out
  double least_smoothed = 0; ///< ms; above 0, in the place of least_occupancy: bins whose smoothed time is less are NaN
};

struct RateMap {
  arma::mat rate;      ///< R × C, Hz; NaN in bins that were not visited
  arma::mat occupancy; ///< R × C, ms, not smoothed
  arma::mat spikes;    ///< R × C, counts, not smoothed
};

/// Spikes over time by bin. Both are smoothed before they are divided, by a Gaussian that is cut off at 4 standard
/// deviations and at the walls, so that a bin weighs by the time spent in it.
/// A spike belongs to the position that holds at its time; spikes without one, or outside the arena, are left out.
/// Errors: NotApplicable when the arena is not a whole number of bins, the path has not one position for each time or
/// times that do not increase, or spike times are not sorted; std::invalid_argument when an option is negative.
RateMap rate_map(const Path &path, const SpikeTrain &train, const Arena &arena, const RateMapOptions &options = {});

/// Skaggs, McNaughton, Gothard & Markus (1993, NIPS 5:1030): with p the share of time in each bin and λ̄ = Σ p λ,
struct SpatialInformation {
  double bits_per_second = 0; ///< Σ p λ log₂(λ / λ̄)
  double bits_per_spike = 0;  ///< the same over λ̄
  double sparsity = 0;        ///< (Σ p λ)² / Σ p λ² (Skaggs et al. 1996)
};
/// Bins where the rate is NaN are left out. All NaN when no bin was visited or λ̄ = 0.
/// Errors: std::invalid_argument when the sizes differ.
SpatialInformation spatial_information(const arma::mat &rate, const arma::mat &occupancy);

/// Pearson's correlation of a map with itself at each shift, over the bins that have a rate in both (Sargolini et al.
/// 2006, Science 312:758, supplement): (2R − 1) × (2C − 1), shift 0 in the middle. NaN where fewer than `least_overlap`
/// bins overlap (20 in Sargolini et al.), or where they are constant. By Fourier transform, O(R C log(R C)).
/// Errors: NotApplicable for an empty map.
arma::mat spatial_autocorrelogram(const arma::mat &rate, std::size_t least_overlap = 20);

struct GridScore {
  double score = 0;            ///< in [−2, 2]; NaN when no ring has a correlation
  double inner = 0, outer = 0; ///< radii of the ring, bins
  double spacing = 0;          ///< bins; NaN where there are not six peaks
  double orientation = 0;      ///< degrees in [0, 360), below 60 for a regular grid; NaN where there are not six peaks
};
/// Gridness of an autocorrelogram: of a ring about its middle, correlated with itself turned by an angle (bilinear
/// interpolation, pixels that are NaN in either left out), min(r60, r120) − max(r30, r90, r150) (Sargolini et al.
/// 2006). The ring leaves out the central peak, whose radius is that at which the mean correlation by distance (rounded
/// to bins) has its first minimum or first falls below 0.2. As in Langston et al. (2010, Science 328:1576) its outer
/// radius runs in steps of a bin from `margin` bins beyond the central peak to `margin` bins within the width of the
/// arena (10 cm each there, hence 4 bins of 2.5 cm), and the greatest score counts.
///
/// Spacing and orientation are those of the six peaks nearest to the middle (Hafting, Fyhn, Molden, Moser & Moser 2005,
/// Nature 436:801): the median of their distances, and the angle from the x axis (towards y) to the first of them. A
/// peak is above 0 and the greatest value within the radius of the central peak; its place is that of the parabolas
/// through it and its neighbours along x and y.
/// Errors: std::invalid_argument when a side of the autocorrelogram is not odd or the margin is negative.
GridScore grid_score(const arma::mat &autocorrelogram, double margin = 4);

struct BorderScore {
  double score = 0;    ///< (coverage − distance) / (coverage + distance), in [−1, 1]
  double coverage = 0; ///< c_M: the greatest share of a wall's bins that belong to one field
  double distance = 0; ///< d_M: mean distance of the fields' bins from the nearest wall, over half the shorter side
};
/// Solstad, Boccara, Kropff, Moser & Moser (2008, Science 322:1865, supplement): fields are bins that share sides and
/// have a rate above `threshold` times the greatest, of at least `least_area` cm² together. Distances are those of the
/// bins' middles, weighted by rate, over all fields. NaN without a field.
/// Errors: std::invalid_argument when bin is not positive.
BorderScore border_score(const arma::mat &rate, double bin, double threshold = 0.3, double least_area = 200);

} // namespace engram::measures
