// These tests read spikes as phy and Kilosort write them, from folders made here, and from SONATA and other HDF5 files.
#include "catch.hpp"
#include "data/describe_file.hpp"
#include "data/hdf5.hpp"
#include "data/spikes/phy.hpp"
#include "data/spikes/spike_trains.hpp"
#include "fixtures.hpp"
#include "npy_text.hpp"
#include "refusal.hpp"

#include <fstream>

using namespace engram::data;
using namespace engram::data::testing;

namespace {

using Trains = std::vector<std::vector<double>>;
using Names = std::vector<std::string>;

std::vector<SpikeTrains> trains_of(const std::string &file, const std::string &key = "", const std::string &unit = "",
                                   std::vector<std::string> *notes = nullptr) {
  SpikeSource source;
  source.file = file;
  source.key = key;
  source.unit = unit;
  std::vector<std::string> ignored;
  return read_spike_trains(source, notes == nullptr ? ignored : *notes);
}

bool is_told(const std::vector<std::string> &notes, const std::string &part) {
  for (const std::string &note : notes)
    if (note.find(part) != std::string::npos) return true;
  return false;
}

/// Three clusters at 30 kHz; 12 seconds of a raw recording of 2 channels.
struct PhyFolder : TemporaryFolder {
  PhyFolder() {
    write("spike_times.npy", npy_text<std::uint64_t>("<u8", {5, 1}, {30, 15000, 60, 90, 45000}));
    write("spike_clusters.npy", npy_text<std::int32_t>("<i4", {5}, {7, 7, 2, 11, 2}));
    write("params.py", "dat_path = r'raw.dat'\nn_channels_dat = 2\ndtype = 'int16'\noffset = 0\n"
                       "sample_rate = 30_000. # Hz\nhp_filtered = False\n");
    write("cluster_info.tsv", "cluster_id\tgroup\tdepth\n2\tmua\t100\n7\tmua\t200\n11\t\t300\n");
    write("cluster_group.tsv", "cluster_id\tgroup\n2\tnoise\n7\tgood\n");
  }
  void write(const std::string &name, const std::string &text) const {
    std::ofstream(path / name, std::ios::binary) << text;
  }
  std::string file(const char *name) const { return (path / name).string(); }
};

/// A list of numbers in a new dataset.
void put(hid_t parent, const std::string &name, const std::vector<double> &values, const std::string &units = "") {
  hdf5::Layout layout;
  layout.shape = {values.size()};
  const auto dataset = hdf5::create_dataset(parent, name, H5T_NATIVE_DOUBLE, layout);
  hdf5::write_block(dataset.get(), H5T_NATIVE_DOUBLE, {0}, {values.size()}, values.data());
  if (!units.empty()) hdf5::set_attribute(dataset.get(), "units", units);
}

} // namespace

TEST_CASE("a folder of phy has its clusters as units", "[data][spikes]") {
  const PhyFolder folder;
  const auto path = folder.path.string();
  std::vector<std::string> notes;
  for (const auto &word : {path, path + "/", folder.file("params.py")}) {
    INFO(word);
    REQUIRE(is_phy(word));
    const auto trains = trains_of(word, "", "", &notes).at(0);
    CHECK(trains.units == Names{"2", "7", "11"});
    CHECK(trains.times_ms == Trains{{2, 1500}, {1, 500}, {3}});
    REQUIRE(trains.columns.size() == 2);
    CHECK(trains.columns[0].values == Names{"noise", "good", ""}); // what phy wrote of the group alone is newer
    CHECK(trains.columns[1].values == Names{"100", "200", "300"});
    CHECK(std::isnan(trains.stop_ms));
  }
  CHECK(is_told(notes, "clusters by group: 1 good, 1 noise, 1 not labelled"));
  folder.write("raw.dat", "");
  std::filesystem::resize_file(folder.path / "raw.dat", 12 * 30000 * 2 * 2);
  CHECK(trains_of(path).at(0).start_ms == 0);
  CHECK(trains_of(path).at(0).stop_ms == 12000);
  const auto told = describe_file(path);
  CHECK(told.format == "phy");
  CHECK(told.facts.at(0).second == "30000 Hz");
  CHECK(told.children.at(0).facts.at(0) == "3 units");
  CHECK(told.children.at(0).facts.at(1) == "5 spikes");
  CHECK(told.children.at(0).duration_s == 12);
  CHECK(told.children.size() == 3);
}

TEST_CASE("params.py is read as text, and is never run", "[data][spikes]") {
  const PhyFolder folder;
  const auto path = folder.path.string();
  const auto told = [&] { return refusal(path, [&] { trains_of(path); }); };
  folder.write("params.py", "sample_rate = 15000 * 2\n");
  CHECK_THAT(told(),
             ContainsSubstring("its params.py gives no sample_rate as a plain number; give the \"rate\" in Hz"));
  folder.write("params.py", "import os\nos.system('touch touched')\ndat_path = ['a.dat', 'b.dat']\nsample_rate=2e4\n");
  CHECK(trains_of(path).at(0).times_ms.at(0).at(0) == 3);
  CHECK_FALSE(std::filesystem::exists(folder.path / "touched"));
  CHECK(read_phy_parameters(folder.file("params.py")).dat_path.empty());
  std::filesystem::remove(folder.path / "params.py");
  CHECK_THAT(told(), ContainsSubstring("has no params.py"));
  SpikeSource source;
  source.file = path;
  source.rate_hz = 10000;
  std::vector<std::string> notes;
  CHECK(read_spike_trains(source, notes).at(0).times_ms.at(1) == std::vector<double>{3, 1500});
  std::filesystem::rename(folder.path / "spike_clusters.npy", folder.path / "spike_templates.npy");
  CHECK(read_spike_trains(source, notes).at(0).units.size() == 3);
  CHECK(is_told(notes, "units are the templates"));
}

