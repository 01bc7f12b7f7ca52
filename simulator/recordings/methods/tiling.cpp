// tiling is the spike time tiling coefficient of the pairs of units.
#include "measures/spike_time_tiling.hpp"
#include "recordings/train_pairs.hpp"

namespace engram::recordings {

namespace {

std::vector<Result> describe_tiling(const Call &call, const Area &area) {
  const double dt = call.settings.number("dt");
  const TrainMetric metric{
      "tiling",
      [dt](const measures::SpikeTrain &a, const measures::SpikeTrain &b, const measures::Observation &w) {
        return w.empty() ? absent : measures::spike_time_tiling(a, b, w, dt);
      },
      true};
  return pairs_of_units(call, {metric}, area);
}

} // namespace

MethodEntry tiling_method() {
  return {.words = {.name = "tiling",
                    .help = "spike time tiling coefficient of the units: the mean over pairs",
                    .reference = "Cutts & Eglen 2014",
                    .interval = "bootstrap over units",
                    .parameters = {positive("dt", "ms", 5, "within which spikes are together")}},
          .place = 105,
          .takes = Takes::spikes,
          .by_name = true,
          .describe = describe_tiling};
}

} // namespace engram::recordings
