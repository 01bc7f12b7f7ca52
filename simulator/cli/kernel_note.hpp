// Before a run, a wrong BLAS kernel is refused, and a slow one told.
#pragma once

namespace engram::cli {

/// Tries the products. Errors: numeric::WrongProduct when they are wrong.
void check_kernel();

/// Prints one line on stderr when the kernel is far below what the processor can do, when another had to be taken, or
/// when $OPENBLAS_CORETYPE names none; nothing otherwise. For when the input has been read: of wrong input one line
/// says all.
void tell_kernel(bool quiet);

} // namespace engram::cli
