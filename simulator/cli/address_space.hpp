// This checks that a limit of the address space (`ulimit -v`) leaves room for the buffers of OpenBLAS.
#pragma once

namespace engram::cli {

/// OpenBLAS takes a buffer for each thread that multiplies, and asks again without end where it gets none. So under
/// `ulimit -v` this tries whether there is room for the buffers of that many threads. Where there is none, the program
/// ends with exit code 1 and one line that says what is asked for and what there is.
void check_address_space(int threads);

} // namespace engram::cli
