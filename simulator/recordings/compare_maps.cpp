// maps() compares the rate maps of both sides.
#include "measures/cka.hpp"
#include "measures/correlation.hpp"
#include "measures/folds.hpp"
#include "measures/not_applicable.hpp"
#include "numeric/random.hpp"
#include "recordings/method_parts.hpp"
#include "recordings/one_sided.hpp"
#include "recordings/units.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace engram::recordings {

namespace {

constexpr arma::uword fewest_bins = 20; // as of Sargolini's correlations: see measures/spatial.hpp

// Bins × units, Hz; NaN where the animal was not.
arma::mat population_map(const Area &area, const Position &position, const measures::Arena &arena, const Method &method,
                         const Progress &progress) {
  std::vector<arma::vec> columns(area.trains.size());
  measures::RateMapOptions options;
  options.smoothing = method.smoothing;
  measures::for_each_part(progress.threads, columns.size(), [&](std::size_t u) {
    const auto path = path_while_watched(position.path, area, u);
    columns[u] = arma::vectorise(measures::rate_map(path, area.trains[u], arena, options).rate);
  });
  arma::mat out(columns.front().n_elem, columns.size());
  for (std::size_t u = 0; u < columns.size(); ++u) out.col(u) = columns[u];
  return out;
}

// Of paired units, with the share of random pairings that correlate at least as much.
Result correlation(const Config &config, const arma::mat &x, const arma::mat &y) {
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

} // namespace

std::vector<Result> maps(const Config &config, const Method &method, const Area &region, const Area &area,
                         Comparison &found, const Progress &progress) {
  const Position &there = position_of(region, found.notes), &here = position_of(area, found.notes);
  const measures::Arena arena = arena_of({&there, &here}, method.bin);
  const arma::mat of_region = population_map(region, there, arena, method, progress),
                  of_area = population_map(area, here, arena, method, progress);
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
    out.push_back(correlation(config, x.cols(arma::conv_to<arma::uvec>::from(pairs.of_region)),
                              y.cols(arma::conv_to<arma::uvec>::from(pairs.of_area))));
  } catch (const measures::NotApplicable &lack) {
    found.notes.push_back(method.type + ": " + lack.what());
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

} // namespace engram::recordings
