// engram export: the spikes of a run, or of another NWB file, as SONATA, which the readers of SONATA read.
#include "catch.hpp"
#include "command.hpp"
#include "data/hdf5.hpp"
#include "data/nwb.hpp"
#include "data/spikes/spike_trains.hpp"
#include "recordings/planted_nwb.hpp"

#include <algorithm>

using namespace engram;
namespace hdf5 = data::hdf5;
using namespace command;

namespace {

std::vector<data::SpikeTrains> read_back(const std::string &path) {
  std::vector<std::string> notes;
  data::SpikeSource source;
  source.file = path;
  return data::read_spike_trains(source, notes);
}

std::vector<std::uint32_t> numbers_of(hid_t object, const char *name) {
  const hdf5::Handle attribute(H5Aopen(object, name, H5P_DEFAULT));
  REQUIRE(attribute);
  const hdf5::Handle space(H5Aget_space(attribute.get()));
  std::vector<std::uint32_t> out(static_cast<std::size_t>(H5Sget_simple_extent_npoints(space.get())));
  REQUIRE(H5Aread(attribute.get(), H5T_NATIVE_UINT32, out.data()) >= 0);
  return out;
}

// The name that a value of an enumeration has.
std::string word_of(hid_t object, const char *name) {
  const hdf5::Handle attribute(H5Aopen(object, name, H5P_DEFAULT));
  REQUIRE(attribute);
  const hdf5::Handle type(H5Aget_type(attribute.get()));
  REQUIRE(H5Tget_class(type.get()) == H5T_ENUM);
  std::vector<unsigned char> value(H5Tget_size(type.get()));
  REQUIRE(H5Aread(attribute.get(), type.get(), value.data()) >= 0);
  char word[64] = "";
  REQUIRE(H5Tenum_nameof(type.get(), value.data(), word, sizeof word) >= 0);
  return word;
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
  // As a run's file: through a link to where it leads, and nowhere that cannot be written to.
  std::filesystem::create_symlink("s.h5", path("link.h5"));
  CHECK(command::engram("export r.nwb link.h5 --force", folder.path).exit == 0);
  CHECK(std::filesystem::is_symlink(path("link.h5")));
  CHECK(read_back(path("s.h5")).size() == 2);
  std::filesystem::create_symlink("nowhere/s.h5", path("lost.h5"));
  const auto refused = [&](const std::string &to, const std::string &says) {
    const auto r = command::engram("export r.nwb " + to + " --force", folder.path);
    CAPTURE(to);
    CHECK(r.exit == 2);
    CHECK(r.err == to + ": cannot be written: " + says + "\n");
  };
  refused("lost.h5", "it is a symbolic link that leads nowhere");
  refused("absent/s.h5", "No such file or directory");
  refused("/dev/null", "it is a device");
  refused("r.nwb", "it is a file that this command reads");
  std::filesystem::create_symlink("r.nwb", path("same.h5"));
  refused("same.h5", "it is a file that this command reads");
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

// The SONATA Data Format (Dai et al. 2020, PLoS Comput Biol 16:e1007696; github.com/AllenInstitute/sonata,
// "Representing output"): /spikes/<population> has `sorting`, an enumeration none, by_id, by_time; timestamps have
// `units`.
TEST_CASE("export writes what the specification of SONATA asks for", "[cli]") {
  const Folder folder;
  const auto path = (folder.path / "s.h5").string();
  recordings::testing::PlantedNwb((folder.path / "u.nwb").string())
      .units({{0.5, 0.1}, {0.2, 0.7}}, {{{0, 1}}, {{0, 1}}});
  REQUIRE(command::engram("export u.nwb s.h5", folder.path).exit == 0);
  const hdf5::Handle file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT));
  REQUIRE(file);
  CHECK(numbers_of(file.get(), "magic") == std::vector<std::uint32_t>{0x0A7A});
  CHECK(numbers_of(file.get(), "version") == std::vector<std::uint32_t>{0, 1});
  const auto population = hdf5::open_group(file.get(), "spikes/units");
  CHECK(word_of(population.get(), "sorting") == "by_time");
  const auto times = hdf5::open_dataset(population.get(), "timestamps"),
             nodes = hdf5::open_dataset(population.get(), "node_ids");
  CHECK(hdf5::read_all<double>(times.get()) == std::vector<double>{100, 200, 500, 700});
  CHECK(hdf5::read_all<std::uint64_t>(nodes.get()) == std::vector<std::uint64_t>{0, 1, 0, 1});
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) // the sanitizer's library has to be loaded first
TEST_CASE("an export onto a disk that tells late that it is full fails, and leaves nothing", "[cli]") {
  const Folder folder;
  recordings::testing::PlantedNwb((folder.path / "u.nwb").string()).units({{0.5, 0.1}}, {{{0, 1}}});
  const auto exported = command::engram("export u.nwb s.h5", folder.path,
                                        "LD_PRELOAD='" ENGRAM_BUILD_DIR "/tests/preload/sync_fails.so'");
  CHECK(exported.exit == 1);
  CHECK_THAT(exported.err, ContainsSubstring("s.h5: cannot be written: Disk quota exceeded"));
  CHECK(folder.files() == 1);
}
#endif
