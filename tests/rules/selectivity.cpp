// With these rules neurons come to stand for different things: bcm, foldiak.
#include "catch.hpp"
#include "data/read.hpp"
#include "rules/unsupervised.hpp"

#include <set>

using namespace unsupervised;

namespace {

Circuit by_bcm(double tau, const std::string &phi, double rate) {
  Circuit c;
  const auto in = c.input(4), out = c.fixed("out", 3, phi);
  c.learn("bcm", "bcm", rate, {{"tau", tau}});
  c.connect(in, out, "bcm");
  c.phase(1, false, true);
  return c;
}

// Least distance of the weights onto each neuron from one of the 16 bars, 0 off and 1 on; and which bar that is.
std::vector<std::pair<std::size_t, double>> bars_of(const arma::mat &q) {
  std::vector<std::pair<std::size_t, double>> out;
  for (std::size_t i = 0; i < q.n_rows; ++i) {
    const arma::mat image(arma::mat(arma::reshape(q.row(i), 8, 8)).t()); // pixels come row by row
    std::pair<std::size_t, double> best{0, 0};
    for (std::size_t k = 0; k < 16; ++k) {
      const double weakest = k < 8 ? image.row(k).min() : image.col(k - 8).min();
      if (weakest > best.second) best = {k, weakest};
    }
    out.push_back(best);
  }
  return out;
}

} // namespace

TEST_CASE("the threshold of bcm is the running mean of the squared rate", "[rules][bcm]") {
  const arma::mat x = arma::abs(normals(4, 2, 21));
  auto c = by_bcm(7, "linear", 0); // no learning: the rates stay
  show(c, x);
  Running circuit(c);
  const arma::mat r = circuit.weights(0) * x, mean_square = arma::mean(arma::square(r), 1);
  int gone = 0; // steps so far
  for (const int steps : {0, 5, 45, 450}) {
    circuit.learn(steps);
    gone += steps;
    const arma::mat theta = mean_square * (1 - std::exp(-gone / 7.0));
    const arma::mat expected = (r % (r - arma::repmat(theta, 1, 2))) * x.t() / 2;
    CHECK(arma::abs(circuit.change(0) - expected).max() < 1e-12);
    ++gone; // measuring has moved it as well
  }
}

TEST_CASE("bcm goes down the risk of Intrator and Cooper", "[rules][bcm]") {
  // Intrator & Cooper 1992: R = −E[r³]/3 + E[r²]²/4, of a neuron r = tanh(w · x); differences against the rule.
  const arma::mat x = normals(4, 30, 22);
  auto c = by_bcm(1e-3, "tanh", 0); // the threshold arrives within a step
  show(c, x);
  Running circuit(c);
  circuit.learn(1);
  const arma::mat w = circuit.weights(0), change = circuit.change(0);
  const auto risk = [&](const arma::rowvec &v) -> double {
    const arma::rowvec r = arma::tanh(v * x), square = r % r, cube = square % r;
    return -arma::mean(cube) / 3 + std::pow(arma::mean(square), 2) / 4;
  };
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 4; ++j) {
      arma::rowvec up = w.row(i), down = w.row(i);
      up[j] += 1e-5;
      down[j] -= 1e-5;
      CHECK(change(i, j) == Approx(-(risk(up) - risk(down)) / 2e-5).margin(1e-9));
    }
}

TEST_CASE("bcm neurons become selective to one of K patterns", "[rules][bcm]") {
  // Intrator & Cooper 1992: with K linearly independent patterns of equal probability, what is stable is a rate of K to
  // one of them and 0 to the others; the threshold E[r²] is K too.
  for (int seed = 1; seed <= 3; ++seed) {
    command::Folder folder;
    const auto file = run_file(folder, "unsupervised/selectivity-bcm.json", "--seed " + std::to_string(seed));
    const arma::mat w = file.weights("patterns->cortex");
    const arma::mat x = {{1.0, 0.6, 0.2, 0, 0, 0, 0.2, 0.6},
                         {0.2, 0.6, 1.0, 0.6, 0.2, 0, 0, 0},
                         {0, 0, 0.2, 0.6, 1.0, 0.6, 0.2, 0},
                         {0.2, 0, 0, 0, 0.2, 0.6, 1.0, 0.6}}; // as in the file
    const arma::mat rate = w * x.t();
    std::set<std::size_t> preferred;
    for (std::size_t i = 0; i < rate.n_rows; ++i) {
      const arma::rowvec r = arma::sort(rate.row(i), "descend");
      CHECK(r[0] == Approx(4).epsilon(1e-3));
      CHECK(arma::abs(r.tail(3)).max() < 1e-3);
      preferred.insert(rate.row(i).index_max());
    }
    CHECK(preferred.size() >= 2); // not all neurons choose alike
  }
}

