// engram export: the spikes of a run, or of another NWB file, as SONATA, which the readers of SONATA read.
#include "catch.hpp"
#include "command.hpp"
#include "data/nwb.hpp"
#include "data/spikes/spike_trains.hpp"
#include "recordings/planted_nwb.hpp"

#include <algorithm>

using namespace engram;
using namespace command;

namespace {

std::vector<data::SpikeTrains> read_back(const std::string &path) {
  std::vector<std::string> notes;
  data::SpikeSource source;
  source.file = path;
  return data::read_spike_trains(source, notes);
}

} // namespace

TEST_CASE("export writes the spikes of a run by region and neuron", "[cli]") {
  const Folder folder;
  const auto path = [&](const char *name) { return (folder.path / name).string(); };
  folder.write("m.json", R"({
    "time": { "step": 0.1 },
    "architecture": { "regions": {
      "a": { "size": 4, "dynamics": { "type": "poisson", "rate": [50, 200, 0, 100] } },
      "b": { "size": 2, "dynamics": { "type": "poisson", "rate": 80 } } } },
    "task": { "trial": [ { "phase": "run", "duration": 1000 } ] },
    "record": { "a": { "signals": ["spike"] }, "b": { "signals": ["spike"] } } })");
  const auto run = command::engram("run m.json --quiet --out r.nwb", folder.path);
  INFO(run.err);
  REQUIRE(run.exit == 0);
  const auto exported = command::engram("export r.nwb s.h5", folder.path);
  INFO(exported.err);
  REQUIRE(exported.exit == 0);
  CHECK_THAT(exported.out, ContainsSubstring("2 populations written: s.h5"));
  const data::NwbFile nwb(path("r.nwb"));
  const auto units = nwb.units();
  const auto &table = nwb.find_table("units");
  const auto region = nwb.read_column(table, "region").texts;
  const auto neuron = nwb.read_column(table, "neuron").numbers;
  const auto found = read_back(path("s.h5"));
  REQUIRE(found.size() == 2);
  std::size_t compared = 0;
  for (std::size_t u = 0; u < region.size(); ++u) {
    INFO(region[u] << " " << neuron[u]);
    auto expected = units.spike_times_s[u];
    const auto population =
        std::find_if(found.begin(), found.end(), [&](const auto &p) { return p.population == region[u]; });
    REQUIRE(population != found.end());
    const auto place =
        std::find(population->units.begin(), population->units.end(), std::to_string(static_cast<int>(neuron[u])));
    if (expected.empty()) {
      CHECK(place == population->units.end());
      continue;
    }
    REQUIRE(place != population->units.end());
    const auto &times = population->times_ms[static_cast<std::size_t>(place - population->units.begin())];
    REQUIRE(times.size() == expected.size());
    for (std::size_t k = 0; k < times.size(); ++k) CHECK(times[k] == Approx(1000 * expected[k]).margin(1e-9));
    compared += times.size();
  }
  CHECK(compared > 100);
  // What is there stays, unless it is asked for; the run is never replaced.
  CHECK(command::engram("export r.nwb s.h5", folder.path).exit == 2);
  CHECK(command::engram("export r.nwb s.h5 --force", folder.path).exit == 0);
  CHECK(command::engram("export r.nwb r.nwb --force", folder.path).exit == 2);
  CHECK(read_back(path("s.h5")).size() == 2);
}

TEST_CASE("export takes units of a recording by a column", "[cli]") {
  const Folder folder;
  const auto path = [&](const char *name) { return (folder.path / name).string(); };
  recordings::testing::PlantedNwb(path("u.nwb")).units({{0.5, 0.1}, {0.2}, {}}, {{{0, 1}}, {{0, 1}}, {{0, 1}}});
  const auto exported = command::engram("export u.nwb s.h5", folder.path);
  INFO(exported.err);
  REQUIRE(exported.exit == 0);
  CHECK_THAT(exported.err, ContainsSubstring("SONATA says of nodes without a spike nothing: 1"));
  const auto found = read_back(path("s.h5"));
  REQUIRE(found.size() == 1);
  CHECK(found[0].population == "units");
  REQUIRE(found[0].times_ms.size() == 2);
  CHECK(found[0].times_ms[0] == std::vector<double>{100, 500});
  const auto wrong = command::engram("export u.nwb t.h5 --by layer", folder.path);
  CHECK(wrong.exit == 2);
  CHECK_THAT(wrong.err, ContainsSubstring("'layer'"));
  CHECK_FALSE(std::filesystem::exists(path("t.h5")));
}
