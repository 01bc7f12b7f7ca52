// These tests compare oja and hebb with the statistics of their inputs that they must find.
#include "catch.hpp"
#include "circuits.hpp"

#include <cmath>

using namespace engram;
using circuits::changes, circuits::Circuit;

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
