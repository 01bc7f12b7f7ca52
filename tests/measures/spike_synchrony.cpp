// These tests compare ISI-distance, SPIKE-distance and SPIKE-synchronization with their definitions at every moment
// (tests/measures/reference/spike_synchrony.py), and with the values of PySpike's own tests.
#include "measures/spike_synchrony.hpp"
#include "measures/not_applicable.hpp"

#include "catch.hpp"
#include "measures/stored.hpp"

#include <stdexcept>

using namespace engram::measures;
using namespace engram::measures::testing;

TEST_CASE("synchrony of pairs and of many trains is that of the definitions", "[measures]") {
  const auto expected = stored("spike_synchrony");
  const Window window{expected["start"], expected["stop"]};
  const auto trains = expected["trains"].get<std::vector<SpikeTrain>>();
  for (const auto &e : expected["pairs"]) {
    const auto &a = trains[e["pair"][0].get<std::size_t>()], &b = trains[e["pair"][1].get<std::size_t>()];
    INFO("trains " << e["pair"]);
    CHECK(isi_distance(a, b, window) == Approx(e["isi"].get<double>()).margin(1e-12));
    CHECK(spike_distance(a, b, window) == Approx(e["spike"].get<double>()).margin(1e-12));
    CHECK(spike_synchronization(a, b, window) == Approx(e["sync"].get<double>()).margin(1e-12));
    CHECK(spike_synchronization(a, b, window, 3) == Approx(e["sync_3_ms"].get<double>()).margin(1e-12));
    CHECK(isi_distance(b, a, window) == Approx(e["isi"].get<double>()).margin(1e-12));
    CHECK(spike_distance(b, a, window) == Approx(e["spike"].get<double>()).margin(1e-12));
    CHECK(spike_synchronization(b, a, window) == Approx(e["sync"].get<double>()).margin(1e-12));
  }
  CHECK(isi_distance(trains, window) == Approx(expected["isi"].get<double>()).margin(1e-12));
  CHECK(spike_distance(trains, window) == Approx(expected["spike"].get<double>()).margin(1e-12));
  CHECK(spike_synchronization(trains, window) == Approx(expected["sync"].get<double>()).margin(1e-12));
}

// PySpike 0.8, test/test_distance.py: computed there with pen and paper, the second SPIKE-distance by SPIKY.
TEST_CASE("synchrony has the values of PySpike's tests", "[measures]") {
  const SpikeTrain a{0.2, 0.4, 0.6, 0.7}, b{0.3, 0.45, 0.8, 0.9, 0.95};
  const double isi = 0.2 * 0.1 / 0.3 + 0.1 * 0.1 / 0.3 + 0.1 * 0.05 / 0.2 + 0.05 * 0.05 / 0.2 + 0.15 * 0.15 / 0.35 +
                     0.1 * 0.25 / 0.35 + 0.1 * 0.05 / 0.35 + 0.1 * 0.2 / 0.3 + 0.05 * 0.25 / 0.3 + 0.05 * 0.25 / 0.3;
  CHECK(isi_distance(a, b, {0, 1}) == Approx(isi).epsilon(1e-13));
  CHECK(isi_distance({0.2, 0.4, 0.6}, {0.1, 0.4, 0.5, 0.6}, {0, 1}) ==
        Approx(0.1 * 0.1 / 0.3 + 0.1 * 0.1 / 0.3 + 0.2 * 0.1 / 0.3 + 0.1 * 0.5 + 0.1 * 0.5).epsilon(1e-13));
  CHECK(spike_distance({0, 2, 5, 8}, {0, 1, 5, 9}, {0, 10}) == Approx(0.186309523809523814).epsilon(1e-13));
  const Window four{0, 4};
  CHECK(spike_synchronization({1, 2, 3}, {2.1}, four) == 0.5);
  CHECK(spike_synchronization({1, 2, 3}, {2.1}, four, 0.05) == 0);
  CHECK(spike_synchronization({1, 2, 3}, {3.1}, four) == 0.5);
  CHECK(spike_synchronization({1, 2, 3}, {0.9}, four) == 0.5);
  CHECK(spike_synchronization({1, 2, 3}, {1.5, 3}, four) == 0.4);
  const std::vector<SpikeTrain> three{{100, 300, 400, 405, 410, 500, 700, 800, 805, 810, 815, 900},
                                      {100, 200, 205, 210, 295, 350, 400, 510, 600, 605, 700, 910},
                                      {100, 180, 198, 295, 412, 420, 510, 640, 695, 795, 820, 920}};
  CHECK(spike_synchronization(three[0], three[1], {0, 1000}) == 0.5);
  CHECK(spike_synchronization(three[0], three[2], {0, 1000}) == 0.5);
  CHECK(spike_synchronization(three[1], three[2], {0, 1000}) == 0.5);
  CHECK(spike_synchronization(three, {0, 1000}) == 0.5);
}

