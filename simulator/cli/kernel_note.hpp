// What a user should know of the kernel that products are computed with, before a run.
#pragma once

namespace engram::cli {

/// Tries the products (network::WrongProduct when they are wrong), and prints one line on stderr when the kernel is far
/// below what the processor can do, when another had to be taken, or when $OPENBLAS_CORETYPE names none; nothing
/// otherwise.
void check_kernel(bool quiet);

} // namespace engram::cli
