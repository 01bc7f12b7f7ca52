// These tests read back the arrays of a comparison.
#include "report/comparison_arrays.hpp"

#include "catch.hpp"
#include "data/parse.hpp"

#include <cmath>

using namespace engram;

TEST_CASE("responses, tables and rate maps are there as arrays", "[report]") {
  recordings::Comparison c;
  recordings::Area area;
  area.name = "a/V1";
  area.condition_count = 2;
  recordings::Responses responses;
  responses.conditions = {"x", "y"};
  responses.neurons = {"n1", "n2", "n3"};
  responses.times = {5, 15};
  for (const double bin : {1.0, 2.0}) {
    arma::cube values(2, 3, 2, arma::fill::value(arma::datum::nan));
    for (arma::uword i = 0; i < 2; ++i)
      for (arma::uword n = 0; n < 3; ++n) values(i, n, 0) = bin * static_cast<double>(10 * i + n);
    responses.values.push_back(values);
  }
  area.responses = responses;
  c.circuits = {area, area};
  c.tables.push_back({"counts", "a/V1", "unit", {"u"}, {"Hz", "CV"}, {{4, arma::datum::nan}}});
  c.matrices.push_back(
      {"synchrony.isi_distance", "circuit a/V1", "unit", {"u", "v"}, {"u", "v"}, {{0, 0.25}, {0.25, 0}}});
  recordings::RateMaps maps;
  maps.area = "MEC";
  maps.units.push_back({"u", arma::mat{{1, 2}, {3, 4}}, 0, {}, 0});
  c.maps.push_back(maps);
  const auto bytes = report::comparison_npz(c);
  const auto read = [&](const std::string &key) {
    return data::parse_npz({reinterpret_cast<const std::byte *>(bytes.data()), bytes.size()}, "it", key);
  };
  const auto mean = read("circuit a_V1/response");
  CHECK(mean.shape == std::vector<std::size_t>{2, 3});
  CHECK(mean.at(5) == Approx(1.5 * 12)); // condition y, neuron n3
  CHECK(read("circuit a_V1 (2)/response").at(5) == mean.at(5));
  const auto course = read("circuit a_V1/time_course");
  CHECK(course.shape == std::vector<std::size_t>{2, 2, 3});
  CHECK(course.at(6 + 3 + 1) == Approx(2 * 11));
  CHECK(read("circuit a_V1/times_ms").at(1) == 15);
  CHECK(read("table counts a_V1/values").at(0) == 4);
  CHECK(std::isnan(read("table counts a_V1/values").at(1)));
  CHECK(read("matrix synchrony.isi_distance circuit a_V1/values").at(1) == 0.25);
  CHECK(read("rate_maps MEC/rate").at(1) == 2); // row 0, column 1
  CHECK(read("rate_maps MEC/arena").at(4) == 2.5);
  CHECK(report::comparison_npz({}).empty());
}