TEST_CASE("equal trains are synchronous and a train without spikes has edges", "[measures]") {
  const Window window{0, 500};
  const auto train = poisson(40, 0, 500, 4);
  for (const auto &t : {train, SpikeTrain{}, SpikeTrain{0}, SpikeTrain{500}, SpikeTrain{250}}) {
    CHECK(isi_distance(t, t, window) == 0);
    CHECK(spike_distance(t, t, window) == 0);
    CHECK(spike_synchronization(t, t, window) == 1);
  }
  CHECK(spike_synchronization(train, {}, window) == 0);
  // One interval of 500 against one of 100 and four of 100: |100 − 500| / 500.
  CHECK(isi_distance({}, {0, 100, 200, 300, 400, 500}, window) == Approx(0.8).epsilon(1e-14));
}

// Of two Poisson processes of one rate. The intervals that hold a moment have densities ν exp(−ν), so that u = ν_a /
// (ν_a + ν_b) is beta(2, 2), and E(1 − min / max) = 1 − 12 ∫₀^½ u² du = 1 / 2. A spike at distance x of another is its
// partner when all four intervals are above 2 x, with a probability exp(−8 x): 2 ∫ exp(−8 x) dx = 1 / 4. (Both as in
// Mulansky, Bozanic, Sburlea & Kreuz 2015.) The margins are about four standard errors of 50 pairs with 400 spikes
// each.
TEST_CASE("Poisson trains have an ISI-distance of a half and a synchronization of a quarter", "[measures]") {
  double distance = 0, synchronization = 0;
  for (std::uint64_t k = 0; k < 50; ++k) {
    const auto a = poisson(40, 0, 1e4, 2 * k + 100), b = poisson(40, 0, 1e4, 2 * k + 101);
    distance += isi_distance(a, b, {0, 1e4}) / 50;
    synchronization += spike_synchronization(a, b, {0, 1e4}) / 50;
  }
  CHECK(distance == Approx(0.5).margin(0.01));
  CHECK(synchronization == Approx(0.25).margin(0.01));
}

TEST_CASE("synchrony refuses trains that are none", "[measures]") {
  const Window window{0, 10};
  CHECK_THROWS_AS(isi_distance({2, 1}, {2}, window), NotApplicable);
  CHECK_THROWS_AS(spike_distance({1}, {11}, window), NotApplicable);
  CHECK_THROWS_AS(spike_synchronization({1}, {2}, window, -1), std::invalid_argument);
  CHECK_THROWS_AS(spike_synchronization(std::vector<SpikeTrain>{{1}}, window), NotApplicable);
  CHECK_THROWS_AS(isi_distance(std::vector<SpikeTrain>{{1}}, window), NotApplicable);
}

// By PySpike's rule a spike takes one partner: coincidence_python() in pyspike/cython/python_backend.py, in which
// equal times go forward in both trains, and a second spike at the time has a window of coincidence of 0.
TEST_CASE("two spikes at one time are two spikes", "[measures]") {
  const Window window{0, 10};
  CHECK(spike_synchronization({5, 5}, {5}, window) == Approx(2.0 / 3));
  CHECK(spike_synchronization({5}, {5, 5}, window) == Approx(2.0 / 3));
  CHECK(spike_synchronization({5, 5}, {5, 5}, window) == 1);
  CHECK(spike_synchronization({5, 5}, {5.1}, window) == 0);
  CHECK(spike_synchronization({1, 5, 5, 5}, {1.1, 5, 5}, window) == Approx(6.0 / 7));
  // The interval of 0 between them holds no time: the distances go there as the two come together.
  const SpikeTrain doubled{0, 2, 2, 7}, near{0, 2, 2 + 1e-9, 7}, other{1, 2.5, 6, 6}, close{1, 2.5, 6, 6 + 1e-9};
  CHECK(isi_distance(doubled, other, window) == Approx(isi_distance(near, close, window)).epsilon(1e-7));
  CHECK(spike_distance(doubled, other, window) == Approx(spike_distance(near, close, window)).epsilon(1e-7));
  CHECK(isi_distance(doubled, doubled, window) == 0);
  CHECK(spike_distance({5, 5}, {5, 5}, window) == 0);
}
