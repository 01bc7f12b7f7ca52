// check_drawn() asks of parameters that are drawn what the checks of the model ask of those that are written: their
// range, a reset below the threshold, and a step that is not too long. It also asks whether exact steps suit the
// neurons that an exponential integrator moves, which may follow from their parameters.
#pragma once

#include "dynamics/entry.hpp"
#include "model/model.hpp"

namespace engram::dynamics {

/// Errors: input::InputError with the pointer of a parameter of which a neuron drew a value that is out of its range,
/// or that does not fit its others; of the step where it is too long for the fastest neuron. Lines are for who knows
/// the file to add (input::placed()). `entries`: the dynamics that the model may name.
void check_drawn(const model::Model &model, const DynamicsEntries &entries = dynamics_entries());

} // namespace engram::dynamics
