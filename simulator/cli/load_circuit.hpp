// From a model to what runs: its weights files, its trials, the threads to run it on.
#pragma once

#include "cli/context.hpp"
#include "model/model.hpp"
#include "network/network.hpp"
#include "protocol/trials.hpp"

#include <cstddef>
#include <vector>

namespace engram::cli {

/// What network::build reads from files: weights, spikes (units of an NWB file, or rows of neuron from 0 and ms),
/// pairs. Errors: data::DataError.
network::Readers readers();
/// From the data that ship, the user's cache folder and $ENGRAM_DATA. Errors: model::InputError, data::DataError.
protocol::Trials load_trials(const Context &context, const model::Model &model);
/// `asked`, or all cores when it is 0.
int threads_or_all(int asked);

} // namespace engram::cli
