// From a model to what runs: its weights files, its trials, the threads to run it on.
#pragma once

#include "cli/context.hpp"
#include "model/model.hpp"
#include "protocol/trials.hpp"

#include <cstddef>
#include <vector>

namespace engram::cli {

/// For network::build. Errors: data::DataError.
std::vector<double> read_weights(const model::Weights &said, std::size_t posts, std::size_t pres);
/// For network::build: units of an NWB file, or rows (neuron from 0, ms) of an array. Errors: data::DataError.
std::vector<std::vector<double>> read_spikes(const model::SpikeTimes &said);
/// From the data that ship, the user's cache folder and $ENGRAM_DATA. Errors: model::InputError, data::DataError.
protocol::Trials load_trials(const Context &context, const model::Model &model);
/// `asked`, or all cores when it is 0.
int threads_or_all(int asked);

} // namespace engram::cli
