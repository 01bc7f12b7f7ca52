// The models of models/ against what theory says of them.
#include "catch.hpp"
#include "cli/command.hpp"
#include "data/dataset.hpp"

#include <cmath>
#include <complex>

using command::Folder;

namespace {

void simulate(const Folder &folder, const std::string &model, const std::vector<std::string> &settings = {}) {
  std::vector<std::string> words{"run", command::model(model), "--out", "run.nwb", "--quiet"};
  for (const auto &s : settings) words.insert(words.end(), {"--set", s});
  const auto r = command::run(folder, words);
  INFO(r.err);
  REQUIRE(r.exit == 0);
}

double bisect(double low, double high, double (*f)(double)) {
  for (int k = 0; k < 200; ++k) {
    const double middle = (low + high) / 2;
    (f(low) * f(middle) <= 0 ? high : low) = middle;
  }
  return (low + high) / 2;
}

} // namespace

TEST_CASE("the bump of the ring attractor stays where the cue was, as high as theory says", "[science]") {
  const Folder folder;
  simulate(folder, "ring-attractor.json");
  const arma::mat rate = command::series(folder.file("run.nwb"), "ring_rate"); // 32 × 100, each 10 ms
  REQUIRE(rate.n_cols == 100);
  const auto vector = [&](arma::uword sample) {
    std::complex<double> sum = 0;
    for (arma::uword i = 0; i < 32; ++i) sum += rate(i, sample) * std::polar(1.0, 2 * M_PI * double(i) / 32);
    return sum;
  };
  // The cue is sin(2π i / 32): 90°. It ends at 100 ms.
  CHECK(std::abs(std::arg(vector(9)) * 180 / M_PI - 90) < 2);
  CHECK(std::abs(std::arg(vector(99)) * 180 / M_PI - 90) < 2);
  const double height = rate.col(99).max();
  CHECK(height == Approx(rate.col(50).max()).epsilon(0.001));
  // Ben-Yishai et al. 1995, in the limit of many neurons, of r = [1 + J0 r0 + J1 r1 cos θ]+ with J0 = −0.5, J1 = 2.4:
  // the half width w solves J1 (w − sin 2w / 2) = 2π, and r = A (cos θ − cos w) with
  // A = 1 / (−cos w − J0 (sin w − w cos w) / π).
  const double w = bisect(0.1, M_PI, [](double x) { return 2.4 * (x - std::sin(2 * x) / 2) - 2 * M_PI; });
  const double a = 1 / (-std::cos(w) + 0.5 * (std::sin(w) - w * std::cos(w)) / M_PI);
  CHECK(height == Approx(a * (1 - std::cos(w))).epsilon(0.02)); // 32 neurons stand for the continuum
}

TEST_CASE("the Wilson-Cowan populations keep oscillating", "[science]") {
  // Wilson & Cowan 1972, figure 11: a limit cycle at these parameters.
  const Folder folder;
  simulate(folder, "wilson-cowan.json");
  const arma::mat e = command::series(folder.file("run.nwb"), "E_rate"); // each 1 ms
  REQUIRE(e.n_cols == 1000);
  const auto swing = [&](arma::uword from) { return arma::range(e.row(0).subvec(from, from + 199)); };
  CHECK(swing(800) > 0.2);
  CHECK(swing(800) == Approx(swing(600)).epsilon(0.01));
}

