// A dynamics that is a plugin runs in any circuit, and the exact gradient goes through it.
#include "catch.hpp"
#include "neurons.hpp"

#include <cmath>

using namespace engram;
using circuits::Circuit;
using network::Signal;

namespace {

Circuit recurrent(const std::string &cells, const std::string &integrator, bool feedforward = false) {
  return neurons::recurrent([&](model::Region &region) { region.dynamics = neurons::typed(cells); }, integrator,
                            feedforward);
}

} // namespace

TEST_CASE("the gradient through a plugin's neurons agrees with differences of the loss",
          "[dynamics][plugins][gradient]") {
  for (const char *cells : {"coupled_pair", "leaky_again", "fitzhugh_nagumo"})
    for (const char *integrator : {"euler", "modified_midpoint", "runge_kutta4", "runge_kutta_dopri5"}) {
      INFO(cells << " by " << integrator);
      CHECK(neurons::gradient_error(recurrent(cells, integrator)) < 1e-6);
    }
}

TEST_CASE("the gradient goes through the state that a feedforward sweep gives a plugin's neurons",
          "[dynamics][plugins][gradient]") {
  for (const char *cells : {"coupled_pair", "leaky_again"}) {
    INFO(cells);
    CHECK(neurons::gradient_error(recurrent(cells, "runge_kutta4", true)) < 1e-6);
  }
}

TEST_CASE("a plugin's neurons begin at the steady state of a constant input, and stay there", "[dynamics][plugins]") {
  Circuit c;
  const auto in = c.input(3), cell = c.region("cell", 4, neurons::typed("coupled_pair"));
  c.model.regions[cell].feedforward = true;
  c.connect(in, cell);
  c.phase(5, 0, false);
  c.data(2);
  auto network = c.build<double>();
  std::vector<dynamics::SignalSet> wanted(2);
  wanted[cell].set(static_cast<std::size_t>(Signal::potential));
  simulation::Simulator<double> simulator(c.model, network, c.trials, c.rules, wanted, 1, neurons::entries());
  neurons::Log log(cell);
  simulator.run(c.all(false), &log);
  REQUIRE(log.potential.size() == 5);
  CHECK(arma::abs(log.potential.front()).max() > 0.1);
  CHECK(arma::abs(log.potential.back() - log.potential.front()).max() < 1e-12);
}

TEST_CASE("leaky_rate as a plugin has the bits of the built-in, forward and back", "[dynamics][plugins]") {
  const auto run = [](const std::string &cells) {
    return neurons::GradedRun(neurons::graded([&](model::Region &region) { region.dynamics = neurons::typed(cells); }));
  };
  const auto built_in = run("leaky_rate"), plugin = run("leaky_again");
  REQUIRE(built_in.rate.size() == 20);
  CHECK(neurons::greatest_difference(built_in.rate, plugin.rate) == 0);
  CHECK(neurons::changes_apart(built_in, plugin) < 1e-14);
}

TEST_CASE("single precision agrees with double in a plugin's neurons", "[dynamics][plugins]") {
  const auto c = recurrent("coupled_pair", "runge_kutta4");
  const auto loss = [&](auto scalar) {
    using T = decltype(scalar);
    auto network = c.build<T>();
    simulation::Simulator<T> simulator(c.model, network, c.trials, c.rules, {}, 1, neurons::entries());
    return circuits::mean<T>(simulator.measure(c.all(true)));
  };
  CHECK(loss(float{}) == Approx(loss(double{})).epsilon(1e-5));
}

TEST_CASE("the states of a plugin's neurons begin where table, parameters and begin() say", "[dynamics][plugins]") {
  Circuit c;
  const auto cell = c.region("cell", 3, neurons::typed("coupled_pair", {{"start", -1}}));
  const auto begin = [&](const std::vector<double> &initial) {
    auto model = c.model;
    if (!initial.empty()) model.regions[cell].initial = model::Quantity{model::Quantity::Kind::values, 0, 0, initial};
    const auto neurons_of =
        dynamics::make_region<double>(dynamics::entry_of("coupled_pair", neurons::entries()), model.regions[cell], 1);
    const numeric::Vector<double> first(initial);
    return neurons_of->begin(3, initial.empty() ? nullptr : &first);
  };
  // y begins at `start` + x / 10.
  const auto usual = begin({});
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(usual[i] == 0.25);
    CHECK(usual[i + 3] == Approx(-0.975).margin(1e-15));
  }
  const auto given = begin({1, 2, 3});
  CHECK(given[2] == 3);
  CHECK(given[5] == Approx(-0.7).margin(1e-15));
}

TEST_CASE("a step that is too long for a plugin's neurons is refused", "[dynamics][plugins]") {
  Circuit c;
  const auto cell = c.region("cell", 2, neurons::typed("leaky_again", {{"tau", 0.4}}));
  c.model.time.integrator = circuits::typed("euler");
  c.model.regions[cell].integrator = c.model.time.integrator;
  c.model.regions[cell].bias = model::Quantity::of(1);
  c.phase(5, 0, false, false);
  c.trials.count = 1;
  c.trials.training = {0};
  auto network = c.build<double>();
  simulation::Simulator<double> simulator(c.model, network, c.trials, c.rules, {}, 1, neurons::entries());
  CHECK_THROWS_WITH(simulator.run({{0}, 0, false}),
                    ContainsSubstring("region 'cell', neuron 0: with what reaches it now it relaxes so fast that "
                                      "'euler' is stable only in steps below 0.8 ms"));
}

TEST_CASE("the schema describes a plugin's neurons by their table", "[dynamics][plugins]") {
  const auto text = model::schema(neurons::vocabulary()).dump();
  CHECK_THAT(text, ContainsSubstring("strength of the cubic leak"));
  CHECK_THAT(text, ContainsSubstring("fitzhugh_nagumo"));
}
