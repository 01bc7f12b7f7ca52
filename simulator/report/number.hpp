// number() writes a number into JSON. JSON has no infinities and no NaN, so these become null.
#pragma once

#include <nlohmann/json.hpp>

#include <cmath>

namespace engram::report {

inline nlohmann::ordered_json number(double value) {
  return std::isfinite(value) ? nlohmann::ordered_json(value) : nlohmann::ordered_json(nullptr);
}

} // namespace engram::report