TEST_CASE("the supralinear network rests at the fixed points of its equations", "[science]") {
  const Folder folder;
  simulate(folder, "supralinear.json");
  const arma::mat e = command::series(folder.file("run.nwb"), "E_rate"); // ten trials of 100 samples
  const arma::mat inhibition = command::series(folder.file("run.nwb"), "I_rate");
  REQUIRE(e.n_cols == 1000);
  const double contrast[] = {2, 5, 10, 20, 40};
  double alone[5], surround[5];
  for (unsigned trial = 0; trial < 10; ++trial) {
    const double c = contrast[trial % 5], s = trial < 5 ? 0 : 2;
    const auto power = [](double u) { return u > 0 ? 0.04 * u * u : 0; };
    // r = 0.04 [W r + c]+², relaxed from rest (E half as fast as I), with Rubin et al. 2015's weights.
    double x = 0, y = 0, dx = 1, dy = 1;
    for (int k = 0; k < 200000 && std::abs(dx) + std::abs(dy) > 1e-13; ++k) {
      dx = power(1.25 * x - 0.65 * y + c) - x;
      dy = power(1.2 * x - 0.5 * y + c + s) - y;
      x += 0.01 * dx;
      y += 0.02 * dy;
    }
    REQUIRE(std::abs(dx) + std::abs(dy) < 1e-12);
    INFO("contrast " << c << ", surround " << s);
    CHECK(e(0, trial * 100 + 99) == Approx(x).epsilon(1e-4));
    CHECK(inhibition(0, trial * 100 + 99) == Approx(y).epsilon(1e-4));
    (trial < 5 ? alone : surround)[trial % 5] = e(0, trial * 100 + 99);
  }
  CHECK(alone[1] / alone[0] > 5.0 / 2); // supralinear where the stimulus is weak
  CHECK(alone[4] / alone[3] < 2);       // sublinear where it is strong
  for (unsigned k = 0; k < 5; ++k) CHECK(surround[k] < alone[k]);
}

TEST_CASE("delayed feedback oscillates with the period of its linear stability analysis", "[science]") {
  // τ λ = −1 − w e^{−λ d}; at onset λ = i ω: tan ω d = −ω τ and w = −1 / cos ω d (τ = 10 ms, d = 20 ms). Just above it
  // tanh brings the gain back to its value at onset, and the frequency with it.
  const double phase = bisect(M_PI / 2 + 1e-6, M_PI, [](double x) { return std::sin(x) + x / 2 * std::cos(x); });
  const double onset = -1 / std::cos(phase), period = 2 * M_PI * 20 / phase;
  const auto run = [&](double w, Folder &folder) {
    // A delayed current stands still within a step, which adds half a step to the delay: steps are short here.
    simulate(folder, "delayed-oscillator.json",
             {"/time/step=0.05", "/task/trial/0/duration=4000",
              "/architecture/projections/0/weights=" + std::to_string(-w)});
    return arma::mat(command::series(folder.file("run.nwb"), "neuron_potential"));
  };
  Folder above, below;
  const arma::rowvec u = run(1.03 * onset, above).row(0);
  REQUIRE(u.n_elem == 80000);
  std::vector<double> crossings; // upwards, in ms, interpolated; of the second half
  for (arma::uword k = 40000; k + 1 < u.n_elem; ++k)
    if (u[k] < 0 && u[k + 1] >= 0) crossings.push_back(0.05 * (double(k) + u[k] / (u[k] - u[k + 1])));
  REQUIRE(crossings.size() > 20);
  const double measured = (crossings.back() - crossings.front()) / double(crossings.size() - 1);
  CHECK(measured == Approx(period).epsilon(0.01));
  CHECK(arma::abs(u.tail(4000)).max() > 0.05);
  const arma::rowvec quiet = run(0.97 * onset, below).row(0);
  CHECK(arma::abs(quiet.tail(4000)).max() < 1e-3); // below it the rest state is stable
}

TEST_CASE("Oja's rule finds the first component of the digits", "[science]") {
  const Folder folder;
  simulate(folder, "oja-pca.json");
  const auto sets = command::weight_sets(folder.file("run.nwb"));
  REQUIRE(sets.size() == 1);
  const arma::vec w(command::weights(folder.file("run.nwb"), sets[0]));
  const auto digits = engram::data::load_dataset("digits", {ENGRAM_SOURCE_DIR "/models/data", {}});
  std::vector<std::size_t> rows(digits.inputs.shape.at(0));
  for (std::size_t k = 0; k < rows.size(); ++k) rows[k] = k;
  arma::mat x(64, rows.size());
  digits.inputs.gather(rows, 1.0, x.memptr());
  // Oja's neuron has no bias: it sees the second moment, not the covariance. Mirrored samples have mean zero, and
  // Armadillo's princomp then takes the components of the second moment.
  const arma::mat components = arma::princomp(arma::join_rows(x, -x).t());
  CHECK(std::abs(arma::dot(w, components.col(0))) / arma::norm(w) > 0.999);
  CHECK(arma::norm(w) == Approx(1).epsilon(0.05)); // to the noise of a learning rate that does not fall
}
