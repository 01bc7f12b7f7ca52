// These functions compute quantiles, and bootstrap intervals of a mean and of a median.
#pragma once

#include <armadillo>

#include <cstddef>
#include <cstdint>

namespace engram::measures {

/// Both ends of an interval. NaN where there is none.
struct Interval {
  double low = 0, high = 0;
};

/// A quantity with its interval.
struct Estimate {
  double value = 0;
  Interval ci;
};

struct Resampling {
  std::size_t draws = 2000;
  double level = 0.95; ///< share of the draws within the interval
  std::uint64_t seed = 0;
};

/// Quantile p of the values, 0 ≤ p ≤ 1, linear between order statistics: at p (n − 1) (Hyndman & Fan 1996, Am Stat
/// 50:361, definition 7). NaN of no values and where a value is NaN; std::invalid_argument for another p.
double quantile(const arma::vec &values, double p);

double median(const arma::vec &values);

/// From the quantiles (1 ∓ level) / 2 of a statistic's draws (percentile interval: Efron 1979, Ann Stat 7:1; Efron &
/// Tibshirani 1993, An Introduction to the Bootstrap, chapter 13). std::invalid_argument for a level outside (0, 1).
Interval percentile_interval(const arma::vec &draws, double level);

/// The same of the draws that are not NaN. NaN where these are fewer than half: what can be computed of few draws alone
/// has no interval that a bootstrap could tell.
Interval finite_percentile_interval(const arma::vec &draws, double level);

/// Mean with its percentile bootstrap interval over the values, each drawn independently with replacement. The interval
/// is NaN of fewer than two values; all is NaN where a value is NaN. std::invalid_argument for no draws, or a level
/// outside (0, 1).
Estimate bootstrap_mean(const arma::vec &values, const Resampling &resampling = {});

/// The same of the median.
Estimate bootstrap_median(const arma::vec &values, const Resampling &resampling = {});

} // namespace engram::measures
