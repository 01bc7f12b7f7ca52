// compare_models() says how sure the difference between the performances of two model RDMs is.
#pragma once

#include "measures/interval.hpp"
#include "measures/rsa_bootstrap.hpp"

#include <armadillo>

#include <cstddef>
#include <vector>

namespace engram::measures {

/// Model `first` against model `second`. Two-sided p-values of one test, not yet corrected for their number: see
/// multiple_comparisons.hpp.
struct ModelDifference {
  std::size_t first = 0, second = 0;
  double difference = 0; ///< of the performances
  Interval interval;     ///< of its bootstrap samples
  /// Of the difference over its standard error, with Student's distribution.
  double p = 0;
  /// 2 min((1 + #{≤ 0}), (1 + #{≥ 0})) / (1 + samples), at most 1.
  double percentile_p = 0;
};

/// Every two models, (0,1), (0,2), …, by bootstrap of their difference. Shapes, NaN and errors as model_performance().
///
/// `p`: the squared standard error is the variance of the samples times n / (n − 1), with n conditions or subjects
/// drawn and n − 1 degrees of freedom; with subjects that is the paired t-test. When both are drawn, the variance of
/// the samples holds some of either twice, so three bootstraps are run and put together by Schütt, Kipnis, Diedrichsen
/// & Kriegeskorte (2023), eLife 12:e82566, as rsatoolbox does by default: V = a V_s + b V_c − a b (V_both − V_s − V_c),
/// a = S / (S − 1), b = C / (C − 1), not below either part nor above V_both; the smaller of S and C less 1 is the
/// degrees of freedom. `percentile_p` and `interval` have no such corrections: too narrow for few subjects, too wide
/// for both. Drawing conditions is somewhat too wide in any case, the more so the less the conditions differ in their
/// mean distance to the others: weights w_i w_j spread the part of a pair that is neither condition's own three times.
/// p is 1 where the difference is 0, and NaN where it has no variance. Drawing one subject throws
/// NotApplicable.
std::vector<ModelDifference> compare_models(const arma::mat &models, const arma::mat &subjects,
                                            const RdmSimilarity &how, const Bootstrap &bootstrap,
                                            double confidence = 0.95);

} // namespace engram::measures
