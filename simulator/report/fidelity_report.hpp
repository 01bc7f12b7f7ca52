// These functions write the measured bias and variance of rules as a table, as JSON and as figures.
#pragma once

#include "analysis/fidelity.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace engram::report {

/// One rule, one projection (or all as one vector), at one point of learning.
struct FidelityRow {
  std::string rule, projection; ///< "all" for the whole circuit
  std::string at;               ///< "initial", "25%", "trained"
  std::string along;   ///< whose learning led there: "own", "reference"; "" at the start, where both are the same
  double progress = 0; ///< share of learning in [0, 1]
  analysis::Fidelity fidelity;
  std::size_t trials = 0; ///< in a sample
  std::optional<analysis::MinibatchVariance> minibatch;
};

struct FidelityReport {
  std::string model;
  std::uint64_t seed = 0;
  std::size_t samples = 0; ///< asked for
  std::size_t trials = 0;
  std::vector<FidelityRow> rows;
  std::vector<std::pair<std::string, double>> cost; ///< by rule: time of a sample in forward passes
  std::vector<std::string> notes;                   ///< what could not be compared, and what differs
};

/// Trials whose updates, averaged, have a cosine of 0.9 with the gradient; NaN: no number of them.
double trials_to_cosine(const FidelityRow &row);
/// For reading in a terminal.
std::string fidelity_table(const FidelityReport &report);
/// "a sample costs, in forward passes of its circuit: …"
std::string fidelity_cost(const FidelityReport &report);
/// The contract of `engram fidelity --json`, one line. What is not known is null. All but `cost`, which is a ratio of
/// times, is the same for the same seed.
std::string fidelity_json(const FidelityReport &report);
/// The same for a file: a line for each result.
std::string fidelity_file(const FidelityReport &report);
/// Variance against bias of the whole circuit: a point with its intervals for each rule, and its way along learning.
std::string fidelity_figure(const FidelityReport &report);
/// The cosine of the mean update with the gradient along learning, one panel for each projection.
std::string cosine_figure(const FidelityReport &report);

} // namespace engram::report
