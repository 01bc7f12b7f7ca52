// These tests read MATLAB files that SciPy wrote (version 5), and that h5py wrote in MATLAB's way (7.3):
// fixtures/make_foreign.py.
#include "data/mat.hpp"
#include "catch.hpp"
#include "data/mat_key.hpp"
#include "data/read.hpp"
#include "fixtures.hpp"
#include "refusal.hpp"

#include <armadillo>

#include <cmath>

using namespace engram::data;
using namespace engram::data::testing;

using Shape = std::vector<std::size_t>;
using Texts = std::vector<std::string>;

namespace {

std::string refused(const std::string &path, const std::string &key) {
  return refusal(path, [&] { read_mat(path, key); });
}

arma::vec vector_of(const Array &array) {
  arma::vec values(array.size());
  for (arma::uword i = 0; i < values.n_elem; ++i) values(i) = array.at(i);
  return values;
}

} // namespace

TEST_CASE("a MATLAB array is read in row-major order with MATLAB's shape", "[data]") {
  const auto file = fixture(GENERATE("version5.mat", "version73.mat", "version5_plain.mat"));
  INFO(file);
  const Array cube = read_mat(file, "cube"); // cube[i, j, k] = 100 i + 10 j + k
  REQUIRE(cube.shape == Shape{2, 3, 4});
  for (std::size_t i = 0; i < 24; ++i) {
    INFO(i);
    CHECK(cube.at(i) == 100.0 * double(i / 12) + 10.0 * double(i / 4 % 3) + double(i % 4));
  }
  CHECK(read_mat(file, "cube(2,3,4)").at(0) == 123);
  CHECK(read_array(file, "cube").shape == cube.shape);
}

TEST_CASE("MATLAB classes keep their values", "[data]") {
  const auto file = fixture(GENERATE("version5.mat", "version73.mat"));
  INFO(file);
  const Array bytes = read_mat(file, "bytes"), wide = read_mat(file, "wide"), yes = read_mat(file, "yes");
  CHECK(std::get<std::vector<std::uint8_t>>(bytes.values) == std::vector<std::uint8_t>{0, 200, 255});
  const std::int64_t large = std::int64_t{1} << 62;
  CHECK(std::get<std::vector<std::int64_t>>(wide.values) == std::vector<std::int64_t>{-large, large});
  CHECK(std::get<std::vector<std::uint8_t>>(yes.values) == std::vector<std::uint8_t>{1, 0});
  const Array single = read_mat(fixture("version5.mat"), "single");
  CHECK(std::get<std::vector<float>>(single.values) == std::vector<float>{0.1f, 0.2f});
  CHECK(read_mat(fixture("version5.mat"), "empty").shape == Shape{0, 3});
}

TEST_CASE("a key walks struct arrays and cells the MATLAB way", "[data]") {
  const auto file = fixture(GENERATE("version5.mat", "version73.mat", "version5_plain.mat"));
  INFO(file);
  const Array second = read_mat(file, "Models(2).RDM"), same = read_mat(file, "Models(1, 2).RDM");
  REQUIRE(second.shape == Shape{2, 2});
  CHECK(second.at(1) == 2.5);
  CHECK(second.at(2) == 3.5);
  CHECK(same.values == second.values);
  CHECK(read_mat(file, "cells{2}").shape == Shape{1, 2});
  CHECK(read_mat_texts(file, "cells{3}{2}") == Texts{"yz"});
  const Array all = read_mat(file, "Models.RDM");
  REQUIRE(all.shape == Shape{3, 2, 2});
  for (std::size_t n = 0; n < 3; ++n) CHECK(all.at(4 * n + 2) == 2.5 + double(n));
  const Array flags = read_mat(file, "Models.flag"); // scalars are a vector
  CHECK(flags.shape == Shape{3});
  CHECK(flags.at(1) == 1);
}

TEST_CASE("MATLAB texts are read as UTF-8", "[data]") {
  const auto file = fixture(GENERATE("version5.mat", "version73.mat", "version5_plain.mat"));
  INFO(file);
  CHECK(read_mat_texts(file, "title") == Texts{"a title"});
  CHECK(read_mat_texts(file, "Models.name") == Texts{"V1", "IT", "größe"});
  CHECK(read_mat_texts(file, "cells{3}") == Texts{"x", "yz"});
  CHECK(read_mat_texts(fixture("version5.mat"), "rows") == Texts{"ab", "cde"});
  CHECK(read_mat_texts(fixture("version5.mat"), "words") == Texts{"one", "two"});
}

TEST_CASE("axes of length 1 may be left out of an index where it is not ambiguous", "[data]") {
  const auto file = fixture("version5.mat"); // grid is 1×4×2, grid(1,i,j).at = 10 i + j
  CHECK(read_mat(file, "grid(1,3,2).at").at(0) == 32);
  CHECK(read_mat(file, "grid(3,2).at").at(0) == 32);
  CHECK(read_mat(file, "grid(6).at").at(0) == 22); // column-major
  CHECK(read_mat(file, "grid(1,1).at").at(0) == 11);
  CHECK_THAT(refused(file, "grid(1,2).at"), ContainsSubstring("two ways"));
  CHECK_THAT(refused(file, "grid(5,1).at"), ContainsSubstring("beyond the end of a 1×4×2 array"));
  CHECK(mat_element({2, 3}, {4, 5}) == 9);
  CHECK(mat_element({2, 1, 2}, {2, 3, 2}) == 7);
}

