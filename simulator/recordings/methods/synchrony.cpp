// synchrony is the SPIKE-synchronization, SPIKE-distance and ISI-distance of spike trains.
#include "measures/spike_synchrony.hpp"
#include "recordings/train_pairs.hpp"

namespace engram::recordings {

namespace {

std::vector<TrainMetric> synchrony_metrics() {
  using measures::Observation;
  using measures::SpikeTrain;
  return {{"synchrony.spike_synchronization",
           [](const SpikeTrain &a, const SpikeTrain &b, const Observation &w) {
             return measures::spike_synchronization(a, b, w);
           },
           true,
           [](const std::vector<SpikeTrain> &trains, const std::vector<Observation> &observed) {
             return measures::spike_synchronization(trains, observed); // its pairs count by their spikes
           }},
          {"synchrony.spike_distance", [](const SpikeTrain &a, const SpikeTrain &b,
                                          const Observation &w) { return measures::spike_distance(a, b, w); }},
          {"synchrony.isi_distance", [](const SpikeTrain &a, const SpikeTrain &b, const Observation &w) {
             return measures::isi_distance(a, b, w);
           }}};
}

std::vector<Result> describe_synchrony(const Call &call, const Area &area) {
  return pairs_of_units(call, synchrony_metrics(), area);
}

std::vector<Result> compare_synchrony(const Call &call, const Area &region, const Area &area) {
  return trials_of_units(call, synchrony_metrics(), region, area);
}

} // namespace

MethodEntry synchrony_method() {
  return {
      .words = {.name = "synchrony",
                .help =
                    "SPIKE-synchronization of the units, their SPIKE- and ISI-distance: the mean over pairs; of two "
                    "sides, of the trials of each unit on both",
                .reference = "Kreuz et al. 2015, 2013, 2007",
                .interval = "bootstrap over units",
                .parameters = {}},
      .place = 90,
      .takes = Takes::trials,
      .describe = describe_synchrony,
      .compare = compare_synchrony};
}

} // namespace engram::recordings
