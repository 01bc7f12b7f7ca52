// What a comparison gives of each unit and of each pair, beside the numbers that sum them up.
#include "measures/rdm.hpp"
#include "measures/reliability.hpp"
#include "measures/spike_distance.hpp"
#include "measures/spike_synchrony.hpp"
#include "measures/spike_train.hpp"
#include "recordings/observed.hpp"
#include "recordings/results.hpp"

#include <cmath>

using recordings::testing::value_of;

namespace {

const recordings::Table &named(const std::vector<recordings::Table> &tables, const std::string &method) {
  for (const auto &table : tables)
    if (table.method == method) return table;
  FAIL("no table " << method);
  return tables.front();
}

recordings::Area three_units() {
  recordings::Area area;
  area.name = "V1";
  area.units = {"7", "9", "12"};
  area.trains = {{10, 30, 60, 110, 120}, {11, 31, 61, 111, 121}, {5, 90}};
  area.observed = {0, 200};
  return area;
}

// 4 conditions × 2 neurons × 4 repeats.
recordings::Area two_neurons(double offset) {
  recordings::Area area;
  area.name = "IT";
  area.conditions = {"a", "b", "c", "d"};
  area.condition_count = 4;
  recordings::Responses responses;
  responses.conditions = area.conditions;
  responses.neurons = {"n1", "n2"};
  arma::cube values(4, 2, 4);
  for (arma::uword k = 0; k < values.n_elem; ++k)
    values[k] = static_cast<double>(k % 4) + std::sin(offset + 2.3 * static_cast<double>(k * k % 17));
  responses.values = {values};
  area.responses = responses;
  return area;
}

} // namespace

TEST_CASE("distances and synchrony give the matrix of all pairs of units", "[recordings]") {
  const auto area = three_units();
  const auto found = compared({area}, {}, {"synchrony", "distances:van_rossum:10"});
  const measures::Observation all{{0, 200}};
  const auto &rossum = named(found.matrices, "distances.van_rossum"),
             &spike = named(found.matrices, "synchrony.spike_distance"),
             &sync = named(found.matrices, "synchrony.spike_synchronization");
  CHECK(rossum.rows == area.units);
  CHECK(rossum.columns == area.units);
  CHECK(rossum.of == "unit");
  double mean = 0;
  for (arma::uword i = 0; i < 3; ++i) {
    CHECK(rossum.values(i, i) == 0);
    CHECK(sync.values(i, i) == 1);
    for (arma::uword j = 0; j < i; ++j) {
      CHECK(rossum.values(i, j) == rossum.values(j, i));
      CHECK(spike.values(i, j) == Approx(measures::spike_distance(area.trains[j], area.trains[i], all)));
      CHECK(sync.values(j, i) == Approx(measures::spike_synchronization(area.trains[j], area.trains[i], all)));
      mean += rossum.values(i, j) / 3;
    }
  }
  CHECK(value_of(found, "distances.van_rossum") == Approx(mean));
  CHECK(found.tables.empty());
}

TEST_CASE("spikes, reliability and explainable give a row for each unit", "[recordings]") {
  const auto spikes = compared({three_units()}, {}, {"spikes"});
  const auto &units = named(spikes.tables, "spikes");
  CHECK(units.rows == std::vector<std::string>{"7", "9", "12"});
  CHECK(units.columns.front() == "Hz");
  CHECK(units.values(0, 0) == Approx(25));
  CHECK(units.values(2, 0) == Approx(10));
  CHECK(units.values(0, 1) == Approx((20 + 30 + 50 + 10) / 4.0));
  CHECK_FALSE(units.shown);
  const auto area = two_neurons(0);
  const auto found = compared({area}, {}, {"reliability", "explainable", "correlations"});
  const auto power = measures::response_power(area.responses->values[0]);
  const auto &explainable = named(found.tables, "explainable");
  CHECK(explainable.rows == std::vector<std::string>{"n1", "n2"});
  CHECK(explainable.values(1, 0) == Approx(power.explainable[1]));
  const auto &halves = named(found.tables, "reliability");
  CHECK(halves.columns == std::vector<std::string>{"halves", "reliability", "halves' deviation over splits"});
  CHECK(value_of(found, "reliability.halves") == Approx((halves.values(0, 0) + halves.values(1, 0)) / 2));
  const auto &signal = named(found.matrices, "correlations.signal");
  CHECK(signal.of == "neuron");
  CHECK(signal.values(0, 1) == Approx(value_of(found, "correlations.signal")));
  CHECK(signal.values(0, 0) == Approx(1));
}

TEST_CASE("rsa gives the dissimilarities of each side once", "[recordings]") {
  const auto region = two_neurons(0), area = two_neurons(1);
  auto other = two_neurons(2);
  other.name = "V4";
  const auto found = compared({region}, {area, other}, {"rsa:euclidean:pearson"});
  REQUIRE(found.matrices.size() == 3);
  const auto euclidean = [](const recordings::Area &of, arma::uword i, arma::uword j) {
    const arma::cube all = arma::mean(of.responses->values[0], 2);
    const arma::mat mean = all.slice(0);
    return arma::accu(arma::square(mean.row(i) - mean.row(j))) / 2;
  };
  const std::vector<std::pair<std::string, const recordings::Area *>> sides{
      {"circuit IT", &region}, {"recording IT", &area}, {"recording V4", &other}};
  for (const auto &side : sides) {
    INFO(side.first);
    const auto matrix = std::find_if(found.matrices.begin(), found.matrices.end(),
                                     [&](const auto &one) { return one.area == side.first; });
    REQUIRE(matrix != found.matrices.end());
    CHECK(matrix->method == "rsa.euclidean");
    CHECK(matrix->rows == region.conditions);
    CHECK(matrix->values(0, 2) == Approx(euclidean(*side.second, 0, 2)));
    CHECK(matrix->values(2, 0) == matrix->values(0, 2));
  }
}
