// These tests compare the models that ship with equations that are solved here, apart from the simulator.
#include "catch.hpp"
#include "data/dataset.hpp"
#include "trained.hpp"

#include <array>
#include <cmath>
#include <numeric>

using namespace engram;
using namespace command;

namespace {

// Where f changes its sign between low and high.
template <class F> double root(double low, double high, F f) {
  for (int k = 0; k < 200; ++k) {
    const double middle = (low + high) / 2;
    (f(low) * f(middle) <= 0 ? high : low) = middle;
  }
  return (low + high) / 2;
}

} // namespace

TEST_CASE("the bump of the ring is as high and as wide as theory says", "[science]") {
  const Folder folder;
  const arma::vec bump = recorded(run_file(folder, "memory/ring-attractor.json"), "ring").tail_cols(1);
  // Ben-Yishai et al. 1995, in the limit of many neurons, of r = [1 + J0 r0 + J1 r1 cos θ]+ with J0 = −0.5, J1 = 2.4:
  // the half width w solves J1 (w − sin 2w / 2) = 2π, and r = A (cos θ − cos w) with
  // A = 1 / (−cos w − J0 (sin w − w cos w) / π).
  const double w = root(0.1, M_PI, [](double x) { return 2.4 * (x - std::sin(2 * x) / 2) - 2 * M_PI; });
  const double a = 1 / (-std::cos(w) + 0.5 * (std::sin(w) - w * std::cos(w)) / M_PI);
  CHECK(bump.max() == Approx(a * (1 - std::cos(w))).epsilon(0.02));            // 32 neurons stand for the continuum
  const double active = static_cast<double>(arma::accu(bump > 0)) * M_PI / 32; // half the angle of those that fire
  CHECK(active == Approx(w).margin(2 * M_PI / 32));
}

TEST_CASE("the Wilson-Cowan cycle is that of the equations in its file", "[science]") {
  const Folder folder;
  const arma::rowvec e = recorded(run_file(folder, "recurrent/wilson-cowan.json"), "E").row(0); // each 1 ms
  REQUIRE(e.n_elem == 1000);
  // τ E' = −E + (1 − E) S(16 E − 12 I + 1.25), τ I' = −I + (1 − I) S(15 E − 3 I), by Euler's method in steps of 1 µs.
  const auto s = [](double slope, double threshold, double x) { return 1 / (1 + std::exp(-slope * (x - threshold))); };
  double x = 0.1, y = 0, low = 1, high = 0;
  for (int k = 0; k < 1'000'000; ++k) {
    if (k >= 800'000) {
      low = std::min(low, x);
      high = std::max(high, x);
    }
    const double dx = (-x + (1 - x) * s(1.3, 4, 16 * x - 12 * y + 1.25)) / 10;
    const double dy = (-y + (1 - y) * s(2, 3.7, 15 * x - 3 * y)) / 10;
    x += 0.001 * dx;
    y += 0.001 * dy;
  }
  CHECK(high - low > 0.1); // it does oscillate
  CHECK(arma::range(e.tail(200)) == Approx(high - low).epsilon(0.005));
  CHECK(e.tail(200).max() == Approx(high).epsilon(0.005));
}

TEST_CASE("the supralinear network comes to the fixed points that relaxation finds", "[science]") {
  const Folder folder;
  const auto file = run_file(folder, "recurrent/supralinear.json", "--set /task/trial/0/duration=2000");
  const arma::rowvec e = recorded(file, "E").row(0), i = recorded(file, "I").row(0);
  const arma::uword samples = e.n_elem / 10; // ten trials, one after another
  const std::array<double, 5> contrast{2, 5, 10, 20, 40};
  for (arma::uword trial = 0; trial < 10; ++trial) {
    const double c = contrast[trial % 5], surround = trial < 5 ? 0 : 2;
    const auto power = [](double u) { return u > 0 ? 0.04 * u * u : 0; };
    // r = 0.04 [W r + c]+², from rest, E half as fast as I; weights of Rubin, Van Hooser & Miller 2015.
    double x = 0, y = 0, dx = 1, dy = 1;
    for (int k = 0; k < 200'000 && std::abs(dx) + std::abs(dy) > 1e-13; ++k) {
      dx = power(1.25 * x - 0.65 * y + c) - x;
      dy = power(1.2 * x - 0.5 * y + c + surround) - y;
      x += 0.01 * dx;
      y += 0.02 * dy;
    }
    REQUIRE(std::abs(dx) + std::abs(dy) < 1e-12);
    INFO("contrast " << c << ", surround " << surround);
    CHECK(e[(trial + 1) * samples - 1] == Approx(x).epsilon(1e-6));
    CHECK(i[(trial + 1) * samples - 1] == Approx(y).epsilon(1e-6));
  }
}

TEST_CASE("delayed feedback rests below the weight at which theory has it oscillate", "[science]") {
  // τ λ = −1 − w e^{−λ d} has a root i ω where tan ω d = −ω τ and w = −1 / cos ω d; τ = 10 ms, d = 20 ms.
  const double phase = root(M_PI / 2, M_PI, [](double x) { return std::sin(x) + x / 2 * std::cos(x); });
  const double onset = -1 / std::cos(phase);
  const auto end = [&](double weight) {
    const Folder folder;
    const auto file = run_file(folder, "recurrent/delayed-oscillator.json",
                               "--set /time/step=0.05 --set /task/trial/0/duration=4000 "
                               "--set /architecture/projections/0/weights=" +
                                   std::to_string(-weight));
    return arma::abs(recorded(file, "neuron", "potential").tail_cols(4000)).eval().max(); // the last 200 ms
  };
  CHECK(end(0.97 * onset) < 1e-3); // from 0.1
  CHECK(end(1.03 * onset) > 0.1);
}

TEST_CASE("Oja's rule comes nearer to the first component as its rate falls", "[science]") {
  // The weights of a constant rate hover about the component at a distance that goes with the rate.
  const auto digits = data::load_dataset("digits", {ENGRAM_SOURCE_DIR "/models/data", {}});
  std::vector<std::size_t> rows(digits.inputs.shape.at(0));
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  arma::mat x(64, rows.size());
  digits.inputs.gather(rows, digits.scale, x.memptr());
  // Oja's neuron sees the second moment, not the covariance: samples and their mirror images have mean zero.
  const arma::vec first = arma::princomp(arma::join_rows(x, -x).t()).eval().col(0);
  const auto sine = [&](const std::string &rate, const std::string &epochs) {
    const Folder folder;
    const arma::mat w = run_file(folder, "unsupervised/pca-oja.json",
                                 "--set /learning/rules/oja/rate=" + rate + " --set /task/epochs=" + epochs)
                            .weights("pixels->component");
    CHECK(arma::norm(w) == Approx(1).epsilon(0.05));
    const double cosine = arma::dot(w, first) / arma::norm(w);
    return std::sqrt(1 - cosine * cosine);
  };
  const double fast = sine("0.02", "20"), slow = sine("0.002", "100");
  INFO("sine of the angle " << fast << ", at a tenth of the rate " << slow);
  CHECK(slow < 0.03);
  CHECK(slow < fast);
}
