// These functions test whether numbers are finite, for float and double.
#pragma once

#include <cstddef>

namespace engram::numeric {

/// Is none of `count` numbers infinite or not a number?
template <class T> bool all_finite(const T *x, std::size_t count);

/// The place of the first that is infinite or not a number; `count` where all are finite.
template <class T> std::size_t first_not_finite(const T *x, std::size_t count);

} // namespace engram::numeric
