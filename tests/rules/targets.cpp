// These rules teach by targets, or by what is shown: difference_target_propagation and forward_forward.
#include "catch.hpp"
#include "circuits.hpp"
#include "trained.hpp"

#include <cmath>

using namespace engram;
using circuits::Circuit;

namespace {

void one_to_one(Circuit &c, std::size_t p, double weight) {
  c.model.projections[p].connect = circuits::typed("one_to_one");
  c.model.projections[p].weights.kind = model::Weights::Kind::constant;
  c.model.projections[p].weights.a = weight;
}

} // namespace

TEST_CASE("a learnt inverse gives the target that brings the output where it should be",
          "[rules][difference_target_propagation]") {
  // Lee et al. 2015, section 2: if g inverts f, then f(ĥ) = ĥ_above: moving the hidden rates to their target moves the
  // output to its own. Linear neurons, as many above as below, so that there is an inverse.
  Circuit c;
  const std::size_t n = 5;
  const double step = 0.1;
  const auto in = c.input(n), hidden = c.fixed("hidden", n, "linear"), out = c.fixed("out", n, "linear"),
             aim = c.fixed("aim", n, "linear"), inverse = c.fixed("inverse", n, "linear");
  c.model.regions[hidden].noise = circuits::typed("held", {{"sd", 1}});
  c.learn("forward", "difference_target_propagation", 0);
  c.learn("inverse", "difference_target_propagation", 0.05, {{"direction", 1}});
  const auto up = c.connect(in, hidden, "forward"), top = c.connect(hidden, out);
  one_to_one(c, c.connect(out, aim), 1);
  one_to_one(c, c.connect(out, aim, "", 0, "error"), step);
  const auto back = c.connect(aim, inverse, "inverse");
  one_to_one(c, c.connect(hidden, inverse, "", 0, "rate", "apical"), 1);
  one_to_one(c, c.connect(inverse, hidden, "", 0, "rate", "apical"), 1);
  c.objective("mse", out);
  c.phase(1, 0, true);
  c.phase(1, 0, false);
  c.phase(1, 1, true);
  c.model.task.trial[0].plastic_rules = {"inverse"};
  c.model.task.trial[1].noise = c.model.task.trial[2].noise = false;
  c.model.task.trial[2].plastic_rules = {"forward"};
  c.data(40);
  auto network = c.build<double>();
  auto &p = network.dense;
  p[top].weights = arma::eye(n, n) + 0.3 * p[top].weights; // well conditioned
  simulation::Simulator<double> simulator(c.model, network, c.trials, c.rules, {}, 1);
  const arma::mat x = inputs(c);
  arma::mat y(n, c.trials.count);
  c.trials.targets.gather(c.trials.training, 1.0, y.memptr());
  const auto missed = [&] {
    simulator.measure(c.all(true));
    const arma::mat change = simulator.plasticity().change(up);
    simulator.plasticity().discard();
    // Δw = mean (ĥ − h) xᵀ; through the forward weights it must be that of the output, step · mean (y − out) xᵀ.
    const arma::mat wanted = step * (y - p[top].weights * p[up].weights * x) * x.t() / static_cast<double>(x.n_cols);
    return arma::norm(p[top].weights * change - wanted, "fro") / arma::norm(wanted, "fro");
  };
  const double before = missed();
  for (std::size_t k = 0; k < 1500; ++k) simulator.run({c.trials.training, k, true});
  INFO("missed by " << before << ", then by " << missed());
  CHECK(before > 0.5);
  CHECK(missed() < 0.01);
  CHECK(arma::norm(p[back].weights * p[top].weights - arma::eye(n, n)) < 0.01);
}

TEST_CASE("targets go down through two regions by the difference of two inverses",
          "[rules][difference_target_propagation]") {
  // Lee et al. 2015, section 2.3: ĥ = h + g(ĥ_above) − g(h_above), wired as in
  // models/digits/deep-difference_target_propagation.json.
  Circuit c;
  const double step = 0.3;
  const auto in = c.input(5), h1 = c.fixed("h1", 7, "tanh"), h2 = c.fixed("h2", 6, "tanh"),
             out = c.fixed("out", 3, "linear"), aim3 = c.fixed("aim3", 3, "linear"), g2 = c.fixed("g2", 6, "tanh"),
             aim2 = c.fixed("aim2", 6, "linear"), g1 = c.fixed("g1", 7, "tanh");
  c.learn("forward", "difference_target_propagation");
  const auto w1 = c.connect(in, h1, "forward"), w2 = c.connect(h1, h2, "forward"), w3 = c.connect(h2, out);
  one_to_one(c, c.connect(out, aim3), 1);
  one_to_one(c, c.connect(out, aim3, "", 0, "error"), step);
  const auto v2 = c.connect(aim3, g2);
  one_to_one(c, c.connect(g2, h2, "", 0, "rate", "apical"), 1);
  one_to_one(c, c.connect(h2, aim2), 1);
  one_to_one(c, c.connect(g2, aim2), 1);
  one_to_one(c, c.connect(g2, aim2, "", 1), -1);
  const auto v1 = c.connect(aim2, g1);
  one_to_one(c, c.connect(g1, h1, "", 0, "rate", "apical"), 1);
  c.objective("mse", out);
  c.phase(2, 0, false);
  c.phase(1, 1, true);
  c.data(9);
  auto network = c.build<double>();
  simulation::Simulator<double> simulator(c.model, network, c.trials, c.rules, {}, 1);
  simulator.measure(c.all(true));
  const auto &p = network.dense;
  const arma::mat x = inputs(c), r1 = arma::tanh(p[w1].weights * x), r2 = arma::tanh(p[w2].weights * r1),
                  o = p[w3].weights * r2;
  arma::mat y(3, c.trials.count);
  c.trials.targets.gather(c.trials.training, 1.0, y.memptr());
  const auto inverse = [&](std::size_t v, const arma::mat &z) { return arma::mat(arma::tanh(p[v].weights * z)); };
  const arma::mat d2 = inverse(v2, o + step * (y - o)) - inverse(v2, o), d1 = inverse(v1, r2 + d2) - inverse(v1, r2);
  const double trials = static_cast<double>(c.trials.count);
  CHECK(arma::norm(simulator.plasticity().change(w2) - (d2 % (1 - r2 % r2)) * r1.t() / trials) < 1e-12);
  CHECK(arma::norm(simulator.plasticity().change(w1) - (d1 % (1 - r1 % r1)) * x.t() / trials) < 1e-12);
  CHECK(arma::norm(d1) > 0.1);
}