TEST_CASE("a wrong name in a MATLAB file is answered with what there is", "[data]") {
  const auto file = fixture(GENERATE("version5.mat", "version73.mat"));
  INFO(file);
  CHECK_THAT(refused(file, "Model.RDM"), ContainsSubstring("did you mean 'Models'?"));
  CHECK_THAT(refused(file, "Models(1).color"), ContainsSubstring("there are: name, RDM, flag, odd"));
  CHECK_THAT(refused(file, "Models(4).RDM"), ContainsSubstring("Models(4) is beyond the end of a 1×3 array"));
  CHECK_THAT(refused(file, "Models"), ContainsSubstring("fields: name, RDM, flag, odd"));
  CHECK_THAT(refused(file, "Models.name"), ContainsSubstring("it is text"));
  CHECK_THAT(refused(file, "Models.odd"), ContainsSubstring("element 2 is 1×2, the first is 1×1"));
  CHECK_THAT(refused(file, "title.x"), ContainsSubstring("has no fields"));
  CHECK_THAT(refused(file, "cube{1}"), ContainsSubstring("cell"));
  CHECK_THAT(refused(file, "Models(0)"), ContainsSubstring("numbers from 1"));
  CHECK_THAT(refused(file, "Models(1"), ContainsSubstring("cannot read the key"));
  CHECK_THAT(refused(file, ""), ContainsSubstring("several variables"));
  CHECK_THAT(refused(fixture("version5.mat"), "complex"), ContainsSubstring("complex"));
  CHECK_THAT(refused(fixture("version5.mat"), "sparse"), ContainsSubstring("full()"));
  CHECK_THROWS_AS(read_mat_texts(file, "cube"), DataError);
}

TEST_CASE("what is no MATLAB file is refused in one line", "[data]") {
  for (const auto &file : {fixture("le_i2.npy"), fixture("plain.h5"), fixture("make.py"), fixture("nothing.mat"),
                           fixture(""), std::string("/dev/null")})
    CHECK_FALSE(refused(file, "x").empty());
}

TEST_CASE("the RDMs of monkey and human IT are read as SciPy reads them", "[data][recorded]") {
  const auto file = recorded("it-92images/Kriegeskorte_Neuron2008_supplementalData.mat");
  if (!is_here(file)) return;
  const Array both = read_mat(file, "RDMs_mIT_hIT_fig1.RDM"), monkey = read_mat(file, "RDMs_mIT_hIT_fig1(1).RDM");
  CHECK(both.shape == Shape{2, 1, 4186});
  REQUIRE(monkey.shape == Shape{1, 4186});
  const arma::vec m = vector_of(monkey), h = vector_of(read_mat(file, "RDMs_mIT_hIT_fig1(2).RDM"));
  CHECK(arma::as_scalar(arma::cor(m, h)) == Approx(0.4912).margin(5e-5)); // NumPy; the paper says 0.49
  const Array images = read_mat(file, "stimuli_92objs.image");
  CHECK(images.shape == Shape{92, 175, 175, 3});
  CHECK(arma::accu(vector_of(images)) == 1062191855.0); // SciPy
  const Array fifth = read_mat(file, "stimuli_92objs(5).image");
  CHECK(fifth.shape == Shape{175, 175, 3});
  CHECK(arma::accu(vector_of(fifth)) == 8364645.0); // SciPy
  CHECK(arma::accu(vector_of(read_mat(file, "stimuli_92objs.face"))) == 24);
  const auto categories = read_mat_texts(file, "stimuli_92objs.category");
  REQUIRE(categories.size() == 92);
  CHECK(categories[12] == "human face");
  CHECK(read_mat(file, "categoryVectors").shape == Shape{92, 12});
}

TEST_CASE("struct arrays of RDMs are stacked, also of mixed classes", "[data][recorded]") {
  const auto models = recorded("it-92images/92_modelRDMs.mat"), brains = recorded("it-92images/92_brainRDMs.mat");
  if (!is_here(models)) return;
  const Array all = read_mat(models, "Models.RDM");
  CHECK(all.shape == Shape{8, 92, 92});
  CHECK(arma::accu(vector_of(all)) == Approx(36995.105408015064).epsilon(1e-7)); // SciPy, some of them single
  CHECK(read_mat_texts(models, "Models.name") ==
        Texts{"animacy", "FaceBodyManmadeNatobj", "monkeyIT", "EVA", "HMAX", "V1", "Silhouette", "RADON"});
  CHECK(arma::accu(vector_of(read_mat(models, "Models(3).RDM"))) == Approx(8335.584424463415)); // SciPy
  CHECK(read_mat(brains, "RDMs.RDM").shape == Shape{8, 92, 92});
  CHECK(read_mat_texts(brains, "RDMs(2,1).name") == Texts{"hIT | KO | Session: 1"});
  CHECK(arma::accu(vector_of(read_mat(brains, "RDMs(2,1).RDM"))) == Approx(7101.22572517395).epsilon(1e-6)); // SciPy
}
