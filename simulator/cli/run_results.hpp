// What the commands run and evaluate print of losses, rewards and accuracies.
#pragma once

#include "model/model.hpp"
#include "record/take_weights.hpp"
#include "simulation/training.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace engram::cli {

/// A JSON number, or null for NaN.
nlohmann::ordered_json or_null(double value);

/// Mean results of some trials; NaN where they do not apply.
struct Results {
  double loss = simulation::absent, accuracy = simulation::absent, reward = simulation::absent;
  std::vector<double> terms{}; ///< losses by term; may be empty
};
Results training_of(const simulation::Epoch &epoch);
Results held_out_of(const simulation::Epoch &epoch);

/// {"loss", "accuracy"}, with an environment "reward", of an objective of several terms "terms".
nlohmann::ordered_json results_json(const Results &results, const model::Model &model);
/// A line: "  held out   loss 0.1  accuracy 90 %  (180 trials)"; "" where there is neither loss nor reward.
std::string results_line(const char *what, const Results &results, std::size_t trials);

/// Tells which weights come from a run file: in a warning where not all of both do, else unless `quiet`.
void tell_taken(const std::string &file, const record::Taken &taken, bool quiet);

} // namespace engram::cli
