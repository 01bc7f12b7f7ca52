// head_direction says how each unit is tuned to the direction of the animal's head.
#include "measures/head_direction.hpp"
#include "measures/not_applicable.hpp"
#include "recordings/method_entry.hpp"
#include "recordings/tables.hpp"
#include "recordings/unit_summary.hpp"
#include "recordings/units.hpp"

#include <fmt/format.h>

namespace engram::recordings {

namespace {

std::vector<Result> describe_direction(const Call &call, const Area &area) {
  require_spikes(area);
  if (!area.covariates.position) throw measures::NotApplicable(area.name + " has no position");
  const Position &position = area.covariates.position(call.found.notes);
  if (position.direction.is_empty()) throw measures::NotApplicable(area.name + " has no direction of the head");
  const auto bins = call.settings.count("bins");
  std::vector<std::string> columns{"vector length", "direction"};
  for (std::size_t b = 0; b < bins; ++b)
    columns.push_back(fmt::format("Hz at {:g}", (static_cast<double>(b) + 0.5) * 360 / static_cast<double>(bins)));
  TableMaker table("head_direction", area, "unit", columns);
  arma::vec length(area.trains.size());
  for (std::size_t u = 0; u < area.trains.size(); ++u) {
    const arma::vec direction =
        path_while_watched({position.path.time, position.direction, position.direction}, area, u).x;
    const auto tuning = measures::direction_tuning(position.path.time, direction, area.trains[u], bins);
    std::vector<double> row{tuning.length, tuning.mean};
    row.insert(row.end(), tuning.rate.begin(), tuning.rate.end());
    table.row(area.units[u], row);
    length[u] = tuning.length;
  }
  call.found.tables.push_back(table.made());
  return {median_of(call.config, "head_direction.vector_length", length)};
}

} // namespace

MethodEntry head_direction_method() {
  return {.words = {.name = "head_direction",
                    .help = "rate by direction of the head, length and direction of its mean vector; a table by unit",
                    .reference = "Batschelet 1981",
                    .interval = "bootstrap over units",
                    .parameters = {whole("bins", 3, 36, "around the circle")}},
          .place = 124,
          .takes = Takes::spikes,
          .by_name = true,
          .describe = describe_direction};
}

} // namespace engram::recordings
