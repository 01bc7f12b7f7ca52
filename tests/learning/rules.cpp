// These tests compare rules with results that they must equal.
#include "catch.hpp"
#include "circuits.hpp"

#include <cmath>

using namespace engram;
using circuits::Circuit;

namespace {

std::vector<arma::mat> changes(const Circuit &c, int threads = 1) {
  auto network = c.build<double>();
  simulation::Simulator<double> simulator(c.model, network, c.trials, c.rules, {}, threads);
  simulator.measure(c.all(true));
  std::vector<arma::mat> out(network.dense.size());
  for (std::size_t p = 0; p < out.size(); ++p)
    if (network.dense[p].rules.size() > 0) out[p] = simulator.plasticity().change(p);
  return out;
}

// Input → two hidden regions → output with error fed back through transposed weights; all forward weights learn.
Circuit layered(const std::string &plugin, const std::string &kind, const std::string &objective,
                const std::string &feedback = "transpose") {
  Circuit c;
  const auto in = c.input(5);
  const auto make = [&](const char *name, std::size_t n, const char *phi) {
    return kind == "static" ? c.fixed(name, n, phi) : c.leaky(name, n, phi, 4);
  };
  const auto h1 = make("h1", 7, "tanh"), h2 = make("h2", 6, "sigmoid"), out = make("out", 3, "linear");
  c.learn("rule", plugin);
  c.layer(in, h1, h2, out, feedback == "transpose");
  c.objective(objective, out);
  if (kind == "static") {
    c.phase(1, true, true);
  } else {
    c.phase(200, false, false); // 50 τ: at rest to 1e-20
    c.phase(3, true, true);
  }
  c.data(6);
  return c;
}

double angle(const arma::mat &a, const arma::mat &b) {
  return std::acos(arma::accu(a % b) / (arma::norm(a, "fro") * arma::norm(b, "fro"))) * 180 / M_PI;
}

} // namespace

TEST_CASE("feedback alignment through the transpose is backprop in a static circuit", "[rules]") {
  for (const std::string objective : {"mse", "cross_entropy"}) {
    const auto local = changes(layered("feedback_alignment", "static", objective));
    const auto exact = changes(layered("backprop", "static", objective));
    for (std::size_t p = 0; p < local.size(); ++p) CHECK(arma::approx_equal(local[p], exact[p], "absdiff", 1e-12));
  }
}

TEST_CASE("feedback alignment through the transpose is backprop in a leaky circuit at rest", "[rules]") {
  // Away from rest they differ: backprop knows that the loss of a step follows from earlier rates too. At rest all
  // earlier rates are the same; what is left is the first-order effect of the discrete steps, below 1e-9 here.
  const auto local = changes(layered("feedback_alignment", "leaky", "mse"));
  const auto exact = changes(layered("backprop", "leaky", "mse"));
  for (std::size_t p = 0; p < local.size(); ++p) {
    if (exact[p].is_empty()) continue; // the feedback projections do not learn
    const double scale = arma::abs(exact[p]).max();
    CHECK(arma::abs(local[p] - exact[p]).max() / scale < 1e-9);
  }
}

TEST_CASE("feedback alignment comes to point along the gradient while it learns", "[rules]") {
  // Lillicrap et al. 2016: with random feedback the angle to the gradient falls below 90° and on.
  auto c = layered("feedback_alignment", "static", "mse", "random");
  auto reference = layered("backprop", "static", "mse", "random");
  // A teacher of the same shape makes the task learnable.
  {
    auto teacher = layered("backprop", "static", "mse", "random");
    teacher.model.seed = 99;
    teacher.data(60);
    c.data(60);
    reference.data(60);
    auto network = teacher.build<double>();
    struct Out final : simulation::Observer<double> {
      std::vector<double> rows;
      void step(std::size_t, const network::Signals<double> &s) override {
        const auto &r = s[3][network::Signal::rate];
        rows.assign(r.begin(), r.end());
      }
    } out;
    teacher.trials.arrays = c.trials.arrays;
    simulation::Simulator<double> simulator(teacher.model, network, teacher.trials, teacher.rules, {}, 1);
    simulator.run(teacher.all(false), &out);
    c.trials.targets = reference.trials.targets = data::Array{{60, 3}, out.rows};
  }
  auto network = c.build<double>(), mirror = reference.build<double>();
  simulation::Simulator<double> local(c.model, network, c.trials, c.rules, {}, 1);
  simulation::Simulator<double> exact(reference.model, mirror, reference.trials, reference.rules, {}, 1);
  const auto first_angle = [&] {
    for (std::size_t p = 0; p < network.dense.size(); ++p) mirror.dense[p].weights = network.dense[p].weights;
    local.measure(c.all(true));
    exact.measure(reference.all(true));
    const double a = angle(local.plasticity().change(1), exact.plasticity().change(1));
    local.plasticity().discard();
    exact.plasticity().discard();
    return a;
  };
  const double before = first_angle();
  double loss = 0;
  for (int k = 0; k < 2000; ++k) loss = circuits::mean<double>(local.run(c.all(true)));
  const double after = first_angle();
  INFO("angle from " << before << "° to " << after << "°, loss " << loss);
  CHECK(after < 90);
  CHECK(after < before);
}

