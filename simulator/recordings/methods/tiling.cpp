// The spike time tiling coefficient of the pairs of units.
#include "measures/folds.hpp"
#include "measures/not_applicable.hpp"
#include "measures/spike_time_tiling.hpp"
#include "recordings/method_entry.hpp"
#include "recordings/summary.hpp"
#include "recordings/tables.hpp"
#include "recordings/units.hpp"

namespace engram::recordings {

namespace {

std::vector<Result> describe_tiling(const Call &call, const Area &area) {
  require_spikes(area);
  if (area.trains.size() < 2) throw measures::NotApplicable(area.name + " has one unit alone");
  const double dt = call.settings.number("dt");
  const auto which = drawn_units(call.config, area, most_units, call.found.notes);
  arma::mat pairs(which.size(), which.size(), arma::fill::ones);
  measures::for_each_part(call.progress.threads, which.size(), [&](std::size_t j) {
    for (std::size_t i = 0; i < j; ++i)
      pairs.at(i, j) = pairs.at(j, i) =
          measures::spike_time_tiling(area.trains[which[i]], area.trains[which[j]], area.observed, dt);
  });
  std::vector<std::string> names;
  for (const std::size_t u : which) names.push_back(area.units[u]);
  TableMaker table("tiling", area, "unit", names);
  for (std::size_t u = 0; u < which.size(); ++u)
    table.row(names[u], arma::conv_to<std::vector<double>>::from(pairs.row(u)));
  call.found.tables.push_back(table.made());
  // A silent unit has no coefficient with any other.
  std::vector<arma::uword> firing;
  for (std::size_t u = 0; u < which.size(); ++u)
    if (!area.trains[which[u]].empty()) firing.push_back(u);
  if (firing.size() < 2) throw measures::NotApplicable(area.name + " has no two units with spikes");
  if (firing.size() < which.size())
    call.found.notes.push_back("tiling " + area.name + ": " + std::to_string(which.size() - firing.size()) +
                               " units have no spikes; they are left out");
  pairs = pairs(arma::uvec(firing), arma::uvec(firing)).eval();
  return {mean_over_pairs(call.config, "tiling", pairs)};
}

} // namespace

MethodEntry tiling_method() {
  return {.words = {.name = "tiling",
                    .help = "spike time tiling coefficient of the pairs of units: the mean, and a table",
                    .reference = "Cutts & Eglen 2014",
                    .parameters = {positive("dt", "ms", 5, "within which spikes are together")}},
          .place = 105,
          .takes = Takes::spikes,
          .by_name = true,
          .describe = describe_tiling};
}

} // namespace engram::recordings
