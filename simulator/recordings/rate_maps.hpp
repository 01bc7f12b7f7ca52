// These functions map where in its arena an animal was when each unit fired.
#pragma once

#include "measures/spatial.hpp"
#include "recordings/area.hpp"

#include <armadillo>
#include <functional>
#include <string>
#include <vector>

namespace engram::recordings {

/// Of one unit; NaN where it says nothing: see measures/spatial.hpp.
struct UnitMap {
  std::string unit;
  arma::mat rate; ///< rows along y × columns along x, Hz
  double bits_per_spike = 0;
  measures::GridScore grid; ///< lengths in bins
  double border = 0;        ///< score
};

/// The maps of an area's units over where the animal went.
struct RateMaps {
  std::string area;
  measures::Arena arena; ///< cm
  std::vector<UnitMap> units;
};

/// The arena that holds the positions: that of the first position that has one, or the bins in which the animals were.
/// Two sides have one arena, and so common bins. Notes say which part of a position lies outside: it is left out.
/// Errors: measures::NotApplicable where it has more than 400 bins a side, or where two positions have different
/// arenas.
measures::Arena arena_of(const std::vector<const Position *> &positions, double bin, std::vector<std::string> &notes);
/// Where the animal was. Errors: measures::NotApplicable where there are no spikes, or no position, with why.
const Position &position_of(const Area &area, std::vector<std::string> &notes);

/// The arena is that of the position; where none is given, the bins in which the animal was. Fewer units than the area
/// has where go_on() (may be empty) said no. Errors: measures::NotApplicable where there are no spikes, or no position
/// (with why), or the arena has more than 400 bins a side; those of the measures.
RateMaps rate_maps(const Area &area, double bin, double smoothing, const std::function<bool()> &go_on,
                   std::vector<std::string> &notes);

} // namespace engram::recordings