TEST_CASE("oja finds the first principal component", "[rules]") {
  Circuit c;
  const auto in = c.input(6), out = c.fixed("out", 1, "linear");
  c.learn("pca", "oja", 0.02);
  c.connect(in, out, "pca");
  c.phase(1, false, true);
  c.data(200);
  // Correlated inputs: a random mixture of the normal ones.
  arma::mat x(6, 200);
  c.trials.arrays["inputs"].gather(c.trials.training, 1.0, x.memptr());
  arma::mat mix(6, 6);
  const numeric::Random random{3, numeric::Purpose::weights, 1};
  for (std::size_t k = 0; k < mix.n_elem; ++k) mix[k] = random.normal(k);
  x = mix * x;
  x.each_col() -= arma::mean(x, 1);
  c.trials.arrays["inputs"] = data::Array{{200, 6}, std::vector<double>(x.begin(), x.end())};
  auto network = c.build<double>();
  simulation::Simulator<double> simulator(c.model, network, c.trials, c.rules, {}, 1);
  for (int k = 0; k < 3000; ++k) simulator.run(c.all(true));
  const arma::vec w = network.dense[0].weights.t();
  const arma::mat components = arma::princomp(x.t());
  CHECK(arma::norm(w) == Approx(1).epsilon(1e-6));
  CHECK(std::abs(arma::dot(w, components.col(0))) == Approx(1).epsilon(1e-6));
}

TEST_CASE("hebb is the product, or the covariance, of rates", "[rules]") {
  Circuit c;
  const auto in = c.input(3), out = c.fixed("out", 2, "linear");
  c.learn("hebb", "hebb", 0.1, {{"decay", 0.25}});
  const auto p = c.connect(in, out, "hebb");
  c.phase(1, false, true);
  c.data(5);
  arma::mat x(3, 5);
  c.trials.arrays["inputs"].gather(c.trials.training, 1.0, x.memptr());
  const arma::mat w = c.build<double>().dense[p].weights;
  CHECK(arma::approx_equal(changes(c)[p], (w * x) * x.t() / 5 - 0.25 * w, "absdiff", 1e-13));

  // Covariance: after many presentations the running means are the means, and the change is the covariance.
  c.model.rules[0].parameters = {{"variant", 1}, {"memory", 0.5}, {"decay", 0}};
  c.model.rules[0].rate = 0;
  auto network = c.build<double>();
  simulation::Simulator<double> simulator(c.model, network, c.trials, c.rules, {}, 1);
  for (int k = 0; k < 60; ++k) simulator.run(c.all(true));
  simulator.measure(c.all(true));
  const arma::mat covariance = arma::cov((w * x).t(), x.t(), 1);
  CHECK(arma::approx_equal(simulator.plasticity().change(p), covariance, "absdiff", 1e-12));
}

TEST_CASE("updates are the same bits at 1 and 2 threads", "[rules][determinism]") {
  Circuit c;
  const auto in = c.input(200), h = c.fixed("h", 300, "tanh"), out = c.fixed("out", 3, "linear");
  c.learn("rule", "backprop");
  c.connect(in, h, "rule");
  c.connect(h, out, "rule");
  c.objective("mse", out);
  c.phase(1, true, true);
  c.data(128);
  const auto one = changes(c, 1), two = changes(c, 2);
  for (std::size_t p = 0; p < one.size(); ++p) CHECK(arma::approx_equal(one[p], two[p], "absdiff", 0.0));
}
