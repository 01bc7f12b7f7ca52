// Spike times from a file.
#pragma once

#include <string>
#include <vector>

namespace engram::data {

/// By neuron: times in ms, in the order of the file. From the units of an NWB file, or from an array (npy, npz, csv,
/// mat) whose rows are neuron (from 0) and time in ms. `outside` receives the files beside it that hold some of its
/// values. Errors: DataError.
std::vector<std::vector<double>> read_spike_times(const std::string &file, const std::string &key,
                                                  std::vector<std::string> &outside);

} // namespace engram::data