TEST_CASE("the three rules of foldiak", "[rules][foldiak]") {
  // Rates are made binary at 1/2. Földiák 1990: Δq = β y_i (x_j − q_ij), Δw = −α (y_i y_j − p²), Δt = γ (y_i − p).
  const double p = 0.2;
  Circuit c;
  const auto in = c.input(3), out = c.fixed("out", 5, "sigmoid");
  c.learn("forward", "foldiak", 0.1, {{"variant", 0}});
  c.learn("lateral", "foldiak", 0.1, {{"variant", 1}, {"probability", p}});
  c.learn("threshold", "foldiak", 0.1, {{"variant", 2}, {"probability", p}});
  const auto forward = c.connect(in, out, "forward");
  const auto lateral = c.connect(out, out, "lateral", 1); // with a delay, since the region is static
  c.model.regions[out].bias_rules = {"threshold"};
  c.phase(1, false, true);
  const arma::mat x = normals(3, 6, 23);
  show(c, x);
  Running circuit(c);
  const arma::mat q = circuit.weights(forward);
  const arma::mat y = arma::conv_to<arma::mat>::from(1.3 * (q * x - 0.2) > 0); // the sigmoid is above 1/2
  REQUIRE(arma::accu(y) > 0);
  REQUIRE(arma::accu(y) < 30);
  const arma::vec mean = arma::mean(y, 1);
  CHECK(arma::abs(circuit.change(forward) - (y * x.t() / 6 - arma::diagmat(mean) * q)).max() < 1e-12);
  CHECK(arma::abs(circuit.change(2) - (p - mean)).max() < 1e-12); // the bias is minus the threshold
  // In the first step nothing has come along the delayed axon: y_j = 0.
  CHECK(arma::abs(circuit.change(lateral) - p * p).max() < 1e-12);
  // Without delay, both sides are the neurons of now.
  c.model.projections[lateral].delay = 0;
  c.model.regions[out].dynamics = circuits::typed("wilson_cowan", {{"tau", 1}, {"refractory", 0}});
  c.model.regions[out].bias = model::Quantity::of(0);
  c.model.time.integrator = circuits::typed("euler");
  c.model.projections[lateral].weights.kind = model::Weights::Kind::constant;
  c.model.projections[lateral].weights.a = 0;
  c.model.task.trial.clear();
  c.phase(1, false, false);
  c.phase(1, false, true);
  Running settled(c);
  CHECK(arma::abs(settled.change(lateral) - (p * p - y * y.t() / 6)).max() < 1e-12);
}

TEST_CASE("foldiak's neurons come to stand for one bar each", "[rules][foldiak]") {
  // Földiák 1990: 16 units and 16 bars, each with probability 1/8.
  for (int seed = 1; seed <= 2; ++seed) {
    command::Folder folder;
    const auto file = run_file(folder, "unsupervised/bars-foldiak.json", "--seed " + std::to_string(seed));
    std::set<std::size_t> bars;
    double weakest = 1;
    const auto found = bars_of(file.weights("image->code"));
    for (const auto &[bar, weight] : found) {
      bars.insert(bar);
      weakest = std::min(weakest, weight);
    }
    INFO("weakest pixel of a unit's bar: " << weakest);
    CHECK(bars.size() == 16);
    CHECK(weakest > 0.8);

    // The code says which bars are there: 1200 images × 16.
    const arma::mat rate = recorded(file, "code");
    const auto rows = file.trials();
    const auto truth = data::read_csv(std::string(ENGRAM_SOURCE_DIR) + "/models/data/bars.csv.gz", "64:80");
    REQUIRE(rate.n_cols == rows.size());
    std::size_t wrong = 0, on = 0;
    for (std::size_t b = 0; b < rows.size(); ++b)
      for (std::size_t i = 0; i < 16; ++i) {
        const bool lit = truth.at(static_cast<std::size_t>(rows[b].trial) * 16 + found[i].first) > 0.5;
        on += rate(i, b) > 0.5;
        wrong += (rate(i, b) > 0.5) != lit;
      }
    const double cells = 16 * static_cast<double>(rows.size());
    INFO("wrong: " << static_cast<double>(wrong) / cells);
    CHECK(static_cast<double>(wrong) / cells < 0.02);
    CHECK(static_cast<double>(on) / cells == Approx(0.125).margin(0.01)); // p
  }
}
