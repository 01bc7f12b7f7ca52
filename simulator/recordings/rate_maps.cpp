#include "recordings/rate_maps.hpp"

#include "measures/not_applicable.hpp"
#include "numeric/watch.hpp"
#include "recordings/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>
#include <utility>

namespace engram::recordings {

namespace {

constexpr double most_bins = 400; // of a side

// From and to, of whole bins.
std::pair<double, double> span_of(const std::vector<const Position *> &positions, arma::vec measures::Path::*axis,
                                  double bin) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const Position *position : positions) {
    const arma::vec &places = position->path.*axis;
    const arma::vec known = places(arma::find_finite(places));
    if (known.is_empty()) throw measures::NotApplicable("the position is not known at any time");
    low = std::min(low, known.min());
    high = std::max(high, known.max());
  }
  low = std::floor(low / bin) * bin;
  return {low, low + std::max(1.0, std::ceil((high - low) / bin - 1e-9)) * bin};
}

// The last bin may reach beyond the wall.
double whole(double low, double high, double bin) { return low + std::ceil((high - low) / bin - 1e-6) * bin; }

void tell_outside(const Position &position, const measures::Arena &arena, std::vector<std::string> &notes) {
  const auto &path = position.path;
  std::size_t known = 0, outside = 0;
  for (arma::uword k = 0; k < path.x.n_elem; ++k) {
    if (!std::isfinite(path.x[k]) || !std::isfinite(path.y[k])) continue;
    ++known;
    outside += path.x[k] < arena.x_min || path.x[k] > arena.x_max || path.y[k] < arena.y_min || path.y[k] > arena.y_max;
  }
  if (outside > 0)
    notes.push_back(
        fmt::format("{}: {} of {} samples of the position lie outside of the arena, {:g} to {:g} by {:g} to "
                    "{:g} cm, and count for no bin",
                    position.name, outside, known, arena.x_min, arena.x_max, arena.y_min, arena.y_max));
}

} // namespace

measures::Arena arena_of(const std::vector<const Position *> &positions, double bin, std::vector<std::string> &notes) {
  measures::Arena out;
  out.bin = bin;
  std::vector<double> given;
  for (const Position *position : positions) {
    if (position->arena.empty()) continue;
    if (!given.empty() && given != position->arena)
      throw measures::NotApplicable("the arenas of both sides are not the same");
    given = position->arena;
  }
  if (given.empty()) {
    std::tie(out.x_min, out.x_max) = span_of(positions, &measures::Path::x, bin);
    std::tie(out.y_min, out.y_max) = span_of(positions, &measures::Path::y, bin);
  } else {
    out = {given[0], whole(given[0], given[1], bin), given[2], whole(given[2], given[3], bin), bin};
  }
  if (std::max(out.x_max - out.x_min, out.y_max - out.y_min) > most_bins * bin)
    throw measures::NotApplicable(fmt::format("{} goes over {:.4g} x {:.4g} cm, too many bins of {:g} cm",
                                              positions.front()->name, out.x_max - out.x_min, out.y_max - out.y_min,
                                              bin));
  for (const Position *position : positions) tell_outside(*position, out, notes);
  return out;
}

const Position &position_of(const Area &area, std::vector<std::string> &notes) {
  require_spikes(area);
  if (!area.covariates.position) throw measures::NotApplicable(area.name + " has no position");
  const Position &position = area.covariates.position(notes);
  if (position.coordinates < 2)
    throw measures::NotApplicable(position.name + " has one coordinate; rate maps are over two");
  return position;
}

RateMaps rate_maps(const Area &area, double bin, double smoothing, const std::function<bool()> &go_on,
                   std::vector<std::string> &notes) {
  const Position &position = position_of(area, notes);
  RateMaps out{area.name, arena_of({&position}, bin, notes), {}};
  measures::RateMapOptions options;
  options.smoothing = smoothing;
  const double margin = 10 / bin; // cm, as in Langston et al. 2010
  const numeric::WatchedLoop loop(area.trains.size());
  for (std::size_t u = 0; u < area.trains.size(); ++u) {
    loop.done(u);
    if (go_on && !go_on()) break;
    const auto map = measures::rate_map(path_while_watched(position.path, area, u), area.trains[u], out.arena, options);
    UnitMap unit{area.units[u], map.rate, 0, {}, 0};
    unit.bits_per_spike = measures::spatial_information(map.rate, map.occupancy).bits_per_spike;
    unit.grid = measures::grid_score(measures::spatial_autocorrelogram(map.rate), margin);
    unit.border = measures::border_score(map.rate, bin).score;
    out.units.push_back(std::move(unit));
  }
  return out;
}

} // namespace engram::recordings
