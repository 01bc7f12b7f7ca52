// These tests read MATLAB 7.3 files that Python wrote (fixtures/make_foreign.py): MATLAB_class not terminated by a zero
// byte, or not there at all. Other tests cut MATLAB files short.
#include "catch.hpp"
#include "data/describe_file.hpp"
#include "data/mat.hpp"
#include "data/read.hpp"
#include "fixtures.hpp"
#include "refusal.hpp"

#include <fstream>

using namespace engram::data;
using namespace engram::data::testing;

using Shape = std::vector<std::size_t>;
using Texts = std::vector<std::string>;

TEST_CASE("a MATLAB 7.3 file whose classes end without a zero byte is read", "[data]") {
  const auto file = fixture("python73.mat");
  const Array cube = read_mat(file, "resp"); // resp[i, j, k] = 100 i + 10 j + k
  REQUIRE(cube.shape == Shape{2, 3, 4});
  for (std::size_t i = 0; i < 24; ++i)
    CHECK(cube.at(i) == 100.0 * double(i / 12) + 10.0 * double(i / 4 % 3) + double(i % 4));
  CHECK(read_mat_texts(file, "names") == Texts{"cat", "Käse"});
  CHECK(read_mat_texts(file, "sparse_cells") == Texts{"cat", ""}); // MATLAB's "canonical empty"
  CHECK(read_mat(file, "s.IT").shape == Shape{1, 2});
  CHECK(read_mat(file, "nothing").shape == Shape{0, 3});
  CHECK(describe_file(file).children.size() == 13);
}

TEST_CASE("arrays that h5py wrote into a MATLAB file without a class are read as HDF5 has them", "[data]") {
  // Once behind MATLAB's header, once in a file that is HDF5 alone.
  const TemporaryFolder folder;
  const auto renamed = (folder.path / "by_hand.mat").string();
  std::filesystem::copy(fixture("by_hand.h5"), renamed);
  for (const auto &file : {fixture("python73.mat"), renamed}) {
    INFO(file);
    const Array plain = read_mat(file, "by_hand");
    CHECK(plain.shape == Shape{2, 3});
    CHECK(std::get<std::vector<double>>(plain.values) == std::vector<double>{0, 1, 2, 3, 4, 5});
    CHECK(read_mat(file, "by_hand(2,1)").at(0) == 3);
    CHECK(std::get<std::vector<float>>(read_mat(file, "half").values) == std::vector<float>{0.5f, -2});
    CHECK(std::get<std::vector<std::uint8_t>>(read_mat(file, "flags").values) == std::vector<std::uint8_t>{1, 0, 1});
    CHECK(read_mat(file, "one").at(0) == -7);
    CHECK(read_mat_texts(file, "words") == Texts{"a", "d", "bc", "größe"}); // column by column
    CHECK(read_mat(file, "inner.deep").shape == Shape{3});
    CHECK(read_mat(file, "null").size() == 0);
    const auto lists = read_mat_arrays(file, "ragged");
    REQUIRE(lists.size() == 3);
    CHECK(std::get<std::vector<double>>(lists[0].values) == std::vector<double>{1.5, 2.5});
    CHECK(lists[1].size() == 0);
    CHECK(lists[2].at(0) == 4);
    CHECK_THAT(refusal(file, [&] { read_mat(file, "by_hnd"); }), ContainsSubstring("did you mean 'by_hand'?"));
  }
}

TEST_CASE("each element of cells and struct arrays is an array of its own", "[data]") {
  const auto file = fixture(GENERATE("version5.mat", "version73.mat"));
  INFO(file);
  const auto odd = read_mat_arrays(file, "Models.odd"); // 1 × 1, 1 × 2, 1 × 3
  REQUIRE(odd.size() == 3);
  CHECK(odd[2].shape == Shape{1, 3});
  CHECK(read_mat_arrays(file, "cube").size() == 1);
  CHECK_THAT(refusal(file, [&] { read_mat_arrays(file, "cells"); }),
             ContainsSubstring("element 1 is a 1×5 char array"));
}

TEST_CASE("a MATLAB file that is cut short is refused, wherever it was cut", "[data]") {
  const auto *const name = GENERATE("version5.mat", "version5_plain.mat", "version73.mat", "python73.mat");
  const auto whole = bytes_of(fixture(name));
  const TemporaryFolder folder;
  const auto path = (folder.path / "cut.mat").string();
  for (const std::size_t part : {1u, 2u, 3u, 4u, 5u, 6u, 7u}) {
    const std::size_t size = whole.size() * part / 8;
    INFO(name << ", the first " << size << " bytes of " << whole.size());
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char *>(whole.data()), static_cast<std::streamsize>(size));
    for (const auto &told :
         {refusal(path, [&] { describe_file(path); }), refusal(path, [&] { read_mat(path, "cube"); })})
      CHECK_THAT(told, ContainsSubstring("is truncated"));
  }
}

TEST_CASE("a file of hdf5storage is read as h5py reads it", "[data][recorded]") {
  const auto file = recorded("../cases/matlab73-from-python.mat");
  if (!is_here(file)) return;
  const Array resp = read_mat(file, "resp"); // h5py: file["resp"][()].T
  CHECK(resp.shape == Shape{6, 4, 3});
  const double first[] = {0.345584192064786, 0.8216181435011584, 0.33043707618338714};
  for (std::size_t k = 0; k < 3; ++k) CHECK(resp.at(k) == Approx(first[k]).epsilon(1e-14));
  CHECK(read_mat_texts(file, "names") == Texts{"cat", "dog", "Käse", "tree", "a b", "x"});
  CHECK(read_mat(file, "s.IT").values == resp.values);
}
