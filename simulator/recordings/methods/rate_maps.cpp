// rate_maps say where in its arena an animal was when each unit fired.
#include "recordings/rate_maps.hpp"
#include "measures/cka.hpp"
#include "measures/correlation.hpp"
#include "measures/folds.hpp"
#include "measures/not_applicable.hpp"
#include "numeric/random.hpp"
#include "recordings/method_entry.hpp"
#include "recordings/unit_summary.hpp"
#include "recordings/units.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace engram::recordings {

namespace {

template <class F> arma::vec of_maps(const std::vector<UnitMap> &units, F &&what) {
  arma::vec out(units.size());
  std::transform(units.begin(), units.end(), out.begin(), what);
  return out;
}

std::vector<Result> describe_maps(const Call &call, const Area &area) {
  auto maps = rate_maps(area, call.settings.number("bin"), call.settings.number("smoothing"), call.progress.go_on,
                        call.found.notes);
  if (maps.units.size() < area.trains.size()) return {}; // it was interrupted
  const auto median = [&](const std::string &name, auto &&what) {
    return median_of(call.config, "rate_maps." + name, of_maps(maps.units, what));
  };
  std::vector<Result> results{
      median("bits_per_spike", [](const UnitMap &unit) { return unit.bits_per_spike; }),
      median("grid_score", [](const UnitMap &unit) { return unit.grid.score; }),
      // Six peaks are found in other maps too; they say something of a grid alone.
      median("grid_spacing_cm",
             [&](const UnitMap &unit) { return unit.grid.score > 0 ? unit.grid.spacing * maps.arena.bin : absent; }),
      median("border_score", [](const UnitMap &unit) { return unit.border; })};
  call.found.maps.push_back(std::move(maps));
  return results;
}

constexpr arma::uword fewest_bins = 20; // as of Sargolini's correlations: see measures/spatial.hpp

// Bins × units, Hz; NaN where the animal was not.
arma::mat population_map(const Call &call, const Area &area, const Position &position, const measures::Arena &arena) {
  std::vector<arma::vec> columns(area.trains.size());
  measures::RateMapOptions options;
  options.smoothing = call.settings.number("smoothing");
  measures::for_each_part(call.progress.threads, columns.size(), [&](std::size_t u) {
    const auto path = path_while_watched(position.path, area, u);
    columns[u] = arma::vectorise(measures::rate_map(path, area.trains[u], arena, options).rate);
  });
  arma::mat out(columns.front().n_elem, columns.size());
  for (std::size_t u = 0; u < columns.size(); ++u) out.col(u) = columns[u];
  return out;
}

// Of paired units, with the share of random pairings that correlate at least as much.
Result map_correlation(const Config &config, const arma::mat &x, const arma::mat &y) {
  Result result = median_of(config, "rate_maps.correlation", measures::column_correlations(x, y));
  if (config.permutations == 0 || x.n_cols < 2 || !std::isfinite(result.value)) return result;
  const numeric::Random random{config.seed, numeric::Purpose::resample, numeric::name_key("rate_maps")};
  std::size_t above = 0;
  for (std::size_t k = 0; k < config.permutations; ++k) {
    const auto order = numeric::permutation(random, x.n_cols, k);
    const arma::vec r = measures::column_correlations(x, y.cols(arma::conv_to<arma::uvec>::from(order)));
    above += measures::median(arma::vec(r(arma::find_finite(r)))) >= result.value - 1e-12;
  }
  result.p = static_cast<double>(1 + above) / static_cast<double>(1 + config.permutations);
  return result;
}

// In one arena: the correlation of the maps of each unit with that of its partner on the other side (pair_units()),
// over the bins that both visited, median over units; where they cannot be paired, a note. And the debiased CKA of the
// populations with those bins as conditions, which needs no partners.
std::vector<Result> compare_maps(const Call &call, const Area &region, const Area &area) {
  const auto &config = call.config;
  const auto &progress = call.progress;
  auto &found = call.found;
  const Position &there = position_of(region, found.notes), &here = position_of(area, found.notes);
  const measures::Arena arena = arena_of({&there, &here}, call.settings.number("bin"), found.notes);
  const arma::mat of_region = population_map(call, region, there, arena),
                  of_area = population_map(call, area, here, arena);
  if (progress.go_on && !progress.go_on()) return {};
  // A bin that was not visited while a unit was observed is NaN in its map.
  const arma::uvec both = arma::find_finite(arma::sum(of_region, 1) + arma::sum(of_area, 1));
  if (both.n_elem < fewest_bins)
    throw measures::NotApplicable(region.name + " and " + area.name + ": fewer than " + std::to_string(fewest_bins) +
                                  " bins were visited on both sides");
  const arma::mat x = of_region.rows(both), y = of_area.rows(both);
  std::vector<Result> out;
  try {
    const auto pairs = pair_units(config, region, area, std::numeric_limits<std::size_t>::max(), found.notes);
    out.push_back(map_correlation(config, x.cols(arma::conv_to<arma::uvec>::from(pairs.of_region)),
                                  y.cols(arma::conv_to<arma::uvec>::from(pairs.of_area))));
  } catch (const measures::NotApplicable &lack) {
    found.notes.push_back(std::string("rate_maps: ") + lack.what());
  }
  Result cka;
  cka.method = "rate_maps.cka";
  cka.value = measures::debiased_linear_cka(x, y, progress.threads);
  cka.neurons = area.trains.size();
  out.push_back(cka);
  for (auto &result : out) {
    result.region = region.name;
    result.area = area.name;
  }
  return out;
}

} // namespace

MethodEntry rate_maps_method() {
  return {.words = {.name = "rate_maps",
                    .help =
                        "bits per spike, grid and border score over the animal's position: the median; of two sides, "
                        "correlation of each unit's maps, and CKA over places",
                    .reference = "Skaggs et al. 1993; Sargolini et al. 2006; Solstad et al. 2008",
                    .interval = "bootstrap over units",
                    .parameters = {positive("bin", "cm", 2.5, "side of a bin"),
                                   positive("smoothing", "cm", 5,
                                            "standard deviation of the Gaussian by which maps are smoothed")}},
          .place = 120,
          .takes = Takes::spikes,
          .describe = describe_maps,
          .compare = compare_maps};
}

} // namespace engram::recordings
