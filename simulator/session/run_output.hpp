// These functions write what a run file keeps of a network and its run.
#pragma once

#include "network/network.hpp"
#include "record/run_file.hpp"
#include "simulation/training.hpp"
#include "task/entries.hpp"

#include <string>
#include <vector>

namespace engram::session {

/// `label_names`: of the classes 0, 1, …, where labels are words.
record::RunInfo run_info(const model::Model &model, const std::vector<std::string> &label_names,
                         const task::TaskEntries &entries);
record::CurvePoint as_recorded(const simulation::Epoch &epoch);
/// The reverse.
simulation::Epoch as_epoch(const record::CurvePoint &point);
/// All weights that cannot be had from the model and its seed alone.
template <class T> void write_weights(record::RunFile &file, const network::Network<T> &network);

} // namespace engram::session
