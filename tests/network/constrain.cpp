// These tests let weights learn, and ask whether they keep their constraints.
#include "catch.hpp"
#include "circuits.hpp"

using namespace engram;
using circuits::Circuit;

TEST_CASE("constraints hold after every update", "[network]") {
  using Sign = model::Constraints::Sign;
  Circuit c;
  const auto in = c.input(6), out = c.fixed("out", 3, "linear");
  c.learn("r", "oja", 0.1);
  c.connect(in, out, "r");
  c.phase(1, false, true);
  c.data(12);
  const auto learnt = [&] {
    auto network = c.build<double>();
    simulation::Simulator<double> simulator(c.model, network, c.trials, c.rules, {}, 1);
    for (int k = 0; k < 30; ++k) simulator.run(c.all(true));
    return arma::mat(network.dense[0].weights);
  };
  auto &constraints = c.model.projections[0].constraints;
  SECTION("Dale's law") {
    for (const auto sign : {Sign::excitatory, Sign::inhibitory, Sign::keep}) {
      constraints.sign = sign;
      const arma::mat before = c.build<double>().dense[0].weights, after = learnt();
      if (sign == Sign::excitatory) CHECK(after.min() >= 0);
      if (sign == Sign::inhibitory) CHECK(after.max() <= 0);
      if (sign == Sign::keep) CHECK((before % after).eval().min() >= 0);
      CHECK(arma::abs(after - before).max() > 1e-3);
    }
  }
  SECTION("bounds") {
    constraints.minimum = -0.1;
    constraints.maximum = 0.2;
    const auto w = learnt();
    CHECK(w.min() >= -0.1);
    CHECK(w.max() <= 0.2);
  }
  SECTION("norm onto each neuron") {
    constraints.norm = 0.7;
    const auto w = learnt();
    for (std::size_t i = 0; i < 3; ++i) CHECK(arma::norm(w.row(i)) == Approx(0.7));
  }
  SECTION("mask") {
    constraints.mask = true;
    c.model.projections[0].weights.kind = model::Weights::Kind::values;
    c.model.projections[0].weights.values.assign(18, 0.3);
    for (const std::size_t k : {0u, 7u, 17u}) c.model.projections[0].weights.values[k] = 0; // row by row
    const auto w = learnt();
    CHECK(w(0, 0) == 0);
    CHECK(w(1, 1) == 0);
    CHECK(w(2, 5) == 0);
    CHECK(arma::accu(w != 0) == 15);
  }
}
