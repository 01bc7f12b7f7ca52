// spikes are the rate and the irregularity of each unit's spikes.
#include "measures/spike_train.hpp"
#include "recordings/method_entry.hpp"
#include "recordings/tables.hpp"
#include "recordings/unit_summary.hpp"

namespace engram::recordings {

namespace {

std::vector<Result> describe_spikes(const Call &call, const Area &area) {
  const auto &config = call.config;
  require_spikes(area);
  constexpr double fano_window = 100; // ms
  arma::vec rate(area.trains.size());
  rate.fill(absent); // a unit that was observed for no time has none
  arma::vec isi = rate, cv = rate, cv2 = rate, lv = rate, fano = rate;
  for (std::size_t u = 0; u < area.trains.size(); ++u) {
    const auto observed = observation_of(area, u);
    if (observed.empty()) continue;
    const auto found = measures::train_statistics(area.trains[u], observed, fano_window);
    rate[u] = found.rate;
    isi[u] = found.mean_interval;
    cv[u] = found.cv;
    cv2[u] = found.cv2;
    lv[u] = found.lv;
    fano[u] = found.fano;
  }
  if (area.units.size() == area.trains.size())
    call.found.tables.push_back(table_of_each(
        "spikes", area, "unit", area.units,
        {{"Hz", rate}, {"ISI ms", isi}, {"CV", cv}, {"CV2", cv2}, {"LV", lv}, {"Fano factor, 100 ms", fano}}));
  return {median_of(config, "spikes.rate_hz", rate), median_of(config, "spikes.isi_ms", isi),
          median_of(config, "spikes.cv", cv),        median_of(config, "spikes.cv2", cv2),
          median_of(config, "spikes.lv", lv),        median_of(config, "spikes.fano_100ms", fano)};
}

} // namespace

MethodEntry spikes_method() {
  return {.words = {.name = "spikes",
                    .help = "rate, CV, CV2, LV and Fano factor of each unit: the median",
                    .reference = "Shinomoto et al. 2003",
                    .interval = "bootstrap over units",
                    .parameters = {}},
          .place = 80,
          .takes = Takes::spikes,
          .describe = describe_spikes};
}

} // namespace engram::recordings
