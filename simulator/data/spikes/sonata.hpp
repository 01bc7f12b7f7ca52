// These functions read the spikes of a SONATA file: HDF5 with spikes/POPULATION/timestamps and node_ids (SONATA data
// format, Dai et al. 2020, PLoS Comput Biol 16:e1007696), or, as older files have them, spikes/timestamps and gids.
#pragma once

#include "data/hdf5.hpp"

#include <string>
#include <vector>

namespace engram::data {

struct SonataPopulation {
  std::string name; ///< "" in older files
  std::string path; ///< of its group
  std::vector<double> nodes, times;
  std::string units; ///< of the times, as the file writes it: "milliseconds"; "" where it does not
};

/// Groups below `file` that are a population's spikes; empty where it is no such file. For a child process.
std::vector<std::string> sonata_paths(hid_t file);
/// Errors: hdf5::Failure.
SonataPopulation read_sonata(hid_t file, const std::string &path);

} // namespace engram::data
