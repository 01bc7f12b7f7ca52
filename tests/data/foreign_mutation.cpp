// matio and HDF5 fail on many damaged files, by signals too. The program that reads such files never does. The fuzz
// targets search further. Each reader meets some damaged files in every run of the tests, and 1000 in those tagged
// [slow].
#include "catch.hpp"
#include "damage.hpp"
#include "data/assembly.hpp"
#include "data/bytes.hpp"
#include "data/read.hpp"
#include "data/spikes/spike_trains.hpp"
#include "fixtures.hpp"
#include "npy_text.hpp"
#include "read_everything.hpp"

#include <functional>

using namespace engram::data;
using namespace engram::data::testing;

namespace {

void write(const std::filesystem::path &path, const Bytes &bytes) {
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char *>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

/// `read` returns how much of a file was refused.
using Read = std::function<std::size_t(const std::string &path)>;

/// Damages the file `name` of a folder again and again.
void damage_in(const std::filesystem::path &folder, const std::string &name, int rounds, const Read &read) {
  const auto good = bytes_of((folder / name).string());
  REQUIRE_FALSE(good.empty());
  const std::size_t usual = read((folder / name).string());
  std::mt19937 random(20240229);
  int worse = 0, as_before = 0;
  for (int round = 0; round < rounds; ++round) {
    write(folder / name, damaged(good, random));
    (read((folder / name).string()) > usual ? worse : as_before) += 1;
  }
  write(folder / name, good);
  CHECK(worse > 0);
  if (rounds >= 100) CHECK(as_before > 0); // of few rounds on a small file, all may do harm
}

void damage(const char *seed, const std::string &name, int rounds, const Read &read) {
  INFO(seed);
  const TemporaryFolder folder;
  std::filesystem::copy(fixture("outside.h5"), folder.path / "outside.h5");
  write(folder.path / name, bytes_of(fixture(seed)));
  damage_in(folder.path, name, rounds, read);
}

std::size_t refused_of(const std::function<void()> &read) {
  std::size_t refused = 0;
  allow_refusal(refused, read);
  return refused;
}

std::size_t describe(const std::string &path) {
  return refused_of([&] { describe_file(path); });
}

std::size_t read_spikes(const std::string &path, const std::string &key = "", const std::string &unit = "s") {
  SpikeSource source;
  source.file = path;
  source.key = key;
  source.unit = unit;
  std::vector<std::string> notes;
  return refused_of([&] { read_spike_trains(source, notes); });
}

std::size_t read_arrays_of_hdf5(const std::string &path, const std::vector<std::string> &keys) {
  std::size_t refused = 0;
  for (const auto &key : keys) allow_refusal(refused, [&] { read_hdf5(path, key); });
  return refused + read_spikes(path, keys.front());
}

std::size_t read_python_mat(const std::string &path) {
  std::size_t refused = 0;
  for (const char *key : {"resp", "s.IT", "by_hand"}) allow_refusal(refused, [&] { read_mat(path, key); });
  for (const char *key : {"names", "words"}) allow_refusal(refused, [&] { read_mat_texts(path, key); });
  return refused + read_spikes(path, "ragged");
}

void damage_matlab(int rounds) {
  for (const char *seed : {"version5.mat", "version5_plain.mat", "version73.mat"})
    damage(seed, "damaged.mat", rounds, read_all_of_mat);
  damage("python73.mat", "damaged.mat", rounds, read_python_mat);
}

void damage_hdf5(int rounds) {
  damage("by_hand.h5", "damaged.h5", rounds, [](const std::string &path) {
    return read_arrays_of_hdf5(path, {"ragged", "by_hand", "flags", "inner/deep"});
  });
  damage("lzf.h5", "damaged.h5", rounds, [](const std::string &path) {
    return read_arrays_of_hdf5(path, {"steps", "noise"});
  });
  damage("sonata.h5", "damaged.h5", rounds, [](const std::string &path) { return read_spikes(path, "", ""); });
}

void damage_described(int rounds) {
  for (const char *seed : {"version5.mat", "version73.mat", "python73.mat", "tables.nwb", "plain.h5", "by_hand.h5",
                           "lzf.h5", "sonata.h5", "deflated.npz", "i2.idx", "bytes-ubyte.gz"})
    damage(seed, std::string("damaged-") + std::filesystem::path(seed).filename().string(), rounds, describe);
  damage("be_i2.npy", "damaged.npy", 5 * rounds, describe); // most of it is header, where nearly any change is refused
}

void damage_assemblies(int rounds) {
  damage("assembly.nc", "damaged.nc", rounds,
         [](const std::string &path) { return refused_of([&] { read_assembly(path, ""); }); });
}

void damage_spike_texts(int rounds) {
  const TemporaryFolder folder;
  const auto text = [](const std::string &words) { return as_bytes(words); };
  for (const auto &words : {"0.25 0.125 1\n\n0.5 3 7 9\n8\n", "time_s,unit\n3,4\n2.5,7\n1,4\n", "4 1\n4 3\n7 2.5\n"}) {
    write(folder.path / "spikes.csv", text(words));
    damage_in(folder.path, "spikes.csv", rounds, [](const std::string &path) { return read_spikes(path); });
    damage_in(folder.path, "spikes.csv", rounds, describe);
  }
}

void damage_phy(int rounds) {
  const TemporaryFolder folder;
  const auto put = [&](const char *name, const std::string &text) { write(folder.path / name, as_bytes(text)); };
  put("spike_times.npy", npy_text<std::uint64_t>("<u8", {5, 1}, {30, 15000, 60, 90, 45000}));
  put("spike_clusters.npy", npy_text<std::int32_t>("<i4", {5}, {7, 7, 2, 11, 2}));
  put("params.py", "dat_path = r'raw.dat'\nn_channels_dat = 2\ndtype = 'int16'\noffset = 0\nsample_rate = 30_000.\n");
  put("cluster_info.tsv", "cluster_id\tgroup\tdepth\n2\tmua\t100\n7\tmua\t200\n11\t\t300\n");
  const auto all = folder.path.string();
  for (const char *name : {"spike_times.npy", "spike_clusters.npy", "params.py", "cluster_info.tsv"})
    damage_in(folder.path, name, rounds, [&](const std::string &) {
      describe(all);
      return read_spikes(all, "", "");
    });
}

} // namespace

TEST_CASE("damaged NWB files are read or refused", "[data]") {
  for (const char *seed : {"series.nwb", "tables.nwb"}) damage(seed, "damaged.nwb", 60, read_all_of_nwb);
}

TEST_CASE("damaged MATLAB files are read or refused", "[data]") { damage_matlab(20); }
TEST_CASE("damaged HDF5 files are read or refused", "[data]") {
  damage_hdf5(20);
  damage_assemblies(20);
}
TEST_CASE("damaged files are described or refused", "[data]") { damage_described(20); }
TEST_CASE("damaged texts and folders of spikes are read or refused", "[data]") {
  damage_spike_texts(100);
  damage_phy(100);
}

TEST_CASE("a thousand damaged NWB files are read or refused", "[data][slow]") {
  for (const char *seed : {"series.nwb", "tables.nwb"}) damage(seed, "damaged.nwb", 1000, read_all_of_nwb);
}
TEST_CASE("a thousand damaged MATLAB files are read or refused", "[data][slow]") { damage_matlab(1000); }
TEST_CASE("a thousand damaged HDF5 files are read or refused", "[data][slow]") {
  damage_hdf5(1000);
  damage_assemblies(1000);
}
TEST_CASE("a thousand damaged files are described or refused", "[data][slow]") { damage_described(1000); }
TEST_CASE("a thousand damaged texts and folders of spikes are read or refused", "[data][slow]") {
  damage_spike_texts(1000);
  damage_phy(1000);
}
