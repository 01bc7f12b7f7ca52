// In a phase whose inputs stay the same, their currents are summed only once. No bit of a run may change by that.
#include "catch.hpp"
#include "circuits.hpp"

using namespace engram;
using circuits::Circuit;

namespace {

// input → hidden ⇄ output, two batches by equilibrium propagation: the weights after them. `frames` equal frames are
// what one says, but a stimulus of several is one that moves, and sums with it are made at each step.
std::vector<arma::mat> trained(std::size_t frames, const std::string &integrator, bool stimulus_in_second_phase) {
  Circuit c;
  c.model.time.integrator = circuits::typed(integrator);
  const auto in = c.input(5), hidden = c.leaky("hidden", 7), out = c.leaky("out", 3, "linear");
  c.model.regions[hidden].bias = model::Quantity::of(0.2);
  c.model.regions[hidden].bias_rules = {"rule"};
  c.learn("rule", "equilibrium_propagation");
  c.connect(in, hidden, "rule");
  const auto forward = c.connect(hidden, out, "rule");
  c.feed_back(out, hidden, forward, "rate", "soma");
  c.objective("mse", out);
  c.model.objective.delivery = model::Objective::Delivery::nudge;
  c.phase(12, 0, false);
  c.phase(6, 0.5, true, stimulus_in_second_phase);
  c.data(6);
  auto &inputs = c.trials.arrays["inputs"];
  const auto shown = std::get<std::vector<double>>(inputs.values);
  std::vector<double> repeated;
  for (std::size_t k = 0; k < 6; ++k)
    for (std::size_t f = 0; f < frames; ++f)
      repeated.insert(repeated.end(), shown.begin() + static_cast<std::ptrdiff_t>(5 * k),
                      shown.begin() + static_cast<std::ptrdiff_t>(5 * (k + 1)));
  if (frames > 1) inputs = data::Array{{6, frames, 5}, repeated};

  auto network = c.build<double>();
  simulation::Simulator<double> simulator(c.model, network, c.trials, c.rules, {}, 1);
  simulator.run({{0, 1, 2}, 0, true});
  simulator.run({{3, 4, 5}, 0, true});
  std::vector<arma::mat> weights;
  for (const auto &p : network.dense) weights.push_back(network.stored_weights(p));
  return weights;
}

} // namespace

TEST_CASE("sums of inputs that are held for a phase are those of each step", "[simulation]") {
  const auto integrator = GENERATE(as<std::string>(), "euler", "runge_kutta4");
  const bool shown_twice = GENERATE(true, false);
  const auto held = trained(1, integrator, shown_twice), summed = trained(2, integrator, shown_twice);
  REQUIRE(held.size() == summed.size());
  for (std::size_t p = 0; p < held.size(); ++p) CHECK(arma::all(arma::vectorise(held[p] == summed[p])));
}
