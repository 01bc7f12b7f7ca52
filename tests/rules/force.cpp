// FORCE is recursive least squares. It is tested by itself, and in a chaotic network.
#include "catch.hpp"
#include "circuits.hpp"
#include "trained.hpp"

#include <cmath>

using namespace engram;
using circuits::Circuit;

TEST_CASE("FORCE on fixed inputs is ridge regression", "[rules][force]") {
  // Recursive least squares that begins at w = 0 and P = 1/α is, after each observation, the minimum of
  // Σ (f − w·r)² + α |w|²: w = F Rᵀ (R Rᵀ + α)⁻¹ (Haykin, Adaptive Filter Theory, ch. 10).
  for (const std::size_t batch : {1, 4})
    for (const double alpha : {0.1, 3.0}) {
      INFO("batch " << batch << ", alpha " << alpha);
      Circuit c;
      const auto in = c.input(7), out = c.fixed("out", 2, "linear");
      c.learn("rls", "force", 1, {{"alpha", alpha}});
      c.model.rules[0].apply = model::Rule::Apply::step;
      const auto p = c.connect(in, out, "rls");
      c.model.projections[p].weights.kind = model::Weights::Kind::constant;
      c.model.projections[p].weights.a = 0;
      c.objective("mse", out);
      c.phase(1, 1, true);
      c.phase(1, 1, false); // in which P must stay as it is
      c.data(12);
      auto network = c.build<double>();
      simulation::Simulator<double> simulator(c.model, network, c.trials, c.rules, {}, 1);
      arma::mat r(7, 12), f(2, 12);
      c.trials.arrays["inputs"].gather(c.trials.training, 1.0, r.memptr());
      c.trials.targets.gather(c.trials.training, 1.0, f.memptr());
      for (std::size_t first = 0; first < 12; first += batch) {
        std::vector<std::size_t> rows;
        for (std::size_t k = first; k < first + batch; ++k) rows.push_back(k);
        simulator.run({rows, 0, true});
        const arma::mat seen = r.cols(0, first + batch - 1), wanted = f.cols(0, first + batch - 1);
        const arma::mat ridge = wanted * seen.t() * arma::inv_sympd(seen * seen.t() + alpha * arma::eye(7, 7));
        CHECK(arma::abs(network.dense[p].weights - ridge).max() < 1e-11);
      }
    }
}

TEST_CASE("a chaotic network goes on producing four sines once learning is off", "[rules][force]") {
  // Sussillo & Abbott 2009, figure 2.
  command::Folder folder;
  const auto file = command::run_file(folder, "recurrent/force.json", "--threads 1");
  const arma::vec z = arma::vectorise(file.data(file.series().at(0)));
  REQUIRE(z.n_elem == 5 * 7200);
  const double a = 1.3, pi = M_PI;
  const auto target = [&](double t) { // t in units of 10 ms
    const double w = pi * t / 60;
    return (a * std::sin(w) + a / 2 * std::sin(2 * w) + a / 6 * std::sin(3 * w) + a / 3 * std::sin(4 * w)) / 1.5;
  };
  const auto error = [&](std::size_t first) { // of one period, r.m.s. as a share of that of the target
    double difference = 0, size = 0;
    for (std::size_t k = 0; k < 1200; ++k) {
      const double f = target(0.1 * static_cast<double>(k));
      difference += (z(first + k) - f) * (z(first + k) - f);
      size += f * f;
    }
    return std::sqrt(difference / size);
  };
  CHECK(error(0) < 0.1); // the error is small at once …
  for (std::size_t period = 0; period < 6; ++period) CHECK(error(4 * 7200 + period * 1200) < 0.25); // … and stays so
  CHECK(file.weights("network->readout").n_elem == 400);
}

TEST_CASE("networks from four beginnings go on producing four sines", "[rules][slow][force]") {
  for (int seed = 1; seed <= 4; ++seed) {
    command::Folder folder;
    const auto file = command::run_file(folder, "recurrent/force.json", "--threads 1 --seed " + std::to_string(seed));
    const arma::vec z = arma::vectorise(file.data(file.series().at(0)));
    // From the last period with learning to the first without, the wave is the same.
    const arma::vec before = z.subvec(4 * 7200 - 1200, 4 * 7200 - 1), after = z.subvec(4 * 7200, 4 * 7200 + 1199);
    CHECK(arma::norm(after - before) < 0.1 * arma::norm(before));
  }
}
