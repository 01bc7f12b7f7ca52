// measure_fidelity() does the work of `engram fidelity`: it measures each rule at each point of learning.
#pragma once

#include "cli/context.hpp"
#include "cli/model_options.hpp"
#include "report/fidelity_report.hpp"

#include <string>
#include <vector>

namespace engram::cli {

/// A point of learning.
struct LearningPoint {
  std::string name;    ///< "initial", "25%", "trained"
  double fraction = 0; ///< of the updates, in [0, 1]
};

struct FidelityOptions {
  ModelOptions model;
  SimulationOptions simulation;
  std::vector<std::string> rules, models; ///< as fidelity_plan takes them
  std::vector<LearningPoint> points;      ///< ascending
  std::size_t samples = 1000, trials = 0, minibatch = 0;
  double precision = 0;
};

/// Returns what was measured; with `interrupted`, what there was by then. Errors: input::InputError,
/// learning::PluginError, data::DataError; simulation::RunFailure and learning::RuleFailure of a measurement. A circuit
/// that does not learn as far as a point is not measured there, and a note tells why.
report::FidelityReport measure_fidelity(const Context &context, const FidelityOptions &options, bool &interrupted);

} // namespace engram::cli
