// student_mean() gives a mean with the interval of Student's t.
#pragma once

#include "measures/interval.hpp"

#include <armadillo>

namespace engram::measures {

/// Mean with its deviation and interval.
struct StudentMean {
  Estimate mean;
  double deviation = 0; ///< divides by n − 1
};

/// mean ± t sd / √n, where t is the (1 + level) / 2 quantile of Student's distribution with n − 1 degrees of freedom
/// (Student 1908, Biometrika 6:1): for independent values of a normal distribution it holds the expectation in `level`
/// of cases. Deviation and interval are NaN of fewer than two values; all is NaN of none, and where a value is NaN.
/// std::invalid_argument for a level outside (0, 1).
StudentMean student_mean(const arma::vec &values, double level = 0.95);

} // namespace engram::measures
