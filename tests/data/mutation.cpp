// A fixed sequence of random changes damages good files. Each is refused with a DataError, or read into an array whose
// shape and values agree. The fuzz targets search further.
#include "catch.hpp"
#include "data/parse.hpp"
#include "fixtures.hpp"

#include <random>

using namespace engram::data;
using namespace engram::data::testing;

namespace {

template <class Parse> void damage(const std::vector<const char *> &seeds, Parse parse) {
  std::mt19937 random(20240229);
  std::size_t refused = 0, read = 0;
  for (const char *seed : seeds) {
    const auto good = bytes_of(fixture(seed));
    REQUIRE_FALSE(good.empty());
    for (int round = 0; round < 2000; ++round) {
      auto bytes = good;
      const auto changes = 1 + random() % 4;
      for (std::size_t c = 0; c < changes && !bytes.empty(); ++c) {
        const auto at = static_cast<std::ptrdiff_t>(random() % bytes.size());
        switch (random() % 4) {
        case 0:
          bytes[static_cast<std::size_t>(at)] = static_cast<std::byte>(random());
          break;
        case 1:
          bytes[static_cast<std::size_t>(at)] ^= static_cast<std::byte>(1u << random() % 8);
          break;
        case 2:
          bytes.erase(bytes.begin() + at);
          break;
        default:
          bytes.insert(bytes.begin() + at, static_cast<std::byte>(random()));
          break;
        }
      }
      try {
        const Array array = parse(bytes);
        std::size_t product = 1;
        for (const std::size_t axis : array.shape) product *= axis;
        if (product != array.size()) FAIL("shape and values disagree after damage to " << seed);
        ++read;
      } catch (const DataError &error) {
        if (std::string(error.what()).rfind("damaged", 0) != 0) FAIL("the message does not name the file");
        ++refused;
      }
    }
  }
  REQUIRE(refused > 0);
  REQUIRE(read > 0);
}

} // namespace

TEST_CASE("damaged npy files", "[data]") {
  damage({"le_f8.npy", "be_i2.npy", "fortran_order.npy", "version3.npy", "bool.npy"},
         [](const auto &bytes) { return parse_npy(bytes, "damaged"); });
}

TEST_CASE("damaged npz files", "[data]") {
  damage({"one.npz", "deflated.npz", "stored.npz"},
         [](const auto &bytes) { return parse_npz(bytes, "damaged", bytes.size() < 300 ? "" : "x"); });
}

TEST_CASE("damaged csv files", "[data]") {
  damage({"table.csv", "table.txt", "table.tsv", "table.csv.gz"},
         [](const auto &bytes) { return parse_csv(bytes, "damaged", ""); });
}

TEST_CASE("damaged idx files", "[data]") {
  damage({"bytes-ubyte", "bytes-ubyte.gz", "i2.idx", "f8.idx"},
         [](const auto &bytes) { return parse_idx(bytes, "damaged"); });
}