TEST_CASE("digits are learnt by difference target propagation, through one and two hidden regions",
          "[rules][difference_target_propagation]") {
  CHECK(command::held_out_accuracy("digits/difference_target_propagation.json", "--set /task/epochs=10") >= 0.95);
  const double learnt =
      command::held_out_accuracy("digits/deep-difference_target_propagation.json", "--set /task/epochs=10");
  CHECK(learnt >= 0.95);
  CHECK(learnt > command::held_out_accuracy("digits/deep-difference_target_propagation.json",
                                            "--set /task/epochs=10 --set /learning/rules/forward/rate=0"));
}

TEST_CASE("forward_forward climbs the logarithm of the probability that data are told from made-up ones",
          "[rules][forward_forward]") {
  // Hinton 2022, eq. 1: p = σ(Σ y² − θ), here with a slope k. Against central differences.
  const double theta = 1.2, k = 0.7;
  for (const bool negative : {false, true}) {
    Circuit c;
    const auto in = c.input(4), hidden = c.fixed("hidden", 5, "tanh"), squares = c.fixed("squares", 5, "power_law"),
               mirrored = c.fixed("mirrored", 5, "power_law"), goodness = c.fixed("goodness", 1, "linear");
    // Rates of tanh have a sign: one power law squares the positive ones, the other the negative ones.
    for (const std::size_t r : {squares, mirrored})
      c.model.regions[r].activation = circuits::typed("power_law", {{"k", 1}, {"n", 2}});
    c.learn("rule", "forward_forward", 0.1, {{"data", negative ? 1.0 : 0.0}, {"threshold", theta}, {"slope", k}});
    const auto up = c.connect(in, hidden, "rule");
    one_to_one(c, c.connect(hidden, squares), 1);
    one_to_one(c, c.connect(hidden, mirrored), -1);
    const auto ones = [&](std::size_t p) {
      c.model.projections[p].weights.kind = model::Weights::Kind::constant;
      c.model.projections[p].weights.a = 1;
    };
    ones(c.connect(squares, goodness));
    ones(c.connect(mirrored, goodness));
    ones(c.connect(goodness, hidden, "", 0, "rate", "apical"));
    c.phase(1, 0, true);
    c.data(12);
    auto network = c.build<double>();
    simulation::Simulator<double> simulator(c.model, network, c.trials, c.rules, {}, 1);
    simulator.measure(c.all(true));
    const arma::mat x = inputs(c), w = network.dense[up].weights;
    const auto likelihood = [&](const arma::mat &weights) {
      const arma::rowvec z = k * (arma::sum(arma::square(arma::tanh(weights * x)), 0) - theta);
      return -arma::mean(arma::log1p(arma::exp(negative ? z : -z))); // log p, or log(1 − p)
    };
    arma::mat gradient(w.n_rows, w.n_cols);
    for (std::size_t i = 0; i < w.n_elem; ++i) {
      arma::mat more = w, less = w;
      more[i] += 1e-5;
      less[i] -= 1e-5;
      gradient[i] = (likelihood(more) - likelihood(less)) / 2e-5;
    }
    const auto change = simulator.plasticity().change(up);
    CHECK(arma::norm(2 * k * change - gradient) < 1e-8);
    CHECK(arma::norm(gradient) > 1e-2);
  }
}

TEST_CASE("goodness tells true labels from wrong ones", "[rules][forward_forward]") {
  command::Folder folder;
  const auto file = command::run_file(folder, "credit-assignment/xor-forward_forward.json");
  for (const auto &s : file.series()) {
    if (s.region != "goodness") continue;
    const arma::vec goodness = arma::vectorise(file.data(s)); // of each trial: positive, negative, readout
    REQUIRE(goodness.n_elem == 12);
    for (std::size_t k = 0; k < 12; k += 3) {
      CHECK(goodness[k] > 10);
      CHECK(goodness[k + 1] < 10);
    }
  }
}

TEST_CASE("digits are learnt by forward-forward", "[rules][forward_forward]") {
  const double learnt = command::held_out_accuracy("digits/forward_forward.json");
  CHECK(learnt >= 0.94);
  // Random hidden neurons give the readout something too, but less.
  CHECK(learnt > command::held_out_accuracy("digits/forward_forward.json", "--set /learning/rules/real/rate=0 "
                                                                           "--set /learning/rules/made_up/rate=0"));
}
