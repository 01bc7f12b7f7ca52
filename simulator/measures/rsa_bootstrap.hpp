// bootstrap_performance() measures models on resampled conditions and subjects (Nili, Wingfield, Walther, Su,
// Marslen-Wilson & Kriegeskorte 2014, PLoS Comput Biol 10:e1003553).
#pragma once

#include "measures/rsa.hpp"

#include <armadillo>

#include <cstddef>
#include <cstdint>

namespace engram::measures {

/// The things that are drawn again, with replacement. The results generalise to others of them: other conditions, other
/// subjects, or both at once.
enum class Resample { conditions, subjects, both };

struct Bootstrap {
  Resample resample = Resample::conditions;
  std::size_t samples = 1000;
  std::uint64_t seed = 0;
  int threads = 1; ///< changes the time, not the result
};

/// Performance of each model (see model_performance(), also for shapes, NaN and errors) in each bootstrap sample:
/// samples × M. Where conditions are drawn, a pair of a condition with itself is left out. A sample of fewer than three
/// different conditions is NaN, as all its pairs are one; so is a sample in which nothing can be compared. Random
/// numbers are counted by sample, so a sample does not depend on how many are drawn.
arma::mat bootstrap_performance(const arma::mat &models, const arma::mat &subjects, const RdmSimilarity &how,
                                const Bootstrap &bootstrap);

} // namespace engram::measures
