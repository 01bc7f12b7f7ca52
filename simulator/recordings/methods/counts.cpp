// How the spikes of each unit vary from one bin of time to the next.
#include "measures/not_applicable.hpp"
#include "measures/spike_train.hpp"
#include "recordings/method_entry.hpp"
#include "recordings/summary.hpp"
#include "recordings/tables.hpp"

namespace engram::recordings {

namespace {

std::vector<Result> describe_counts(const Call &call, const Area &area) {
  require_spikes(area);
  const double bin = call.settings.number("bin");
  if (area.observed.duration() < 2 * bin)
    throw measures::NotApplicable(area.name + " was observed for less than two bins");
  TableMaker table("counts", area, "unit", {"spikes", "Hz", "ISI ms", "CV", "LV", "Fano factor"});
  arma::vec fano(area.trains.size());
  for (std::size_t u = 0; u < area.trains.size(); ++u) {
    const auto &train = area.trains[u];
    const auto between = measures::intervals(train);
    fano[u] = measures::fano_factor(train, area.observed, bin);
    table.row(area.units[u], {static_cast<double>(train.size()), measures::rate(train, area.observed),
                              measures::mean_interval(between), measures::cv(between), measures::lv(between), fano[u]});
  }
  call.found.tables.push_back(table.made());
  return {median_of(call.config, "counts.fano", fano)};
}

} // namespace

MethodEntry counts_method() {
  return {
      .words = {.name = "counts",
                .help = "Fano factor of the counts in bins of time, with rate, intervals, CV and LV; a table by unit",
                .reference = "Shinomoto et al. 2003",
                .parameters = {positive("bin", "ms", 100, "in which spikes are counted")}},
      .place = 85,
      .takes = Takes::spikes,
      .by_name = true,
      .describe = describe_counts};
}

} // namespace engram::recordings
