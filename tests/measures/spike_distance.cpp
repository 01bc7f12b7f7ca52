// These tests compare Victor and Purpura's and van Rossum's distances with an assignment problem and double sums
// (tests/measures/reference/spike_distance.py), and with closed forms.
#include "measures/spike_distance.hpp"
#include "measures/not_applicable.hpp"

#include "catch.hpp"
#include "measures/stored.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

using namespace engram::measures;
using namespace engram::measures::testing;

TEST_CASE("Victor and Purpura's distance is the least cost of any matching of spikes", "[measures]") {
  const auto expected = stored("spike_distance");
  for (const auto &c : expected["cases"])
    for (const auto &at : c["victor_purpura"]) {
      const auto a = c["a"].get<SpikeTrain>(), b = c["b"].get<SpikeTrain>();
      CHECK(victor_purpura(a, b, at[0]) == Approx(at[1].get<double>()).margin(1e-10));
      CHECK(victor_purpura(b, a, at[0]) == Approx(at[1].get<double>()).margin(1e-10));
    }
}

TEST_CASE("van Rossum's distance is that of double sums over spikes", "[measures]") {
  const auto expected = stored("spike_distance");
  for (const auto &c : expected["cases"])
    for (const auto &at : c["van_rossum"]) {
      const auto a = c["a"].get<SpikeTrain>(), b = c["b"].get<SpikeTrain>();
      CHECK(van_rossum(a, b, at[0]) == Approx(at[1].get<double>()).margin(1e-7)); // the sums cancel
    }
}

TEST_CASE("spike distances have their closed forms for one and two spikes", "[measures]") {
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK(van_rossum({5}, {}, 10) == 1); // Elephant's normalisation
  for (const double apart : {0.0, 1e-9, 0.3, 10.0, 1e4}) {
    CHECK(victor_purpura({100}, {100 + apart}, 0.1) == Approx(std::min(2.0, 0.1 * (100 + apart - 100))).epsilon(1e-12));
    const double square = 2 * -std::expm1(-(100 + apart - 100) / 10); // 1 + 1 − 2 exp(−Δ / τ)
    CHECK(van_rossum({100}, {100 + apart}, 10) == Approx(std::sqrt(square)).epsilon(1e-12));
  }
  const SpikeTrain a{1, 4, 9}, b{1, 5};
  CHECK(victor_purpura(a, b, 0) == 1);
  CHECK(victor_purpura(a, b, infinity) == 3);
  CHECK(van_rossum(a, b, infinity) == 1);
  CHECK(van_rossum(a, b, 0) == Approx(std::sqrt(3)).epsilon(1e-15));
}

TEST_CASE("spike distances are metrics", "[measures]") {
  std::vector<SpikeTrain> trains;
  for (std::uint64_t k = 0; k < 6; ++k) trains.push_back(poisson(40, 0, 500, k));
  trains.push_back(trains[0]);
  trains.push_back({});
  for (const arma::mat &d : {victor_purpura(trains, 0.05), van_rossum(trains, 15)}) {
    CHECK(d(0, 6) == 0); // exactly: nothing cancels
    CHECK(arma::approx_equal(d, d.t(), "absdiff", 0));
    CHECK(arma::accu(d == 0) == trains.size() + 2); // of equal trains only
    for (arma::uword i = 0; i < d.n_rows; ++i)
      for (arma::uword j = 0; j < d.n_rows; ++j)
        for (arma::uword k = 0; k < d.n_rows; ++k) CHECK(d(i, j) <= d(i, k) + d(k, j) + 1e-12);
  }
}

TEST_CASE("spike distances refuse what is not sorted and what is negative", "[measures]") {
  CHECK_THROWS_AS(victor_purpura({2, 1}, {1}, 1), NotApplicable);
  CHECK_THROWS_AS(van_rossum({1}, {2, 1}, 1), NotApplicable);
  CHECK_THROWS_AS(victor_purpura({1}, {1}, -1), std::invalid_argument);
  CHECK_THROWS_AS(van_rossum({1}, {1}, -1), std::invalid_argument);
}

// The table of all costs, which the appendix of Victor & Purpura 1996 writes down.
TEST_CASE("costs that are never taken need not be looked at", "[measures]") {
  const auto table = [](const SpikeTrain &a, const SpikeTrain &b, double q) {
    arma::mat cost(a.size() + 1, b.size() + 1);
    for (arma::uword i = 0; i < cost.n_rows; ++i)
      for (arma::uword j = 0; j < cost.n_cols; ++j)
        cost(i, j) = i == 0 || j == 0 ? static_cast<double>(i + j)
                                      : std::min({cost(i - 1, j) + 1, cost(i, j - 1) + 1,
                                                  cost(i - 1, j - 1) + q * std::abs(a[i - 1] - b[j - 1])});
    return cost(a.size(), b.size());
  };
  for (std::uint64_t k = 0; k < 30; ++k) {
    auto a = poisson(60, 0, 1000, 2 * k), b = poisson(5 + 10 * static_cast<double>(k), 0, 1000, 2 * k + 1);
    for (double &t : a) t = std::round(t); // so that some coincide
    for (double &t : b) t = std::round(t);
    for (const double q : {0.0, 0.001, 0.02, 0.1, 0.5, 1.0, 4.0})
      CHECK(victor_purpura(a, b, q) == Approx(table(a, b, q)).margin(1e-9));
  }
}