TEST_CASE("a SONATA file has its populations", "[data][spikes]") {
  const TemporaryFolder folder;
  const auto path = (folder.path / "spikes.h5").string();
  {
    const hdf5::Handle file(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT));
    const auto spikes = hdf5::create_group(file.get(), "spikes");
    for (const std::string name : {"LGN", "V1", "bare"}) {
      const auto group = hdf5::create_group(spikes.get(), name);
      put(group.get(), "timestamps", {2, 0.5, 3}, name == "LGN" ? "seconds" : name == "V1" ? "ms" : "");
      put(group.get(), "node_ids", {9, 4, 9});
    }
  }
  CHECK(hdf5_content(path) == "SONATA");
  std::vector<std::string> notes;
  const auto all = trains_of(path, "", "", &notes);
  REQUIRE(all.size() == 3);
  CHECK(all[0].population == "LGN");
  CHECK(all[0].units == Names{"4", "9"});
  CHECK(all[0].times_ms == Trains{{500}, {2000, 3000}});
  CHECK(all[1].times_ms == Trains{{0.5}, {2, 3}});
  CHECK(all[2].times_ms == all[1].times_ms);
  CHECK(is_told(notes, "says no unit of its times; SONATA's is ms"));
  CHECK(is_told(notes, "nodes without a spike are not in a SONATA file"));
  CHECK(trains_of(path, "V1").size() == 1);
  CHECK(trains_of(path, "/spikes/LGN").at(0).population == "LGN");
  CHECK(trains_of(path, "bare", "s").at(0).times_ms.at(0).at(0) == 500);
  CHECK_THAT(refusal(path, [&] { trains_of(path, "LGN", "ms"); }), ContainsSubstring("its times are in s"));
  const auto told = describe_file(path);
  CHECK(told.format == "SONATA");
  CHECK(told.children.at(0).children.at(0).facts.at(0) == "3 spikes of 2 nodes, 0.5 to 3 seconds");
}

TEST_CASE("an older SONATA file has one population, and damage in it is told", "[data][spikes]") {
  const TemporaryFolder folder;
  const auto path = (folder.path / "spikes.h5").string();
  const auto write = [&](const std::vector<double> &nodes, const std::string &units) {
    const hdf5::Handle file(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT));
    const auto spikes = hdf5::create_group(file.get(), "spikes");
    put(spikes.get(), "timestamps", {2, 0.5, 3}, units);
    put(spikes.get(), "gids", nodes);
  };
  write({1, 0, 1}, "ms");
  CHECK(trains_of(path).at(0).times_ms == Trains{{0.5}, {2, 3}});
  write({1, 0}, "ms");
  CHECK_THAT(refusal(path, [&] { trains_of(path); }), ContainsSubstring("3 spike times, and the units of 2"));
  write({1, 0, 1}, "fortnights");
  CHECK_THAT(refusal(path, [&] { trains_of(path); }), ContainsSubstring("'fortnights', which is no unit of time"));
}

TEST_CASE("other HDF5 files hold lists, groups of trains, or times with the unit of each", "[data][spikes]") {
  CHECK(trains_of(fixture("by_hand.h5"), "ragged", "s").at(0).times_ms == Trains{{1500, 2500}, {}, {4000}});
  const TemporaryFolder folder;
  const auto path = (folder.path / "units.h5").string();
  {
    const hdf5::Handle file(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT));
    const auto units = hdf5::create_group(file.get(), "units");
    put(units.get(), "cell_a", {1, 3}, "s");
    put(units.get(), "cell_b", {2}, "s");
    put(file.get(), "times", {1, 2, 3});
    put(file.get(), "who", {5, 6, 5});
  }
  CHECK(hdf5_content(path) == "HDF5");
  const auto trains = trains_of(path, "units").at(0);
  CHECK(trains.units == Names{"cell_a", "cell_b"});
  CHECK(trains.times_ms == Trains{{1000, 3000}, {2000}});
  SpikeSource source;
  source.file = path;
  source.key = "times";
  source.clusters_key = "who";
  source.unit = "ms";
  std::vector<std::string> notes;
  CHECK(read_spike_trains(source, notes).at(0).times_ms == Trains{{1, 3}, {2}});
  CHECK_THAT(refusal(path, [&] { trains_of(path); }), ContainsSubstring("say by \"key\" where its spike times are"));
  CHECK_THAT(refusal(path, [&] { trains_of(path, "times"); }),
             ContainsSubstring("the unit of its spike times is not said"));
  CHECK_THAT(refusal(path, [&] { trains_of(path, "unit"); }), ContainsSubstring("no array 'unit'"));
}

TEST_CASE("a SONATA file of h5py is read as h5py reads it", "[data][spikes][recorded]") {
  const auto file = recorded("../cases/sonata-spikes.h5");
  if (!is_here(file)) return;
  const auto trains = trains_of(file).at(0);
  CHECK(trains.population == "V1");
  CHECK(trains.units == Names{"0", "1", "2"});
  CHECK(trains.times_ms == Trains{{1, 3}, {2}, {4}});
}
