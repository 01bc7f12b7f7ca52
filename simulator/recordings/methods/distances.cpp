// distances are those of Victor & Purpura and of van Rossum between spike trains.
#include "measures/spike_distance.hpp"
#include "recordings/train_pairs.hpp"

namespace engram::recordings {

namespace {

// The metric that is asked for, or both.
std::vector<TrainMetric> distance_metrics(const Settings &settings) {
  using measures::Observation;
  using measures::SpikeTrain;
  constexpr double usual_cost = 0.1, usual_constant = 10; // per ms; ms
  const double cost = settings.given("scale") ? settings.number("scale") : usual_cost,
               constant = settings.given("scale") ? settings.number("scale") : usual_constant;
  const auto &metric = settings.word("metric");
  std::vector<TrainMetric> out;
  if (metric != "van_rossum")
    out.push_back({"distances.victor_purpura", [cost](const SpikeTrain &a, const SpikeTrain &b, const Observation &w) {
                     return measures::victor_purpura(a, b, cost, w);
                   }});
  if (metric != "victor_purpura")
    out.push_back({"distances.van_rossum", [constant](const SpikeTrain &a, const SpikeTrain &b, const Observation &w) {
                     return measures::van_rossum(a, b, constant, w);
                   }});
  return out;
}

std::vector<Result> describe_distances(const Call &call, const Area &area) {
  return pairs_of_units(call, distance_metrics(call.settings), area);
}

std::vector<Result> compare_distances(const Call &call, const Area &region, const Area &area) {
  return trials_of_units(call, distance_metrics(call.settings), region, area);
}

std::vector<Conflict> check_scale(const Settings &settings) {
  if (settings.given("scale") && !settings.given("metric")) return {{"scale", "is of one 'metric': say which"}};
  return {};
}

} // namespace

MethodEntry distances_method() {
  return {
      .words = {.name = "distances",
                .help =
                    "distance of the units' spike trains at a time scale: the mean over pairs; of two sides, of the "
                    "trials of each unit on both",
                .reference = "Victor & Purpura 1996; van Rossum 2001",
                .interval = "bootstrap over units",
                .parameters = {word("metric", {"victor_purpura", "van_rossum"}, "", "both unless given"),
                               positive("scale", "", 0,
                                        "of the metric: cost per ms that a spike is moved (0.1 unless given), or time "
                                        "constant in ms (10 unless given)")}},
      .place = 100,
      .takes = Takes::trials,
      .describe = describe_distances,
      .compare = compare_distances,
      .check = check_scale};
}

} // namespace engram::recordings
