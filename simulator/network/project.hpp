// project() carries signals through one projection, from source to target or back.
#pragma once

#include "network/network.hpp"

namespace engram::network {

enum class Way { forward, backward };

/// out = gain W in + beta out, in: N_pre × B, out: N_post × B; backward: out = gain Wᵀ in + beta out, in: N_post × B,
/// out: N_pre × B. A one_to_one projection costs N operations for each trial, and not N².
template <class T>
void project(const Network<T> &network, const DenseProjection<T> &projection, Way way, const numeric::Matrix<T> &in,
             T beta, numeric::Matrix<T> &out, int threads);

} // namespace engram::network
