// These functions find the projections of two circuits that are the same connection, and copy weights from one circuit
// to the other.
#pragma once

#include "fidelity/subject.hpp"

#include <string>
#include <vector>

namespace engram::fidelity {

/// Two projections (or biases) that connect the same neurons in the same way.
struct Pair {
  std::string name;               ///< "V1->decision"; of a bias "V1.bias"
  std::size_t subject, reference; ///< index of the projection in each of the two networks
};

/// Pairs the plastic projections of a subject with the reference's by the regions, signals and compartments that they
/// connect. `notes` is told which learn but cannot be compared, and why.
template <class T>
std::vector<Pair> pair_projections(const network::Network<T> &subject, const network::Network<T> &reference,
                                   std::vector<std::string> *notes = nullptr);

/// Pairs all projections that have weights of their own, plastic or not.
template <class T>
std::vector<Pair> shared_projections(const network::Network<T> &subject, const network::Network<T> &reference);

/// Brings the weights of `from` to the projection of `to` that each is paired with.
enum class Direction { to_subject, to_reference };
template <class T>
void copy_weights(const std::vector<Pair> &pairs, Direction direction, const network::Network<T> &from,
                  network::Network<T> &to);

} // namespace engram::fidelity
