// place_fields() finds the fields of a rate map.
#pragma once

#include <armadillo>

#include <cstddef>
#include <vector>

namespace engram::measures {

struct PlaceField {
  std::size_t bins = 0;
  double peak = 0;                      ///< Hz
  double peak_row = 0, peak_column = 0; ///< bins
  double row = 0, column = 0;           ///< centre of mass by rate, bins
};

/// Sets of bins that share sides, of `least_bins` or more, whose rate is at least `share` of the greatest of the map;
/// in the order of their peaks, highest first. Bins that are NaN belong to none. None in a map whose greatest rate is
/// not above 0. Errors: std::invalid_argument for a share outside (0, 1].
std::vector<PlaceField> place_fields(const arma::mat &rate, double share = 0.3, std::size_t least_bins = 9);

} // namespace engram::measures
