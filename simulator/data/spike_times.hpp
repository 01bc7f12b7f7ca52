// read_spike_times() reads spike times from a file.
#pragma once

#include <string>
#include <vector>

namespace engram::data {

/// By neuron: times in ms, in the order of the file. From the units of an NWB file, or from an array (npy, npz, csv,
/// mat) whose rows are neuron (from 0) and time in ms. Columns with names are taken by them: `neuron` (unit, id, i, …),
/// and `ms` (time_ms, …) or `s` (time_s, seconds). `outside` receives the files beside it that hold some of its values,
/// `notes` what was assumed. Errors: DataError.
std::vector<std::vector<double>> read_spike_times(const std::string &file, const std::string &key,
                                                  std::vector<std::string> &outside,
                                                  std::vector<std::string> *notes = nullptr);

} // namespace engram::data
