// These tests run the models that ship, and compare them with what is known of them.
#include "catch.hpp"
#include "data/dataset.hpp"
#include "trained.hpp"

#include <cmath>

using namespace engram;
using namespace command;

TEST_CASE("digits are learnt by feedback alignment and by backprop", "[science]") {
  // 360 trials held out, mean of three seeds.
  CHECK(mean_accuracy("digits.json", 3) >= 0.94);
  CHECK(mean_accuracy("digits/backprop-through-time.json", 3) >= 0.965);
  CHECK(mean_accuracy("digits/backprop.json", 3) >= 0.965);
}

TEST_CASE("xor is learnt from most beginnings", "[science]") {
  int learnt = 0;
  for (int seed = 1; seed <= 10; ++seed)
    learnt += trained("credit-assignment/xor.json", "--seed " + std::to_string(seed))["train"]["accuracy"] == 1.0;
  CHECK(learnt >= 9);
}

TEST_CASE("the bump of the ring attractor stays where the cue put it", "[science]") {
  Folder folder;
  const auto rate = recorded(run_file(folder, "memory/ring-attractor.json"), "ring");
  const std::size_t n = rate.n_rows;
  const auto angle = [&](std::size_t sample) {
    std::complex<double> sum;
    for (std::size_t i = 0; i < n; ++i)
      sum += rate(i, sample) * std::polar(1.0, 2 * M_PI * static_cast<double>(i) / static_cast<double>(n));
    return std::arg(sum) * 180 / M_PI;
  };
  // The cue peaks at neuron 8 of 32: 90°. The last sample is 890 ms after the cue's end.
  CHECK(angle(rate.n_cols - 1) == Approx(90).margin(2));
  const double middle = rate.col(rate.n_cols / 2).max(), end = rate.col(rate.n_cols - 1).max();
  CHECK(end == Approx(middle).epsilon(0.01)); // neither fades nor grows
  CHECK(rate.col(rate.n_cols - 1).min() == 0.0);
  CHECK(end > 0.5);
}

TEST_CASE("the Wilson-Cowan pair goes on oscillating", "[science]") {
  // Wilson & Cowan 1972, figure 11: a limit cycle at these parameters.
  Folder folder;
  const arma::rowvec e = recorded(run_file(folder, "recurrent/wilson-cowan.json"), "E").row(0);
  const auto swing = [&](std::size_t from, std::size_t to) { return e.cols(from, to).max() - e.cols(from, to).min(); };
  const std::size_t n = e.n_elem;
  CHECK(swing(n - n / 5, n - 1) > 0.1); // theory.cpp has the exact cycle
  CHECK(swing(n - n / 5, n - 1) == Approx(swing(n - 2 * n / 5, n - n / 5 - 1)).epsilon(0.02)); // sustained
}

TEST_CASE("the supralinear network rests at its fixed point, saturates, and is suppressed by a surround", "[science]") {
  Folder folder;
  const auto file = run_file(folder, "recurrent/supralinear.json");
  const auto e = recorded(file, "E"), i = recorded(file, "I");
  const std::size_t samples = e.n_cols / 10; // ten trials, one after another
  const auto rest = [&](const arma::mat &m, std::size_t trial) { return m(0, (trial + 1) * samples - 1); };
  // Rubin, Van Hooser & Miller 2015, eq. 1 at rest: r = k [I]+^n.
  const auto phi = [](double x) { return x > 0 ? 0.04 * x * x : 0.0; };
  const double c[] = {2, 5, 10, 20, 40};
  for (std::size_t k = 0; k < 5; ++k) {
    const double E = rest(e, k), I = rest(i, k);
    CHECK(E == Approx(phi(c[k] + 1.25 * E - 0.65 * I)).epsilon(1e-3));
    CHECK(I == Approx(phi(c[k] + 1.2 * E - 0.5 * I)).epsilon(1e-3));
    if (c[k] >= 10) CHECK(rest(e, k + 5) < E); // the surround drives inhibition alone
  }
  CHECK(rest(e, 1) / rest(e, 0) > 5.0 / 2);   // supralinear where the drive is weak
  CHECK(rest(e, 4) / rest(e, 3) < 40.0 / 20); // sublinear where it is strong
}

TEST_CASE("delayed feedback oscillates at the frequency of its linear analysis", "[science]") {
  // τ u' = −u − w u(t − d) has roots i ω where tan(ω d) = −ω τ and w = −1 / cos(ω d). Just above that w the amplitude
  // is small, and the frequency that of the linear equation.
  const double tau = 10, d = 20;
  double low = M_PI / 2 / d + 1e-9, high = M_PI / d - 1e-9; // ω d in the second quadrant
  for (int k = 0; k < 200; ++k) {
    const double w = (low + high) / 2;
    (std::tan(w * d) + w * tau < 0 ? low : high) = w;
  }
  const double omega = low, critical = -1 / std::cos(omega * d);
  Folder folder;
  const auto u = recorded(run_file(folder, "recurrent/delayed-oscillator.json",
                                   "--set /architecture/projections/0/weights=" + std::to_string(-1.01 * critical) +
                                       " --set /time/step=0.1 --set /task/trial/0/duration=20000"),
                          "neuron", "potential");
  std::vector<double> crossings; // ms, upward, in the second half
  for (std::size_t k = u.n_cols / 2; k + 1 < u.n_cols; ++k)
    if (u(0, k) < 0 && u(0, k + 1) >= 0)
      crossings.push_back(0.1 * (static_cast<double>(k) + u(0, k) / (u(0, k) - u(0, k + 1))));
  REQUIRE(crossings.size() > 20);
  const double period = (crossings.back() - crossings.front()) / static_cast<double>(crossings.size() - 1);
  CHECK(period == Approx(2 * M_PI / omega).epsilon(0.01));
}

TEST_CASE("pca-oja.json finds the leading direction of the digits", "[science]") {
  Folder folder;
  const auto w = run_file(folder, "unsupervised/pca-oja.json").weights("pixels->component");
  const auto digits = data::load_dataset("digits", {std::string(ENGRAM_SOURCE_DIR) + "/models/data", {}});
  std::vector<std::size_t> rows(1797);
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  arma::mat x(64, rows.size());
  digits.inputs.gather(rows, digits.scale, x.memptr());
  arma::vec values;
  arma::mat vectors;
  arma::eig_sym(values, vectors, x * x.t()); // the inputs are not centred: second moments
  CHECK(std::abs(arma::dot(arma::normalise(arma::vectorise(w)), vectors.col(63))) > 0.999);
}
