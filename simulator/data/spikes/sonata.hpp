// These functions read the spikes and reports of a SONATA file: HDF5 with spikes/POPULATION/timestamps and node_ids
// (SONATA data format, Dai et al. 2020, PLoS Comput Biol 16:e1007696), or, as older files have them, spikes/timestamps
// and gids; and with report/POPULATION/data, time × elements, beside which mapping says what the elements are.
#pragma once

#include "data/array.hpp"
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

/// What was recorded of the elements (compartments) of nodes, step by step.
struct SonataReport {
  std::string name;                  ///< of the population
  Array values;                      ///< samples × elements
  std::string unit, time_unit;       ///< as the file writes them
  double start = 0, step = 0;        ///< of the samples, in time_unit
  std::vector<std::string> elements; ///< "7" for the only element of node 7, "7:3" where it has several
};

/// Groups below `file` that are reports. For a child process.
std::vector<std::string> report_paths(hid_t file);
/// The report of the population `key`, or the only one. A child process reads it. Errors: DataError that begins with
/// the path.
SonataReport read_sonata_report(const std::string &path, const std::string &key);

} // namespace engram::data
