// These tests check which neurons a pattern connects.
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
  check(network.dense[p].weights);
  CHECK(network::fan_in(network::wiring_of(c.model.projections[p], 9, 36, 1)) == 4);
  const arma::mat before = network.dense[p].weights;
  simulation::Simulator<double> simulator(c.model, network, c.trials, c.rules, {}, 1);
  simulator.run(c.all(true));
  CHECK(arma::abs(network.dense[p].weights - before).max() > 0);
  check(network.dense[p].weights);
}

namespace {

// Two maps of 6 × 6, onto three of (6 + 2 − 3) / 2 + 1 = 3 × 3, by kernels of 3 × 3 at every second place.
std::size_t convolve(Circuit &c, std::size_t from, std::size_t to, bool shared) {
  const auto p = c.connect(from, to, "rule");
  c.model.projections[p].connect = circuits::typed(
      "convolution",
      {{"kernel", 3}, {"stride", 2}, {"padding", 1}, {"channels", 2}, {"maps", 3}, {"shared", shared ? 1 : 0}});
  return p;
}

Circuit convolving(bool shared, const std::string &rule = "backprop") {
  Circuit c;
  const auto sheet = c.input(72), maps = c.fixed("maps", 27, "linear");
  convolve(c, sheet, maps, shared);
  c.learn("rule", rule, 0.1);
  c.objective("mse", maps);
  c.phase(1, 1, true);
  c.data(4);
  return c;
}

} // namespace

TEST_CASE("a shared convolution is the convolution of its maps with its kernels", "[network]") {
  auto c = convolving(true);
  auto network = c.build<double>();
  const arma::mat &w = network.dense[0].weights;
  // A kernel is read off where it lies on the map as a whole: onto neuron (1, 1), from (1, 1) to (3, 3).
  arma::cube kernel(3, 3, 6);
  for (std::size_t map = 0; map < 3; ++map)
    for (std::size_t channel = 0; channel < 2; ++channel)
      for (std::size_t y = 0; y < 3; ++y)
        for (std::size_t x = 0; x < 3; ++x)
          kernel(y, x, map * 2 + channel) = w(map * 9 + 4, channel * 36 + (1 + y) * 6 + 1 + x);
  CHECK(arma::mat(arma::unique(w)).n_elem == 3 * 2 * 9 + 1); // and 0
  // Armadillo's conv2 turns its kernel around, and moves by 1.
  const arma::mat shown = circuits::inputs(c), made = w * shown;
  for (std::size_t map = 0; map < 3; ++map) {
    arma::mat sum(8, 8, arma::fill::zeros);
    for (std::size_t channel = 0; channel < 2; ++channel) {
      const arma::mat sheet = arma::reshape(shown.col(0).rows(channel * 36, channel * 36 + 35), 6, 6).t();
      const arma::mat turned = arma::fliplr(arma::flipud(kernel.slice(map * 2 + channel)));
      sum += arma::conv2(sheet, turned); // rows and columns 1 to 6 of 0 to 7 are those with a padding of 1
    }
    for (std::size_t y = 0; y < 3; ++y)
      for (std::size_t x = 0; x < 3; ++x)
        CHECK(made(map * 9 + y * 3 + x, 0) == Approx(sum(1 + 2 * y, 1 + 2 * x)).epsilon(1e-12));
  }
}

TEST_CASE("what a shared convolution learns is the gradient of its kernels, and they stay shared", "[network]") {
  auto c = convolving(true);
  auto network = c.build<double>();
  const auto group = network.dense[0].sharing->group;
  const arma::mat before = network.dense[0].weights;
  const auto loss = [&](std::uint32_t of, double by) { // of the kernel's weight moved at all its places
    auto moved = network;
    for (std::size_t k = 0; k < group.size(); ++k)
      if (group[k] == of) moved.dense[0].weights[k] += by;
    simulation::Simulator<double> simulator(c.model, moved, c.trials, c.rules, {}, 1);
    return circuits::mean<double>(simulator.run(c.all(false)));
  };
  auto learning = network;
  simulation::Simulator<double> simulator(c.model, learning, c.trials, c.rules, {}, 1);
  simulator.run(c.all(true));
  const arma::mat change = (learning.dense[0].weights - before) / 0.1;
  for (std::size_t k = 0; k < group.size(); ++k) {
    if (group[k] == network::Sharing::none) {
      CHECK(change[k] == 0);
    } else if (k % 7 == 0) {
      CHECK(change[k] == Approx(-(loss(group[k], 1e-5) - loss(group[k], -1e-5)) / 2e-5).epsilon(1e-6));
    }
  }
  CHECK(arma::mat(arma::unique(learning.dense[0].weights)).n_elem == 3 * 2 * 9 + 1);
}

TEST_CASE("a convolution that is not shared joins the same neurons, with weights of their own", "[network]") {
  auto c = convolving(false), shared = convolving(true);
  auto network = c.build<double>();
  const arma::mat own = network.dense[0].weights, kernels = shared.build<double>().dense[0].weights;
  CHECK(arma::all(arma::vectorise((own != 0) == (kernels != 0))));
  CHECK(arma::mat(arma::unique(own)).n_elem == static_cast<arma::uword>(arma::accu(own != 0)) + 1);
  simulation::Simulator<double> simulator(c.model, network, c.trials, c.rules, {}, 1);
  simulator.run(c.all(true));
  const arma::mat after = network.dense[0].weights;
  CHECK(arma::all(arma::vectorise((after != 0) == (own != 0))));
}

TEST_CASE("listed pairs are the synapses, whatever their order", "[network]") {
  const network::Pairs file{"wiring.csv", 3, {2, 0, 0.5, /**/ 0, 1, -1, /**/ 2, 3, 2, /**/ 0, 0, 4}};
  const auto listed = network::listed(file, 4, 3);
  CHECK(listed.begin == std::vector<std::uint64_t>{0, 2, 2, 4});
  CHECK(listed.target == std::vector<std::uint32_t>{0, 1, 0, 3});
  CHECK(listed.weight_of(3, 2) == 2);
  CHECK(listed.weight_of(0, 0) == 4);
  Circuit c;
  const auto p = c.connect(c.input(3), c.fixed("target", 4, "linear"));
  c.model.projections[p].connect = circuits::typed("pairs");
  c.model.projections[p].weights.kind = model::Weights::Kind::listed;
  c.model.projections[p].weights.a = 10;
  const auto network = network::build<double>(c.model, {{}, {}, [&](const auto &) { return file; }});
  arma::mat expected(4, 3, arma::fill::zeros);
  expected(0, 2) = 5, expected(1, 0) = -10, expected(3, 2) = 20, expected(0, 0) = 40;
  CHECK(arma::approx_equal(network.dense[p].weights, expected, "absdiff", 0));
}
