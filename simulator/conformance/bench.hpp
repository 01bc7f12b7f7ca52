// A local rule is tried on a projection outside any circuit. It is called by learning/call, as in a run. Every array
// has memory of its own, which may be guarded.
#pragma once

#include "conformance/inputs.hpp"

#include <engram/plugin.h>

#include <functional>
#include <vector>

namespace engram::conformance {

inline constexpr double bench_step = 1; ///< of the simulation, ms

/// What a rule makes of its inputs.
template <class T> struct Result {
  std::vector<T> change;              ///< N_post × N_pre, sum over trials and calls
  std::vector<std::vector<T>> states; ///< at the end
  bool operator==(const Result &) const = default;
};

/// Guarded memory finds every stray access, and takes many calls of the system.
enum class Memory { guarded, plain };

/// Calls the rule. Errors: Failure. `seconds` receives the time spent in its callbacks; `around` is called before and
/// after each.
template <class T>
Result<T> call(const engram_rule &rule, const Inputs<T> &inputs, Memory memory = Memory::plain,
               double *seconds = nullptr, const std::function<void()> &around = {});

} // namespace engram::conformance
