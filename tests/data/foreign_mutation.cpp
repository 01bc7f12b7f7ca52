// matio and HDF5 fail on many damaged files, by signals too. The program that reads such files never does. The fuzz
// targets search further.
#include "catch.hpp"
#include "damage.hpp"
#include "fixtures.hpp"
#include "read_everything.hpp"

using namespace engram::data;
using namespace engram::data::testing;

namespace {

void write(const std::filesystem::path &path, const std::vector<std::byte> &bytes) {
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char *>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

/// `read` returns how much was refused.
template <class Read> void damage(const char *seed, const char *name, int rounds, Read read) {
  const TemporaryFolder folder;
  const auto good = bytes_of(fixture(seed));
  REQUIRE_FALSE(good.empty());
  std::filesystem::copy(fixture("outside.h5"), folder.path / "outside.h5");
  write(folder.path / name, good);
  const std::size_t usual = read((folder.path / name).string());
  std::mt19937 random(20240229);
  int worse = 0, as_before = 0;
  for (int round = 0; round < rounds; ++round) {
    write(folder.path / name, damaged(good, random));
    (read((folder.path / name).string()) > usual ? worse : as_before) += 1;
  }
  CHECK(worse > 0);
  CHECK(as_before > 0);
}

} // namespace

TEST_CASE("damaged MATLAB files are read or refused", "[data]") {
  const auto *const seed = GENERATE("version5.mat", "version5_plain.mat", "version73.mat");
  INFO(seed);
  damage(seed, "damaged.mat", 20, read_all_of_mat);
}

TEST_CASE("damaged NWB files are read or refused", "[data]") {
  const auto *const seed = GENERATE("series.nwb", "tables.nwb");
  INFO(seed);
  damage(seed, "damaged.nwb", 60, read_all_of_nwb);
}

TEST_CASE("damaged MATLAB and HDF5 files are described or refused", "[data]") {
  const auto *const seed = GENERATE("version5.mat", "version73.mat", "tables.nwb", "plain.h5");
  INFO(seed);
  const std::string name = "damaged" + std::filesystem::path(seed).extension().string();
  damage(seed, name.c_str(), 30, [](const std::string &path) {
    std::size_t refused = 0;
    allow_refusal(refused, [&] { describe_file(path); });
    return refused;
  });
}
