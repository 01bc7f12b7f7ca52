// These functions sum up what was measured of neurons or of pairs of them.
#pragma once

#include "recordings/comparison.hpp"

#include <armadillo>
#include <string>
#include <vector>

namespace engram::recordings {

/// The median over neurons, with its bootstrap interval; neurons of which it is NaN are left out.
Result median_of(const Config &config, const std::string &method, const arma::vec &values);

/// The median of reliabilities by Spearman-Brown. A neuron whose halves correlate below 0 has none; left out, it would
/// raise the median of the others, so it counts as below all of them. No value where the median falls on such neurons,
/// and no interval where an end of it does. Notes, which begin with `subject`, count them and those without any
/// correlation.
Result median_reliability(const Config &config, const std::string &method, const arma::vec &correlation,
                          const arma::vec &reliability, const std::string &subject, std::vector<std::string> &notes);

/// The mean over pairs i ≠ j of a symmetric matrix, units × units. Pairs without a value (NaN) are left out.
class PairMean {
public:
  explicit PairMean(const arma::mat &of_pairs);
  /// With unit k counted weight[k] times. NaN where no pair is left.
  double of(const arma::vec &weight) const;

private:
  arma::mat values_, known_; // 0 where there is none
};

/// The mean over pairs of units of a symmetric matrix, with its bootstrap interval over units; pairs of
/// which it is NaN are left out.
Result mean_over_pairs(const Config &config, const std::string &method, const arma::mat &of_pairs);

} // namespace engram::recordings
