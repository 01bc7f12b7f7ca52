// The spikes that a run file holds say when they were watched for.
#include "catch.hpp"
#include "trained.hpp"

#include <fstream>

TEST_CASE("each region's spikes are said to be watched for its own time", "[spiking][record]") {
  const command::Folder folder;
  std::ofstream(folder.path / "m.json") << R"({ "time": { "step": 1 }, "architecture": { "regions": {
      "a": { "size": 2, "dynamics": { "type": "poisson", "rate": 300 } },
      "b": { "size": 1, "dynamics": { "type": "poisson", "rate": 300 } },
      "silent": { "size": 1, "dynamics": "lif" } } },
    "task": { "trial": [ { "phase": "run", "duration": 100 } ], "epochs": 1 },
    "record": { "a": { "signals": ["spike"], "from": 20, "to": 50 }, "b": ["spike"], "silent": ["spike"] } })";
  const auto units = command::units_after(folder, "m.json");
  REQUIRE(units.obs_intervals_s.size() == 4);
  using Intervals = std::vector<std::pair<double, double>>;
  CHECK(units.obs_intervals_s[0] == Intervals{{0.02, 0.05}});
  CHECK(units.obs_intervals_s[1] == Intervals{{0.02, 0.05}});
  CHECK(units.obs_intervals_s[2] == Intervals{{0, 0.1}});
  CHECK(units.obs_intervals_s[3] == Intervals{{0, 0.1}});
  REQUIRE_FALSE(units.spike_times_s[0].empty());
  CHECK(units.spike_times_s[0].front() >= 0.02);
  CHECK(units.spike_times_s[0].back() < 0.05);
  CHECK(units.spike_times_s[3].empty());
}
