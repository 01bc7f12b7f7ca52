// A FidelityReport holds what was measured of rules: a row for each rule, projection and point of learning.
#pragma once

#include "fidelity/sampling.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace engram::fidelity {

/// One rule, one projection (or all as one vector), at one point of learning.
struct FidelityRow {
  std::string rule, projection; ///< "all" for the whole circuit
  std::string at;               ///< "initial", "25%", "trained"
  std::string along;   ///< whose learning led there: "own", "reference"; "" at the start, where both are the same
  double progress = 0; ///< share of learning in [0, 1]
  Fidelity fidelity;
  std::size_t trials = 0; ///< in a sample
  std::optional<MinibatchVariance> minibatch;
};

struct FidelityReport {
  std::string model, reference; ///< the rule that gave the gradient
  std::uint64_t seed = 0;
  std::size_t samples = 0; ///< asked for
  std::size_t trials = 0;
  std::vector<FidelityRow> rows;
  std::vector<std::pair<std::string, double>> cost; ///< by rule: time of a sample in forward passes
  std::vector<std::string> notes;                   ///< what could not be compared, and what differs
};

} // namespace engram::fidelity
