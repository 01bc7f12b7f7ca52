#include "recordings/train_metrics.hpp"

#include "measures/spike_distance.hpp"
#include "measures/spike_synchrony.hpp"

namespace engram::recordings {

using measures::Observation;
using measures::SpikeTrain;

std::vector<TrainMetric> train_metrics(const Method &method) {
  if (method.type == "synchrony")
    return {{"synchrony.spike_synchronization",
             [](const SpikeTrain &a, const SpikeTrain &b, const Observation &w) {
               return measures::spike_synchronization(a, b, w);
             },
             true},
            {"synchrony.spike_distance", [](const SpikeTrain &a, const SpikeTrain &b,
                                            const Observation &w) { return measures::spike_distance(a, b, w); }},
            {"synchrony.isi_distance", [](const SpikeTrain &a, const SpikeTrain &b, const Observation &w) {
               return measures::isi_distance(a, b, w);
             }}};
  constexpr double usual_cost = 0.1, usual_constant = 10; // per ms; ms
  const double cost = method.scale > 0 ? method.scale : usual_cost,
               constant = method.scale > 0 ? method.scale : usual_constant;
  std::vector<TrainMetric> out;
  if (method.metric != "van_rossum")
    out.push_back({"distances.victor_purpura", [cost](const SpikeTrain &a, const SpikeTrain &b, const Observation &w) {
                     return measures::victor_purpura(a, b, cost, w);
                   }});
  if (method.metric != "victor_purpura")
    out.push_back({"distances.van_rossum", [constant](const SpikeTrain &a, const SpikeTrain &b, const Observation &w) {
                     return measures::van_rossum(a, b, constant, w);
                   }});
  return out;
}

} // namespace engram::recordings
