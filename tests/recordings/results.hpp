// These helpers find results in a comparison.
#pragma once

#include "catch.hpp"
#include "recordings/comparison.hpp"

#include <string>

namespace engram::recordings::testing {

/// The value of the first result of this name.
inline double value_of(const recordings::Comparison &found, const std::string &method) {
  for (const auto &r : found.results)
    if (r.method == method) return r.value;
  FAIL("no " << method << (found.notes.empty() ? "" : ": " + found.notes.back()));
  return 0;
}

} // namespace engram::recordings::testing
