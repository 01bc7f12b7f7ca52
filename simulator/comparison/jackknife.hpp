// jackknife() gives the interval of a value of which a bootstrap over conditions would be wrong.
#pragma once

#include "comparison/compare.hpp"

#include <armadillo>

#include <functional>

namespace engram::comparison {

/// Of a value of C conditions, `without` some of which are left out. Conditions that a bootstrap draws twice would look
/// alike, and raise a similarity or lower a dimensionality: so the interval is that of the jackknife over conditions
/// (Efron & Tibshirani 1993, eq. 11.5), normal. Of more than 50 conditions, 50 random groups of them are left out in
/// turn. NaN where it was interrupted. What it covers: see alignment().
measures::Interval jackknife(const Config &config, std::size_t conditions, double value, const Progress &progress,
                             const std::function<double(const arma::uvec &kept)> &without);

} // namespace engram::comparison
