// This form of build() makes a network from a model, and reports initial weights that differ from what the model says.
#pragma once

#include "input/input_error.hpp"
#include "network/network.hpp"

namespace engram::network {

/// As build(model, read). `told` receives a line for each projection that begins with other weights than the model
/// says: its constraints change them, or its pattern leaves some out. Errors: input::InputError, with the pointers of
/// all files of weights, spikes or pairs that cannot be read or do not fit.
/// `split`: of sparse projections, synapses onto this rank's own neurons alone.
template <class T>
Network<T> build(const model::Model &model, const Readers &read, std::vector<input::Problem> &told, Split split = {});

} // namespace engram::network
