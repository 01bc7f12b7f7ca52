// These functions make the weights that a dense projection begins with, and what holds them.
#pragma once

#include "network/network.hpp"

#include <memory>
#include <vector>

namespace engram::network {

/// The wiring of a dense projection, and the pairs of neurons that it joins, found once.
struct Connections {
  Connections() = default;
  explicit Connections(std::unique_ptr<const Wiring> of);
  /// Is there a synapse at this place of the weights, which stand column by column?
  bool has(std::size_t place) const { return there.empty() || there[place]; }
  std::unique_ptr<const Wiring> wiring;
  std::vector<bool> there; ///< N_post × N_pre, column by column; empty where all are
};

/// The weights as the model gives or draws them: N_post × N_pre, 0 where it draws none.
/// Errors: input::InputError where a file does not fit.
template <class T>
numeric::Matrix<T> initial_weights(const model::Projection &projection, const Connections &connections,
                                   const ReadWeights &read);

/// Gives the projection, which has its weights, what the wiring and the constraints of the model hold them by: mask,
/// signs, norm, sharing. An imposed sign turns the weights over.
template <class T> void hold(DenseProjection<T> &projection, const Connections &connections);

} // namespace engram::network
