// These functions report how constraints and patterns change the weights that a model begins with.
#pragma once

#include "network/dense_weights.hpp"
#include "network/network.hpp"

#include <string>

namespace engram::network {

/// Could the weights begin otherwise than the model says? If not, no copy of them need be kept.
bool may_begin_otherwise(const model::Projection &projection, const Wiring &wiring);

/// A sentence when the projection begins with other weights than the model says; else "". `written`: N_post × N_pre as
/// the model gives or draws them; `now`: after the constraints. Of drawn weights only those that `minimum` or
/// `maximum` cut off count: an imposed sign and a norm are part of how they are drawn.
template <class T>
std::string initial_weights_note(const model::Projection &projection, const Connections &connections,
                                 const numeric::Matrix<T> &written, const numeric::Matrix<T> &now);

/// The same of synapses that carry spikes. `given`: N_post × N_pre row by row, empty where they are not given so.
template <class T>
std::string initial_weights_note(const model::Projection &projection, const Wiring &wiring,
                                 const std::vector<double> &given, const Synapses<T> &synapses);

} // namespace engram::network
