// grid asks whether a unit is a grid cell: the grid score of a ring about its spacing, against shuffles of its spikes.
#include "measures/folds.hpp"
#include "measures/grid_ring.hpp"
#include "measures/interval.hpp"
#include "measures/not_applicable.hpp"
#include "measures/place_fields.hpp"
#include "recordings/method_entry.hpp"
#include "recordings/rate_maps.hpp"
#include "recordings/tables.hpp"
#include "recordings/unit_summary.hpp"
#include "recordings/units.hpp"

#include <algorithm>
#include <cmath>

namespace engram::recordings {

namespace {

struct GridUnit {
  double spikes = 0, rate = 0, peak = 0, spacing = absent, spacing_of_bins = absent, score = absent, shuffled = absent,
         rank = absent, fields = 0, bits = absent;
};

struct GridSettings {
  measures::Arena arena;
  measures::RateMapOptions map;
  std::size_t shuffles = 0;
  double share = 0.3;
  std::size_t least_bins = 9;
};

arma::mat correlogram_of(const measures::Path &path, const measures::SpikeTrain &train, const GridSettings &how) {
  return measures::spatial_autocorrelogram(measures::rate_map(path, train, how.arena, how.map).rate);
}

GridUnit grid_of(const measures::Path &path, const measures::SpikeTrain &train, const measures::Window &window,
                 const GridSettings &how) {
  GridUnit out;
  const auto map = measures::rate_map(path, train, how.arena, how.map);
  out.spikes = static_cast<double>(train.size());
  out.rate = 1000 * out.spikes / window.duration();
  const arma::vec known = map.rate.elem(arma::find_finite(map.rate));
  if (known.is_empty()) return out;
  out.peak = known.max();
  out.fields = static_cast<double>(measures::place_fields(map.rate, how.share, how.least_bins).size());
  out.bits = measures::spatial_information(1000 * map.spikes / map.occupancy, map.occupancy).bits_per_spike;
  const arma::mat correlogram = measures::spatial_autocorrelogram(map.rate);
  out.spacing = measures::spacing_of(measures::peak_distances(correlogram, true)) * how.arena.bin;
  const double spacing = measures::spacing_of(measures::peak_distances(correlogram)); // the ring goes by bins
  out.spacing_of_bins = spacing * how.arena.bin;
  out.score = measures::ring_score(correlogram, spacing);
  if (how.shuffles == 0 || std::isnan(out.score)) return out;
  arma::vec scores(how.shuffles);
  for (std::size_t i = 1; i <= how.shuffles; ++i)
    scores[i - 1] = measures::ring_score(
        correlogram_of(path, measures::circularly_shifted(train, window, i, how.shuffles), how), spacing);
  out.rank = static_cast<double>(arma::accu(scores < out.score));
  const arma::vec there = scores(arma::find_finite(scores));
  if (!there.is_empty()) out.shuffled = measures::quantile(there, 0.95);
  return out;
}

std::vector<Result> describe_grid(const Call &call, const Area &area) {
  const auto &position = position_of(area, call.found.notes);
  const auto &path = position.path;
  GridSettings how;
  how.arena = arena_of({&position}, call.settings.number("bin"), call.found.notes);
  how.map.smoothing = call.settings.number("smoothing");
  how.map.least_smoothed = call.settings.number("least");
  how.shuffles = call.settings.count("shuffles");
  how.share = std::min(1.0, call.settings.number("share"));
  how.least_bins = call.settings.count("bins");
  // Shuffles go around the time in which the animal was tracked.
  const measures::Window window{path.time.front(), path.time.back()};
  std::vector<measures::SpikeTrain> trains = area.trains;
  std::size_t outside = 0;
  for (auto &train : trains)
    outside += std::erase_if(train, [&](double t) { return t < window.start || t > window.stop; });
  if (outside > 0)
    call.found.notes.push_back("grid " + area.name + ": " + std::to_string(outside) +
                               " spikes have no position, as the animal was not tracked then; they are left out");
  if (how.shuffles > 0 && window.duration() <= 40'000)
    throw measures::NotApplicable(area.name + " was tracked for too short a time to shuffle its spikes");
  std::vector<GridUnit> units(trains.size());
  measures::for_each_part(call.progress.threads, units.size(), [&](std::size_t u) {
    if (call.progress.go_on && !call.progress.go_on()) return;
    units[u] = grid_of(path_while_watched(path, area, u), trains[u], window, how);
  });
  TableMaker table("grid", area, "unit",
                   {"spikes", "Hz", "peak Hz", "spacing cm", "spacing of bins cm", "score", "95th of shuffles", "rank",
                    "fields", "bits/spike"});
  arma::vec score(units.size()), spacing = score;
  double beyond = 0;
  for (std::size_t u = 0; u < units.size(); ++u) {
    const auto &unit = units[u];
    table.row(area.units[u], {unit.spikes, unit.rate, unit.peak, unit.spacing, unit.spacing_of_bins, unit.score,
                              unit.shuffled, unit.rank, unit.fields, unit.bits});
    score[u] = unit.score;
    spacing[u] = unit.score > unit.shuffled ? unit.spacing : absent;
    beyond += unit.score > unit.shuffled;
  }
  call.found.tables.push_back(table.made());
  std::vector<Result> out{median_of(call.config, "grid.score", score)};
  if (how.shuffles > 0) {
    out.push_back(median_of(call.config, "grid.spacing_cm", spacing)); // of grid cells
    out.push_back(result_of("grid.share_of_cells", beyond / static_cast<double>(units.size()), units.size()));
  }
  return out;
}

} // namespace

MethodEntry grid_method() {
  return {.words = {.name = "grid",
                    .help =
                        "grid score of the ring from 1/2 to 3/2 spacings against shuffles of the spikes, spacing of "
                        "those that exceed 95 % of them, fields; a table by unit",
                    .reference = "Sargolini et al. 2006; Langston et al. 2010",
                    .interval = "bootstrap over units",
                    .parameters = {positive("bin", "cm", 5, "side of a bin"),
                                   positive("smoothing", "cm", 7.5,
                                            "standard deviation of the Gaussian by which maps are smoothed"),
                                   positive("least", "ms", 100,
                                            "smoothed time in a bin, below which its rate is not known"),
                                   whole("shuffles", 0, 100,
                                         "of the spikes, which are moved on by 20 s at least, around the recording"),
                                   positive("share", "", 0.3, "of the greatest rate, that all of a field reaches"),
                                   whole("bins", 1, 9, "that a field has at least")}},
          .place = 122,
          .takes = Takes::spikes,
          .by_name = true,
          .describe = describe_grid};
}

} // namespace engram::recordings
