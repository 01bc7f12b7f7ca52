// Before a run, this warns of a slow BLAS kernel and refuses a wrong one.
#pragma once

namespace engram::cli {

/// Tries the products (numeric::WrongProduct when they are wrong), and prints one line on stderr when the kernel is far
/// below what the processor can do, when another had to be taken, or when $OPENBLAS_CORETYPE names none; nothing
/// otherwise.
void check_kernel(bool quiet);

} // namespace engram::cli
