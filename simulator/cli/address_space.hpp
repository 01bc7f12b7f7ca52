// Is there room for what the libraries take for themselves?
#pragma once

namespace engram::cli {

/// OpenBLAS takes a buffer of its own for each thread that multiplies, and asks for it for ever where it gets none:
/// under `ulimit -v` that is tried before. Where there is no room, the program ends with exit code 1 and one line that
/// says what is asked for and what there is.
void check_address_space(int threads);

} // namespace engram::cli
