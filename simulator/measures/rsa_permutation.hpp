// permutation_test() asks whether a model RDM is more like the subjects' RDMs than chance makes it.
#pragma once

#include "measures/rsa.hpp"

#include <armadillo>

#include <cstddef>
#include <cstdint>

namespace engram::measures {

struct Permutations {
  std::size_t samples = 1000;
  std::uint64_t seed = 0;
  int threads = 1; ///< changes the time, not the result
};

struct PermutationTest {
  double performance = 0; ///< mean similarity of the model with the subjects
  arma::vec null;         ///< the same with the conditions of the model relabelled, by sample
  double p = 0;           ///< (1 + #{null ≥ performance}) / (1 + samples)
};

/// Relabels the conditions of one model's RDM at random, rows and columns alike (Kriegeskorte, Mur & Bandettini 2008,
/// Front Syst Neurosci 2:4; Nili et al. 2014). `model`: pairs; `subjects`: pairs × S. A pair that is NaN in a subject,
/// or that is NaN in the relabelled model, is left out of that comparison. Errors as model_performance().
PermutationTest permutation_test(const arma::vec &model, const arma::mat &subjects, const RdmSimilarity &how,
                                 const Permutations &permutations);

} // namespace engram::measures
