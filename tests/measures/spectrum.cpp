// These tests compare spectra with SciPy and with the closed form of a Poisson process.
#include "measures/spectrum.hpp"

#include "measures/not_applicable.hpp"
#include "numeric/random.hpp"

#include "catch.hpp"
#include "two_waves.hpp"

#include <cmath>
#include <stdexcept>

using namespace engram::measures;

// SciPy 1.10.1: signal.welch(x, fs=500, nperseg=16) and signal.coherence(x, y, fs=500, nperseg=16).
TEST_CASE("spectrum and coherence are SciPy's", "[measures]") {
  const arma::mat waves = two_waves(64);
  const arma::vec x = waves.col(0), y = waves.col(1);
  const arma::vec power{0.00207574129967,  0.0071368939764,   0.0012655426589,   0.000294566296647, 0.000130715055713,
                        6.72744223304e-06, 9.54670918881e-05, 7.37704592697e-05, 1.58849827444e-06};
  const arma::vec coherence{0.0109877207248, 0.960974467699, 0.89590953943,   0.0360553054945, 0.000456419454039,
                            0.183230851163,  0.117867932778, 0.0374785918083, 0.118990784427};
  const arma::vec found = welch_spectrum({x}, 2, 16), together = welch_coherence({x}, {y}, 2, 16);
  REQUIRE(found.n_elem == 9);
  for (arma::uword k = 0; k < 9; ++k) {
    CHECK(found[k] == Approx(power[k]).epsilon(1e-9));
    CHECK(together[k] == Approx(coherence[k]).epsilon(1e-9));
  }
  CHECK(welch_frequencies(2, 16)[1] == Approx(31.25));
  // Pieces are not joined: each has the segments that it has by itself.
  const arma::vec apart = welch_spectrum({x.head(24), x.tail(24)}, 2, 16);
  const arma::vec mean = (welch_spectrum({x.head(24)}, 2, 16) + welch_spectrum({x.tail(24)}, 2, 16)) / 2;
  CHECK(arma::approx_equal(apart, mean, "reldiff", 1e-12));
}

TEST_CASE("a Poisson process has the power of twice its rate, and two have the coherence of chance", "[measures]") {
  const engram::numeric::Random random{8, engram::numeric::Purpose::noise, 0};
  arma::vec a(400'000), b(400'000); // 2 ms
  for (arma::uword k = 0; k < a.n_elem; ++k) {
    a[k] = random.uniform(k) < 0.04 ? 500 : 0; // 20 Hz
    b[k] = random.uniform(k, 1) < 0.04 ? 500 : 0;
  }
  const arma::vec power = welch_spectrum({a}, 2, 200);
  // A bin holds one spike at most: the variance of its count is 0.04 · 0.96.
  CHECK(arma::mean(power.subvec(2, 98)) == Approx(2 * 20 * 0.96).epsilon(0.01));
  const arma::vec together = welch_coherence({a}, {b}, 2, 200);
  CHECK(arma::mean(together.subvec(2, 98)) < 4.0 / 4000); // 2000 segments that do not overlap, and as many between
}

TEST_CASE("what has no spectrum says so", "[measures]") {
  CHECK_THROWS_AS(welch_spectrum({arma::vec(10)}, 1, 16), NotApplicable);
  CHECK_THROWS_AS(welch_spectrum({arma::vec(32, arma::fill::value(arma::datum::nan))}, 1, 16), NotApplicable);
  CHECK_THROWS_AS(welch_spectrum({arma::vec(32, arma::fill::zeros)}, 1, 5), std::invalid_argument);
  CHECK_THROWS_AS(welch_coherence({arma::vec(32)}, {arma::vec(31)}, 1, 16), std::invalid_argument);
  CHECK(std::isnan(welch_coherence({arma::vec(32, arma::fill::zeros)}, {arma::vec(32, arma::fill::ones)}, 1, 16)[2]));
}
