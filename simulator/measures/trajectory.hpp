// describe_path() says how an animal moved in its arena.
#pragma once

#include "measures/spatial.hpp"

#include <cstddef>

namespace engram::measures {

struct PathSummary {
  std::size_t steps = 0, gaps = 0;         ///< between samples; gaps: those that are longer than asked for
  std::size_t unknown_samples = 0;         ///< without a position
  double mean_speed = 0, median_speed = 0; ///< cm/s: distance over time of each step that is no gap
  std::size_t bins = 0, visited = 0;       ///< of the arena; with a sample in them
  double wall_share = 0;                   ///< of the samples in the arena, closer to a wall than asked for
};

/// Steps of more than `longest_step` ms are gaps. A sample lies in the arena when it is on or within its walls. NaN
/// where there is no step, or no sample. Errors: NotApplicable as of rate_map().
PathSummary describe_path(const Path &path, const Arena &arena, double longest_step, double wall);

} // namespace engram::measures
