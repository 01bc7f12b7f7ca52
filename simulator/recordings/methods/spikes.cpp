// The rate and the irregularity of each unit's spikes.
#include "measures/spike_train.hpp"
#include "recordings/method_entry.hpp"
#include "recordings/summary.hpp"

namespace engram::recordings {

namespace {

std::vector<Result> describe_spikes(const Call &call, const Area &area) {
  const auto &config = call.config;
  require_spikes(area);
  constexpr double fano_window = 100; // ms
  arma::vec rate(area.trains.size()), isi = rate, cv = rate, cv2 = rate, lv = rate, fano = rate;
  for (std::size_t u = 0; u < area.trains.size(); ++u) {
    const auto &train = area.trains[u];
    const auto between = measures::intervals(train);
    rate[u] = measures::rate(train, area.observed);
    isi[u] = measures::mean_interval(between);
    cv[u] = measures::cv(between);
    cv2[u] = measures::cv2(between);
    lv[u] = measures::lv(between);
    fano[u] =
        area.observed.duration() >= 2 * fano_window ? measures::fano_factor(train, area.observed, fano_window) : absent;
  }
  return {median_of(config, "spikes.rate_hz", rate), median_of(config, "spikes.isi_ms", isi),
          median_of(config, "spikes.cv", cv),        median_of(config, "spikes.cv2", cv2),
          median_of(config, "spikes.lv", lv),        median_of(config, "spikes.fano_100ms", fano)};
}

} // namespace

MethodEntry spikes_method() {
  return {.words = {.name = "spikes",
                    .help = "rate, CV, CV2, LV and Fano factor of each unit: the median",
                    .reference = "Shinomoto et al. 2003",
                    .parameters = {}},
          .place = 80,
          .takes = Takes::spikes,
          .describe = describe_spikes};
}

} // namespace engram::recordings
