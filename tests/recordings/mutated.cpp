// Each kind of file that `engram compare` takes, damaged by a fixed sequence of random changes: it is read the way that
// the program reads it, cut into areas and described by all methods, or refused with one error. Some damaged files are
// tried in every run of the tests, 1000 of each kind in the one that is tagged [slow]. tests/data/foreign_mutation.cpp
// asks the same of the readers by themselves.
#include "catch.hpp"
#include "data/damage.hpp"
#include "data/npy_text.hpp"
#include "error/error.hpp"
#include "fixtures.hpp"
#include "recordings/comparison.hpp"
#include "recordings/planted_nwb.hpp"

#include <nlohmann/json.hpp>

#include <functional>
#include <random>
#include <sys/resource.h>
#include <unistd.h>

using namespace engram;
using namespace engram::data::testing;

namespace {

namespace fs = std::filesystem;

/// A file, or one of several that are read together, and the source that reads it.
struct Kind {
  std::string name;   // of the file that is damaged
  std::string source; // JSON
  std::function<void(const fs::path &folder)> write;
};

void write_file(const fs::path &path, const std::vector<std::byte> &bytes) {
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char *>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

Kind of_text(const std::string &name, const std::string &source, const std::string &text) {
  return {name, source, [=](const fs::path &folder) { write_file(folder / name, as_bytes(text)); }};
}

Kind of_fixture(const std::string &name, const std::string &source) {
  return {name, source, [=](const fs::path &folder) { write_file(folder / name, bytes_of(fixture(name))); }};
}

std::string small_array() {
  std::vector<double> values(4 * 3 * 2);
  for (std::size_t k = 0; k < values.size(); ++k) values[k] = static_cast<double>((7 * k) % 11);
  return data::testing::npy_text<double>("<f8", {4, 3, 2}, values);
}

void write_units_and_trials(const fs::path &folder) {
  recordings::testing::PlantedNwb file((folder / "units.nwb").string());
  file.units({{0.1, 0.2, 0.35, 0.9, 1.4}, {0.15, 0.2, 0.8, 1.1}}, {{{0, 2}}, {{0, 1}, {1.1, 2}}});
  file.trials({{0, 0.5}, {0.5, 1}, {1, 1.5}, {1.5, 2}}, {{"orientation", {0, 90, 0, 90}}});
}

std::vector<Kind> kinds() {
  const std::string phy = R"({"file": ".", "spikes": {}})";
  const auto write_phy = [](const fs::path &folder) {
    write_file(folder / "spike_times.npy",
               as_bytes(npy_text<std::uint64_t>("<u8", {5, 1}, {30, 15000, 60, 90, 45000})));
    write_file(folder / "spike_clusters.npy", as_bytes(npy_text<std::int32_t>("<i4", {5}, {7, 7, 2, 11, 2})));
    write_file(folder / "params.py", as_bytes("dat_path = r'raw.dat'\nn_channels_dat = 2\nsample_rate = 30_000.\n"));
    write_file(folder / "cluster_info.tsv", as_bytes("cluster_id\tgroup\n2\tmua\n7\tmua\n11\tgood\n"));
  };
  return {
      of_text("array.npy", R"({"file": "array.npy"})", small_array()),
      of_text("series.npy", R"({"file": "series.npy", "axes": ["time", "neuron", "neuron"], "series": {"rate": 100}})",
              small_array()),
      of_fixture("lzw.tif", R"({"file": "lzw.tif"})"),
      of_fixture("deflated.tif", R"({"file": "deflated.tif"})"),
      of_fixture("stored.npz", R"({"file": "stored.npz", "key": "x"})"),
      of_fixture("deflated.npz", R"({"file": "deflated.npz", "key": "x"})"),
      of_text("array.csv", R"({"file": "array.csv"})", "1,2,3\n2,5,1\n0,1,7\n4,4,2\n"),
      of_text("trials.csv", R"({"file": "trials.csv", "columns": {"coh": "coh", "right": "right"}})",
              "coh,right\n0,1\n0.1,1\n0.1,0\n0.5,1\n0,0\n"),
      of_fixture("version5.mat", R"({"file": "version5.mat", "key": "cube"})"),
      of_fixture("version73.mat", R"({"file": "version73.mat", "key": "cube"})"),
      of_fixture("python73.mat", R"({"file": "python73.mat", "key": "resp"})"),
      of_fixture("by_hand.h5", R"({"file": "by_hand.h5", "key": "by_hand"})"),
      {"units.nwb", R"({"file": "units.nwb"})", write_units_and_trials},
      of_fixture("assembly.nc", R"({"file": "assembly.nc", "areas": "region"})"),
      of_fixture("sonata.h5", R"({"file": "sonata.h5", "spikes": {}})"),
      of_text("spikes.txt", R"({"file": "spikes.txt", "spikes": {"unit": "s"}})", "0.25 0.125 1\n\n0.5 3 7 9\n8\n"),
      {"spike_times.npy", phy, write_phy},
      {"spike_clusters.npy", phy, write_phy},
      {"params.py", phy, write_phy},
      {"cluster_info.tsv", phy, write_phy},
  };
}

enum class End { described, refused };

// As the program does it, without what it draws at random.
End read_and_describe(const fs::path &folder) {
  try {
    auto config = recordings::load_config((folder / "config.json").string());
    config.bootstrap = 0;
    std::vector<std::string> notes;
    const auto areas = recordings::gather(config.circuits.at(0), notes);
    recordings::compare(config, areas, {}, notes, {});
    return End::described;
  } catch (const Error &error) {
    INFO(error.what());
    CHECK(error.kind() == ErrorKind::wrong_input);
    CHECK_FALSE(std::string(error.what()).empty());
    return End::refused;
  }
}

// kB, of this process and of those that it waited for.
long most_memory() {
  rusage own{}, children{};
  ::getrusage(RUSAGE_SELF, &own);
  ::getrusage(RUSAGE_CHILDREN, &children);
  return std::max(own.ru_maxrss, children.ru_maxrss);
}

void damage_each_kind(int rounds) {
  constexpr unsigned hangs = 120;      // s: no reader takes a hundredth of it
  constexpr long more_memory = 500000; // kB: the files are small
  for (const Kind &kind : kinds()) {
    INFO(kind.name);
    const TemporaryFolder folder;
    kind.write(folder.path);
    write_file(folder.path / "config.json", as_bytes("{\"circuits\": [" + kind.source + "]}"));
    REQUIRE(read_and_describe(folder.path) == End::described);
    const auto good = bytes_of((folder.path / kind.name).string());
    const long before = most_memory();
    std::mt19937 random(20260801);
    int described = 0, refused = 0;
    for (int round = 0; round < rounds; ++round) {
      INFO("round " << round);
      write_file(folder.path / kind.name, damaged(good, random));
      ::alarm(hangs); // ends the tests where a reader does not end
      (read_and_describe(folder.path) == End::described ? described : refused) += 1;
      ::alarm(0);
    }
    CHECK(most_memory() - before < more_memory);
    CHECK(refused > 0);
    if (rounds >= 100) CHECK(described > 0); // of few rounds on a small file, all may do harm
  }
}

} // namespace

TEST_CASE("damaged files of every kind are described or refused", "[recordings]") { damage_each_kind(6); }
TEST_CASE("a thousand damaged files of every kind are described or refused", "[recordings][slow]") {
  damage_each_kind(1000);
}
