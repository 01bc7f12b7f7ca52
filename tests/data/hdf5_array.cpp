// These tests read single arrays of HDF5 files that h5py wrote (fixtures/make_foreign.py), packed ones too.
#include "catch.hpp"
#include "data/describe_file.hpp"
#include "data/hdf5.hpp"
#include "data/hdf5_filter.hpp"
#include "data/nwb.hpp"
#include "data/read.hpp"
#include "fixtures.hpp"
#include "refusal.hpp"

#include <numeric>

using namespace engram::data;
using namespace engram::data::testing;

using Shape = std::vector<std::size_t>;

TEST_CASE("an array of an HDF5 file keeps its shape and the kind of its numbers", "[data]") {
  const auto file = fixture("by_hand.h5");
  CHECK(read_hdf5(file, "by_hand").shape == Shape{2, 3});
  CHECK(read_array(file, "/inner/deep").at(2) == 2);
  CHECK(std::get<std::vector<float>>(read_hdf5(file, "half").values) == std::vector<float>{0.5f, -2});
  CHECK(std::get<std::vector<std::uint8_t>>(read_hdf5(file, "flags").values) == std::vector<std::uint8_t>{1, 0, 1});
  CHECK(std::get<std::vector<std::int64_t>>(read_hdf5(file, "one").values) == std::vector<std::int64_t>{-7});
  CHECK(read_hdf5(file, "null").shape == Shape{0});
  CHECK(read_hdf5(fixture("plain.h5"), "").shape == Shape{3, 4}); // the only one of numbers
}

TEST_CASE("a wrong key of an HDF5 file is answered with what there is", "[data]") {
  const auto file = fixture("by_hand.h5");
  const auto told = [&](const std::string &key) { return refusal(file, [&] { read_hdf5(file, key); }); };
  CHECK_THAT(told(""), ContainsSubstring("holds several arrays, name one of: by_hand"));
  CHECK_THAT(told("inner/dep"), ContainsSubstring("did you mean 'inner/deep'?"));
  CHECK_THAT(told("inner"), ContainsSubstring("is a group, not an array; in it are: deep"));
  CHECK_THAT(told("words"), ContainsSubstring("holds text, not numbers"));
  CHECK_THAT(told("ragged"), ContainsSubstring("holds lists, not numbers"));
}

TEST_CASE("an empty dataspace is described as empty", "[data]") {
  for (const auto &node : describe_file(fixture("by_hand.h5")).children)
    if (node.name == "null") {
      CHECK(node.facts == std::vector<std::string>{"empty"});
      CHECK(node.values.empty());
      CHECK(node.of_values == 0);
    }
}

TEST_CASE("h5py's filter LZF is unpacked", "[data]") {
  const auto file = fixture("lzf.h5");
  const Array steps = read_hdf5(file, "steps"), zeros = read_hdf5(file, "zeros"), noise = read_hdf5(file, "noise");
  REQUIRE(steps.size() == 1000);
  for (std::size_t k = 0; k < 1000; ++k) CHECK(steps.at(k) == double(k / 25));
  double sum = 0;
  for (std::size_t k = 0; k < 1000; ++k) sum += zeros.at(k);
  CHECK(sum == 0);
  CHECK(zeros.size() == 1000);
  for (std::size_t k = 0; k < 500; ++k) sum += noise.at(k);
  CHECK(sum == 62374); // NumPy
  CHECK(noise.at(0) == 255);
  // By hand, after the format: "abc", then 5 bytes from 3 back.
  const std::vector<unsigned char> block{2, 'a', 'b', 'c', 0x60, 2};
  std::vector<unsigned char> out(8);
  CHECK(hdf5::unpack_lzf(block, {}) == 8);
  CHECK(hdf5::unpack_lzf(block, out) == 8);
  CHECK(std::string(out.begin(), out.end()) == "abcabcab");
  for (const std::vector<unsigned char> &broken :
       {std::vector<unsigned char>{5, 'a'}, {0x60, 2}, {0, 'a', 0x60}, {0, 'a', 0xe0}, {0, 'a', 0x60, 1}})
    CHECK(hdf5::unpack_lzf(broken, {}) == 0);
}

namespace {

/// A dataset packed with a filter that nobody has, as if a plugin had written it.
void write_packed(hid_t parent, const std::string &name) {
  const hsize_t extent = 4;
  const hdf5::Handle space(H5Screate_simple(1, &extent, nullptr)), layout(H5Pcreate(H5P_DATASET_CREATE));
  REQUIRE(H5Pset_chunk(layout.get(), 1, &extent) >= 0);
  REQUIRE(H5Pset_filter(layout.get(), 32001, H5Z_FLAG_OPTIONAL, 0, nullptr) >= 0);
  const hdf5::Handle dataset(
      H5Dcreate2(parent, name.c_str(), H5T_NATIVE_DOUBLE, space.get(), H5P_DEFAULT, layout.get(), H5P_DEFAULT));
  REQUIRE(dataset);
  const std::vector<std::byte> stored(10);
  const hsize_t first = 0;
  REQUIRE(H5Dwrite_chunk(dataset.get(), H5P_DEFAULT, 0, &first, stored.size(), stored.data()) >= 0);
}

} // namespace

TEST_CASE("a filter that HDF5 does not have is named", "[data]") {
  const TemporaryFolder folder;
  const auto plain = (folder.path / "packed.h5").string(), nwb = (folder.path / "packed.nwb").string();
  {
    const hdf5::Handle file(H5Fcreate(plain.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT));
    write_packed(file.get(), "x");
  }
  CHECK_THAT(refusal(plain, [&] { read_hdf5(plain, "x"); }),
             ContainsSubstring("/x: is packed with filter 32001 (blosc), which HDF5 does not have here"));
  CHECK(describe_file(plain).children.at(0).facts.at(0) ==
        "packed with filter 32001 (blosc), which HDF5 does not have here");
  std::filesystem::copy(fixture("series.nwb"), nwb);
  std::filesystem::copy(fixture("outside.h5"), folder.path / "outside.h5");
  {
    const hdf5::Handle file(H5Fopen(nwb.c_str(), H5F_ACC_RDWR, H5P_DEFAULT));
    const auto series = hdf5::open_group(file.get(), "acquisition/soft");
    REQUIRE(H5Ldelete(series.get(), "data", H5P_DEFAULT) >= 0);
    write_packed(series.get(), "data");
  }
  const NwbFile file(nwb);
  CHECK_THAT(refusal(nwb, [&] { file.read_series("acquisition/soft"); }),
             ContainsSubstring("/acquisition/soft/data: is packed with filter 32001 (blosc)"));
  bool told = false;
  for (const auto &node : describe_file(nwb).children)
    for (const auto &series : node.children)
      if (series.name == "soft")
        for (const auto &fact : series.facts)
          told = told || fact == "packed with filter 32001 (blosc), which HDF5 does not have here";
  CHECK(told);
}
