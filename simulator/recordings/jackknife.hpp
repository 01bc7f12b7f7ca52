// jackknife() gives the interval of a value of which a bootstrap over conditions would be wrong.
#pragma once

#include "recordings/comparison.hpp"

#include <armadillo>

#include <functional>

namespace engram::recordings {

/// The interval of a value of C conditions; `without` gives the value of the conditions that are kept. A bootstrap
/// draws some conditions twice. These look alike, which raises a similarity or lowers a dimensionality. So the interval
/// is that of the jackknife over conditions (Efron & Tibshirani 1993, eq. 11.5), normal. Of more than 50 conditions, 50
/// random groups of them are left out in turn. NaN where it was interrupted, and where all groups give one value that
/// is not that of the whole: the mean canonical correlation of few conditions is always 1, say. alignment() says how
/// often it holds the true value.
measures::Interval jackknife(const Config &config, std::size_t conditions, double value, const Progress &progress,
                             const std::function<double(const arma::uvec &kept)> &without);

} // namespace engram::recordings
