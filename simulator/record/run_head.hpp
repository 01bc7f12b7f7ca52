// These functions write what stands once in a run file: about the run as a whole, and about its end.
#pragma once

#include "record/nwb_write.hpp"
#include "record/run_file.hpp"

#include <string>
#include <vector>

namespace engram::record {

/// What NWB asks of each file, /general, and what /scratch has from the beginning. Errors: data::hdf5::Failure.
void write_head(hid_t file, const RunInfo &info, const nwb::Identity &identity);

/// `terms`: as in RunInfo. Values that do not apply are left out. Errors: data::hdf5::Failure.
void write_end(hid_t scratch, const RunEnd &end, const std::vector<std::string> &terms, const nwb::Identity &identity);

} // namespace engram::record
