// Numbers in a report that is JSON, which knows no infinities and no NaN.
#pragma once

#include <nlohmann/json.hpp>

#include <cmath>

namespace engram::report {

inline nlohmann::ordered_json number(double value) {
  return std::isfinite(value) ? nlohmann::ordered_json(value) : nlohmann::ordered_json(nullptr);
}

} // namespace engram::report
