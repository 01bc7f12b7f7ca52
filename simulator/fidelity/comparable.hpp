// These functions select the projections of a circuit that can be compared with a reference. A note says why each of
// the others cannot.
#pragma once

#include "fidelity/sampling.hpp"

#include <string>
#include <vector>

namespace engram::fidelity {

/// Those of the pairs that `model` also lets learn, so that several circuits are measured by the same projections. All
/// of them when a projection of `model` is not among them: then there is no common measure.
template <class T>
std::vector<Pair> those_of(const network::Network<T> &model, const std::string &model_name,
                           const network::Network<T> &subject, std::vector<Pair> pairs,
                           std::vector<std::string> &notes);

/// Those of the pairs on which the reference's loss depends. A feedback path that learns has a gradient of 0 whatever
/// the weights: there is no direction to compare it with.
template <class T>
std::vector<Pair> those_of_the_loss(const Subject<T> &reference, const std::vector<Pair> &pairs,
                                    const std::vector<std::size_t> &rows, int threads, std::vector<std::string> &notes);

/// Notes which activations and objectives differ between regions of one name. Circuits that do not compute the same
/// function do not have the same gradient.
void tell_differences(const model::Model &mine, const model::Model &theirs, std::vector<std::string> &notes);

} // namespace engram::fidelity
