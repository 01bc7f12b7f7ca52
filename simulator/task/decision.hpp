// decide() makes a choice of what an environment sees. Environments in which one neuron is chosen share it.
#pragma once

#include "task/environment_entry.hpp"

#include <vector>

namespace engram::task {

/// The first parameters of an environment that decides so: how, with which temperature or bound, and when.
std::vector<model::Parameter> decision_parameters(double at_ms);
/// Their places.
enum DecisionParameter : std::size_t {
  decision_way,
  decision_temperature,
  decision_bound,
  decision_at,
  decision_count
};
/// `more` after them.
std::vector<model::Parameter> with_decision(double at_ms, std::vector<model::Parameter> more);

/// The neuron of a channel that is chosen in this step; −1: none (yet). By softmax, with the probabilities
/// exp(a_i / T) / Σ_j exp(a_j / T), or as the highest, the choice is made at `decide_at`. By a bound it is made as soon
/// as a neuron is at the bound, then or later; of several the highest, of equal ones the first. `which` numbers the
/// choices of a trial, for those that are drawn.
std::int64_t decide(const EnvironmentTrial &trial, std::size_t channel = 0, std::uint64_t which = 0,
                    std::uint64_t begins = 0);

} // namespace engram::task
