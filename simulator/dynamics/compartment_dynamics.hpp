// These are rate neurons whose compartments have a meaning of their own: predictive_coding, dendritic, burst.
#pragma once

#include "dynamics/region_dynamics.hpp"

namespace engram::dynamics {

/// The dynamics of this file by name, or null. Heterogeneous parameters are drawn by the seed.
template <class T>
std::unique_ptr<RegionDynamics<T>> compartment_dynamics_of(const model::Region &region, std::uint64_t seed);

} // namespace engram::dynamics
