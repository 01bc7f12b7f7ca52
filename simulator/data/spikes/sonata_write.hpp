// write_sonata() writes spikes as programs that take SONATA read them (Dai et al. 2020, PLoS Comput Biol 16:e1007696).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace engram::data {

/// Spike k is one of node nodes[k], at times_ms[k]. A file has them sorted by time.
struct SonataSpikes {
  std::string population;
  std::vector<std::uint64_t> nodes;
  std::vector<double> times_ms;
};

/// Beside, under a name of its own, then renames: the file is whole or absent. Errors: Failed.
void write_sonata(const std::string &path, const std::vector<SonataSpikes> &populations);

} // namespace engram::data
