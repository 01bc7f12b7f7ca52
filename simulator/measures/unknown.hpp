// A measure returns `unknown`, which is NaN, where it has no value.
#pragma once

#include <limits>

namespace engram::measures {

inline constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

} // namespace engram::measures
