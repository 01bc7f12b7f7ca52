// These functions choose the units that are looked at, and pair the units of two sides.
#pragma once

#include "recordings/area.hpp"
#include "recordings/config.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace engram::recordings {

/// Where every pair of units is looked at, there may always be this many.
inline constexpr std::size_t most_units = 100;

/// 0 … count − 1, or `most` of them drawn by the seed, in their order.
std::vector<std::size_t> drawn(const Config &config, std::size_t count, std::size_t most);

/// The units of an area, or as many as `most` drawn by the seed, in their order; a note says so.
std::vector<std::size_t> drawn_units(const Config &config, const Area &area, std::size_t most,
                                     std::vector<std::string> &notes);

/// Unit `of_region[k]` of the one is unit `of_area[k]` of the other.
struct UnitPairs {
  std::vector<std::size_t> of_region, of_area;
};

/// By name where both sides have the same names, else by order; no more than `most` pairs, drawn by the seed. Notes say
/// how. Errors: measures::NotApplicable where a side has no spikes, or the sides have different numbers of units.
UnitPairs pair_units(const Config &config, const Area &region, const Area &area, std::size_t most,
                     std::vector<std::string> &notes);

/// How many pairs of these units were never observed at one time.
std::size_t pairs_apart(const std::vector<measures::Observation> &observed);

/// The path while a unit was observed: elsewhere the position is NaN.
measures::Path path_while_watched(const measures::Path &path, const Area &area, std::size_t unit);

} // namespace engram::recordings
