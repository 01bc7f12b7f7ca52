// These functions try what plugins of several kinds have: parameters, both precisions, and the time that calls take.
#pragma once

#include "conformance/child.hpp"

#include <engram/plugin.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <vector>

namespace engram::conformance {

/// The ends of a parameter's range that are finite, or all its choices.
inline std::vector<double> ends_of(const engram_parameter &parameter) {
  std::vector<double> out;
  if (parameter.choices != nullptr)
    for (std::size_t k = 0; parameter.choices[k] != nullptr; ++k) out.push_back(static_cast<double>(k));
  else
    for (const double end : {parameter.minimum, parameter.maximum})
      if (std::isfinite(end)) out.push_back(end);
  return out;
}

/// Equal, or neither a number.
template <class T> bool same_number(T a, T b) { return a == b || (std::isnan(a) && std::isnan(b)); }

/// `twice` and `single`: what was computed in double and in single precision, as pairs of a name and a list. Errors:
/// Failure, where they differ by more than a thousandth of the greatest number of a list.
template <class Twice, class Single> void expect_same_precisions(const Twice &twice, const Single &single) {
  for (std::size_t k = 0; k < twice.size(); ++k) {
    double size = 0, error = 0;
    for (std::size_t i = 0; i < twice[k].second->size(); ++i) {
      size = std::max(size, std::abs((*twice[k].second)[i]));
      error = std::max(error, std::abs((*twice[k].second)[i] - static_cast<double>((*single[k].second)[i])));
    }
    if (!(error <= 1e-3 * std::max(size, 1e-3)))
      throw Failure{fmt::format("{} differs by {:.2g} of {:.2g} between single and double precision", twice[k].first,
                                error, size)};
  }
}

inline std::vector<float> in_single(const std::vector<double> &values) { return {values.begin(), values.end()}; }

/// The shortest of several times that f() took, s.
template <class F> double shortest(int times, F &&f) {
  double least = std::numeric_limits<double>::infinity();
  for (int k = 0; k < times; ++k) {
    const auto begin = std::chrono::steady_clock::now();
    f();
    least = std::min(least, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  }
  return least;
}

} // namespace engram::conformance
