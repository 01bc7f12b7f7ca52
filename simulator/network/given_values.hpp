// These functions refuse numbers that are not finite, in the files that a network is built from and in its initial
// weights. They also refuse negative weights of conductances.
#pragma once

#include "network/network.hpp"

namespace engram::network {

/// The same readers, which refuse numbers that are not finite. `read` must outlive what is returned.
/// Errors: input::InputError with the file, and the row and column (or the neuron and the spike).
Readers finite_only(const Readers &read);

/// Errors: input::InputError that names the projection and the two neurons of a weight that is not finite: what was
/// drawn or written does not fit the precision.
template <class T> void refuse_not_finite(const model::Model &model, const Network<T> &network);

/// Errors: input::InputError for a negative weight of synapses onto a conductance, however it was given.
template <class T> void refuse_negative_conductances(const model::Model &model, const Network<T> &network);

} // namespace engram::network
