// plain_names() shortens the paths that references to groups are read as.
#pragma once

#include <string>
#include <vector>

namespace engram::recordings {

/// The last part of each path: "VISp" of "/general/extracellular_ephys/VISp". Paths that end alike stay as they are,
/// and so does what is no path.
std::vector<std::string> plain_names(const std::vector<std::string> &paths);

} // namespace engram::recordings
