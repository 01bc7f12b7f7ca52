// Which neurons a projection joins.
#include "network/patterns.hpp"
#include "catch.hpp"
#include "circuits.hpp"

using namespace engram;
using circuits::Circuit;

TEST_CASE("a topographic projection joins what lies within its radius, and no rule changes that", "[network]") {
  Circuit c;
  const auto sheet = c.input(36), target = c.fixed("target", 9, "linear"); // 6 × 6 onto 3 × 3
  c.learn("r", "hebb", 0.1);
  c.rules.back() = circuits::rule("hebb");
  const auto p = c.connect(sheet, target, "r");
  c.model.projections[p].connect = circuits::typed("topographic", {{"radius", 0.12}});
  c.phase(1, false, true);
  c.data(5);
  auto network = c.build<double>();
  const auto joined = [&](std::size_t i, std::size_t j) {
    const double dx = (static_cast<double>(j % 6) + 0.5) / 6 - (static_cast<double>(i % 3) + 0.5) / 3;
    const double dy = (static_cast<double>(j / 6) + 0.5) / 6 - (static_cast<double>(i / 3) + 0.5) / 3;
    return dx * dx + dy * dy <= 0.12 * 0.12;
  };
  // Each neuron of the target stands over four of the sheet, a twelfth of its width to each side: 0.118 away.
  const auto check = [&](const arma::mat &w) {
    for (std::size_t i = 0; i < 9; ++i) {
      std::size_t synapses = 0;
      for (std::size_t j = 0; j < 36; ++j) {
        CHECK((w(i, j) != 0) == joined(i, j));
        synapses += joined(i, j);
      }
      CHECK(synapses == 4);
    }
  };
  check(network.projections[p].weights);
  CHECK(network::fan_in(c.model.projections[p].connect, 9, 36) == 4);
  const arma::mat before = network.projections[p].weights;
  simulation::Simulator<double> simulator(c.model, network, c.trials, c.rules, {}, 1);
  simulator.run(c.all(true));
  CHECK(arma::abs(network.projections[p].weights - before).max() > 0);
  check(network.projections[p].weights);
}
