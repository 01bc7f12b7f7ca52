#include "comparison/rate_maps.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <tuple>
#include <utility>

namespace engram::comparison {

namespace {

constexpr double most_bins = 400; // of a side

// From and to, of whole bins.
std::pair<double, double> span_of(const arma::vec &places, double bin) {
  const arma::vec known = places(arma::find_finite(places));
  if (known.is_empty()) throw std::invalid_argument("the position is not known at any time");
  const double low = std::floor(known.min() / bin) * bin;
  return {low, low + std::max(1.0, std::ceil((known.max() - low) / bin - 1e-9)) * bin};
}

// The last bin may reach beyond the wall.
double whole(double low, double high, double bin) { return low + std::ceil((high - low) / bin - 1e-6) * bin; }

measures::Arena arena_of(const Position &position, double bin) {
  measures::Arena out;
  out.bin = bin;
  if (position.arena.empty()) {
    std::tie(out.x_min, out.x_max) = span_of(position.path.x, bin);
    std::tie(out.y_min, out.y_max) = span_of(position.path.y, bin);
  } else {
    out = {position.arena[0], whole(position.arena[0], position.arena[1], bin), position.arena[2],
           whole(position.arena[2], position.arena[3], bin), bin};
  }
  if (std::max(out.x_max - out.x_min, out.y_max - out.y_min) > most_bins * bin)
    throw std::invalid_argument(fmt::format("{} goes over {:.4g} x {:.4g} cm, too many bins of {:g} cm", position.name,
                                            out.x_max - out.x_min, out.y_max - out.y_min, bin));
  return out;
}

} // namespace

RateMaps rate_maps(const Area &area, double bin, double smoothing, const std::function<bool()> &go_on,
                   std::vector<std::string> &notes) {
  require_spikes(area);
  if (!area.beside.position) throw std::invalid_argument(area.name + " has no position");
  const Position &position = area.beside.position(notes);
  RateMaps out{area.name, arena_of(position, bin), {}};
  measures::RateMapOptions options;
  options.smoothing = smoothing;
  const double margin = 10 / bin; // cm, as in Langston et al. 2010
  for (std::size_t u = 0; u < area.trains.size(); ++u) {
    if (go_on && !go_on()) break;
    const auto map = measures::rate_map(position.path, area.trains[u], out.arena, options);
    UnitMap unit{area.units[u], map.rate, 0, {}, 0};
    unit.bits_per_spike = measures::spatial_information(map.rate, map.occupancy).bits_per_spike;
    unit.grid = measures::grid_score(measures::spatial_autocorrelogram(map.rate), margin);
    unit.border = measures::border_score(map.rate, bin).score;
    out.units.push_back(std::move(unit));
  }
  return out;
}

} // namespace engram::comparison
