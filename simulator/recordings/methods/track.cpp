// track is the rate of each unit along a track, with a Poisson model of it.
#include "measures/glm.hpp"
#include "measures/not_applicable.hpp"
#include "measures/receptive_field.hpp"
#include "measures/track_map.hpp"
#include "recordings/method_entry.hpp"
#include "recordings/tables.hpp"
#include "recordings/unit_summary.hpp"
#include "recordings/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

namespace engram::recordings {

namespace {

const Position &line_of(const Call &call, const Area &area) {
  require_spikes(area);
  if (!area.covariates.position) throw measures::NotApplicable(area.name + " has no position");
  const Position &position = area.covariates.position(call.found.notes);
  if (position.coordinates != 1)
    throw measures::NotApplicable(position.name + " has two coordinates, and a track has one");
  return position;
}

arma::vec edges_of(const Call &call, const arma::vec &places) {
  const double bin = call.settings.number("bin");
  const arma::vec known = places(arma::find_finite(places));
  if (known.is_empty()) throw measures::NotApplicable("the position is not known at any time");
  const double from = call.settings.given("from") ? call.settings.number("from") : std::floor(known.min() / bin) * bin;
  const double bins = std::max(1.0, std::ceil((known.max() - from) / bin - 1e-9));
  if (bins > 10'000 || !(known.max() > from)) throw measures::NotApplicable("the track has no bins, or too many");
  return from + bin * arma::regspace(0, bins);
}

// Regressors 1, x, x² and the spikes of the last samples. The field of exp(β₀ + β₁ x + β₂ x²) with β₂ < 0 is a
// Gaussian: its centre is −β₁ / 2β₂, its deviation √(−1 / 2β₂).
void add_model(const Call &call, const Area &area, const Position &position) {
  const auto &time = position.path.time;
  const double step = (time.back() - time.front()) / static_cast<double>(time.n_elem - 1);
  if (arma::abs(arma::diff(time) - step).max() > 1e-6 * step)
    throw measures::NotApplicable("a Poisson model needs positions at equal intervals");
  const auto edges = whole_numbers(call.settings.word("history"));
  std::vector<std::string> columns{"constant", "x", "x squared", "centre", "deviation", "peak Hz", "deviance"};
  for (std::size_t j = 0; j + 1 < edges.size(); ++j)
    columns.push_back(fmt::format("{} to {} ms before", static_cast<double>(edges[j]) * step,
                                  static_cast<double>(edges[j + 1]) * step));
  TableMaker table("track.model", area, "unit", columns);
  TableMaker errors("track.standard_errors", area, "unit", {"constant", "x", "x squared"});
  for (std::size_t u = 0; u < area.trains.size(); ++u) {
    const arma::vec places = path_while_watched(position.path, area, u).x;
    const arma::uvec known = arma::find_finite(places);
    const arma::vec x = places(known);
    const arma::vec counts = measures::spikes_by_sample(area.trains[u], time.n_elem, time.front(), step);
    arma::mat design = arma::join_rows(arma::vec(x.n_elem, arma::fill::ones), x, arma::square(x));
    if (edges.size() > 1) design = arma::join_rows(design, measures::spike_history(counts, edges).rows(known));
    const auto fit = measures::fit_glm(design, counts(known), measures::Family::poisson);
    const auto &b = fit.coefficients;
    const bool field = b[2] < 0;
    std::vector<double> row{b[0],
                            b[1],
                            b[2],
                            field ? -b[1] / (2 * b[2]) : absent,
                            field ? std::sqrt(-1 / (2 * b[2])) : absent,
                            field ? 1000 / step * std::exp(b[0] - b[1] * b[1] / (4 * b[2])) : absent,
                            fit.deviance};
    row.insert(row.end(), b.begin() + 3, b.end());
    table.row(area.units[u], row);
    errors.row(area.units[u], {fit.standard_errors[0], fit.standard_errors[1], fit.standard_errors[2]});
  }
  call.found.tables.push_back(table.made());
  call.found.tables.push_back(errors.made());
}

std::vector<Result> describe_track(const Call &call, const Area &area) {
  const Position &position = line_of(call, area);
  const arma::vec edges = edges_of(call, position.path.x);
  std::vector<std::string> columns{"bits/spike"};
  for (arma::uword b = 0; b + 1 < edges.n_elem; ++b)
    columns.push_back(fmt::format("Hz at {:g} cm", (edges[b] + edges[b + 1]) / 2));
  TableMaker table("track", area, "unit", columns);
  arma::vec bits(area.trains.size());
  for (std::size_t u = 0; u < area.trains.size(); ++u) {
    const auto map =
        measures::track_map(position.path.time, path_while_watched(position.path, area, u).x, area.trains[u], edges);
    std::vector<double> row{map.bits_per_spike};
    row.insert(row.end(), map.rate.begin(), map.rate.end());
    table.row(area.units[u], row);
    bits[u] = map.bits_per_spike;
  }
  call.found.tables.push_back(table.made());
  if (call.settings.yes("model")) add_model(call, area, position);
  return {median_of(call.config, "track.bits_per_spike", bits)};
}

std::vector<Conflict> conflicts_of_track(const Settings &settings) {
  if (!settings.given("history")) return {};
  const auto edges = whole_numbers(settings.word("history"));
  if (edges.size() < 2 || edges.front() == 0 ||
      std::adjacent_find(edges.begin(), edges.end(), std::greater_equal<>()) != edges.end())
    return {{"history", "is two or more whole numbers from 1 that increase, as 1+2+6"}};
  if (!settings.yes("model")) return {{"history", "is of the 'model'"}};
  return {};
}

} // namespace

MethodEntry track_method() {
  return {
      .words = {.name = "track",
                .help = "rate along a track, and where asked a Poisson model of it by position, its square and the "
                        "train's own history; tables by unit",
                .reference = "Skaggs et al. 1993; Truccolo et al. 2005",
                .interval = "bootstrap over units",
                .parameters = {positive("bin", "cm", 5, "length of a bin"),
                               Parameter{.name = "from",
                                         .unit = "cm",
                                         .help = "edge of the first bin (below the least position unless given)",
                                         .initial = 0.0,
                                         .words = {}},
                               yes_or_no("model", "fit a Poisson model"),
                               text("history",
                                    "samples before, as 1+2+6, between which the model counts the unit's own spikes")}},
      .place = 126,
      .takes = Takes::spikes,
      .by_name = true,
      .describe = describe_track,
      .check = conflicts_of_track};
}

} // namespace engram::recordings
