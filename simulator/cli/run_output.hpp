// These functions choose the path of a run file, and write a network's weights into it.
#pragma once

#include "cli/model_options.hpp"
#include "network/network.hpp"
#include "record/run_file.hpp"
#include "simulation/run.hpp"

#include <string>
#include <vector>

namespace engram::cli {

/// The path of the run file: as asked for, or MODEL's name with .nwb in this folder. Errors: input::InputError when it
/// must not be written, so before anything is computed. `weights`: the run file that the run begins with, or "".
std::string run_file_path(const std::string &asked, const ModelOptions &model, const std::string &weights, bool force);

/// `label_names`: of the classes 0, 1, …, where labels are words.
record::RunInfo run_info(const model::Model &model, const std::vector<std::string> &label_names = {});
record::CurvePoint as_recorded(const simulation::Epoch &epoch);
/// All weights that cannot be had from the model and its seed alone.
template <class T> void write_weights(record::RunFile &file, const network::Network<T> &network);

/// After the run file could not be written: the weights alone, into the system's folder for temporary files. Says where
/// they are, or nothing when that fails too.
template <class T> void save_elsewhere(const model::Model &model, const network::Network<T> &network);

} // namespace engram::cli
