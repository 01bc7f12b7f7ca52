// The two symbols of libengram_mpi.so. The program and the library are of one build.
#pragma once

#include "ranks/ranks.hpp"

namespace engram::ranks {

inline constexpr const char *mpi_version_symbol = "engram_mpi_version";
inline constexpr const char *mpi_open_symbol = "engram_mpi_open";
/// engram's own version, a line, and that of MPI.
using MpiVersion = const char *();
/// Starts MPI. Errors: Failed.
using MpiOpen = Ranks *();

} // namespace engram::ranks
