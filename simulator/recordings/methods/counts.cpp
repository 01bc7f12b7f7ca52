// counts says how the spikes of each unit vary from one bin of time to the next.
#include "measures/spike_train.hpp"
#include "recordings/method_entry.hpp"
#include "recordings/tables.hpp"
#include "recordings/unit_summary.hpp"

#include <algorithm>
#include <cmath>

namespace engram::recordings {

namespace {

// ms, of spikes that were observed without a gap; NaN where there are no two.
double least_interval(const measures::SpikeTrain &train, const measures::Observation &observed) {
  double least = absent;
  for (const auto &part : measures::by_window(train, observed))
    for (const double interval : measures::intervals(part))
      least = std::isnan(least) ? interval : std::min(least, interval);
  return least;
}

std::vector<Result> describe_counts(const Call &call, const Area &area) {
  require_spikes(area);
  const double bin = call.settings.number("bin");
  TableMaker table("counts", area, "unit",
                   {"spikes", "Hz", "ISI ms", "least ISI ms", "CV", "CV2", "LV", "Fano factor"});
  arma::vec fano(area.trains.size(), arma::fill::value(absent));
  for (std::size_t u = 0; u < area.trains.size(); ++u) {
    const auto observed = observation_of(area, u);
    if (observed.empty()) continue; // it has no rate
    const auto found = measures::train_statistics(area.trains[u], observed, bin);
    fano[u] = found.fano;
    table.row(area.units[u], {static_cast<double>(area.trains[u].size()), found.rate, found.mean_interval,
                              least_interval(area.trains[u], observed), found.cv, found.cv2, found.lv, found.fano});
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
                .interval = "bootstrap over units",
                .parameters = {positive("bin", "ms", 100, "in which spikes are counted")}},
      .place = 85,
      .takes = Takes::spikes,
      .by_name = true,
      .describe = describe_counts};
}

} // namespace engram::recordings
