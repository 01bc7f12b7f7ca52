// choose() makes a choice among the neurons of the output region, for objectives that reward it.
#pragma once

#include "numeric/random.hpp"
#include "task/objective.hpp"

#include <cstdint>
#include <vector>

namespace engram::task {

/// The parameters of an objective that chooses.
std::vector<model::Parameter> choice_parameters();
/// Takes them from the model file.
void read_choice_parameters(const model::Objective &given, Objective &objective);

/// Which neuron was chosen in each trial, and how likely that was.
template <class T> struct Choice {
  std::vector<std::size_t> neuron;
  std::vector<T> probability;
};

/// Chooses in each of B trials. rate: N × B. With `explore`, in a share `exploration` of the trials by softmax(r / T),
/// else the highest rate. `trials` numbers the trials: the draw of trial b follows from (random, trials[b]).
template <class T>
void choose(const Objective &objective, const Matrix<T> &rate, bool explore, const numeric::Random &random,
            const std::vector<std::uint64_t> &trials, Choice<T> &choice);

} // namespace engram::task
