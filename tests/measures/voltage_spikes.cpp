// These tests compare the spikes of a membrane potential with spikes found by hand.
#include "measures/voltage_spikes.hpp"
#include "measures/not_applicable.hpp"

#include "catch.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

using namespace engram::measures;

TEST_CASE("a spike is where the voltage rises to the threshold, between samples", "[measures]") {
  const double gap = std::numeric_limits<double>::quiet_NaN();
  const std::vector<double> time{0, 1, 2, 3, 4, 5, 6, 7};
  CHECK(spikes_from_voltage({-70, -30, 10, -60, -20, 0, -70, -70}, time, -20) == SpikeTrain{1.25, 4});
  // Noise about the threshold is one spike, unless each crossing is asked for.
  const arma::vec noisy{-70, -19, -21, -19, -21, -19, -70, -18};
  CHECK(spikes_from_voltage(noisy, time, -20) == SpikeTrain{50.0 / 51, 6 + 50.0 / 52});
  CHECK(spikes_from_voltage(noisy, time, -20, 0) == SpikeTrain{50.0 / 51, 2.5, 4.5, 6 + 50.0 / 52});
  // What begins within a spike, or out of a gap, has no rise.
  CHECK(spikes_from_voltage({10, -60, -60, gap, 10, 10, -60, 0}, time, -20) == SpikeTrain{6 + 40.0 / 60});
}

TEST_CASE("a recording that is read in pieces has the same spikes", "[measures]") {
  arma::vec voltage(997);
  std::vector<double> time(997);
  for (arma::uword k = 0; k < voltage.n_elem; ++k) {
    time[k] = 0.1 * static_cast<double>(k);
    voltage[k] = -30 + 25 * std::sin(0.11 * static_cast<double>(k)) + 3 * std::sin(1.7 * static_cast<double>(k));
  }
  const auto whole = spikes_from_voltage(voltage, time, -20);
  REQUIRE(whole.size() == 18); // of 17.45 cycles; the slow wave rises through -20 mV 0.07 cycles after each begins
  for (const arma::uword piece : {1U, 7U, 500U}) {
    VoltageSpikes found(-20);
    for (arma::uword first = 0; first < voltage.n_elem; first += piece) {
      const arma::uword last = std::min<arma::uword>(first + piece, voltage.n_elem);
      found.add(voltage.subvec(first, last - 1), {time.begin() + first, time.begin() + last});
    }
    CHECK(found.spikes() == whole);
  }
  CHECK_THROWS_AS(spikes_from_voltage({1, 2}, {0}, 0), NotApplicable);
  CHECK_THROWS_AS(spikes_from_voltage({1, 2}, {1, 0}, 0), NotApplicable);
  CHECK_THROWS_AS(spikes_from_voltage({1, 2}, {0, 1}, 0, -1), std::invalid_argument);
}
