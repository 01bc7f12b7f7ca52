// summarize() describes values by their moments and quartiles.
#pragma once

#include <armadillo>

#include <cstddef>

namespace engram::measures {

struct Summary {
  std::size_t count = 0, missing = 0; ///< values that are numbers; values that are NaN
  double mean = 0, deviation = 0;     ///< the deviation divides by n
  double least = 0, first_quartile = 0, median = 0, third_quartile = 0, greatest = 0; ///< as quantile() of interval.hpp
  double excess_kurtosis = 0; ///< m₄ / m₂² − 3, of central moments that divide by n; NaN of equal values
};

/// Of values of which NaN are left out; all NaN where there are none.
Summary summarize(const arma::vec &values);

/// The same of differences of neighbours along the rows of pictures, a(i, j + 1) − a(i, j): R × C × K.
Summary summarize_differences(const arma::cube &pictures);

} // namespace engram::measures
