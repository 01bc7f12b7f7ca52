// A `supralinear` region is a population of the stabilized supralinear network.
#include "dynamics/drawn.hpp"
#include "dynamics/entry.hpp"
#include "dynamics/rate_form.hpp"
#include "dynamics/words.hpp"

namespace engram::dynamics {

namespace {

template <class T>
std::unique_ptr<RegionDynamics<T>> make_supralinear(const model::Region &region, std::uint64_t seed) {
  return std::make_unique<RateForm<T>>(activation_of(region.activation), drawn<T>(region, "tau", seed), T(0));
}

} // namespace

DynamicsEntry supralinear_dynamics() {
  auto words = dynamics_words("supralinear", "tau r' = -r + phi(b + sum W r), phi a power law: k [I]+^n",
                              "Rubin, Van Hooser & Miller 2015, Neuron 85:402-417, eq. 1");
  words.parameters = {per_neuron(positive("tau", "ms", 10, "time constant"))};
  words.activation = true;
  words.default_activation = "power_law";
  words.signals = rate_signals(false, true);
  words.states = {state("r", "", "the rate")};
  words.compartments = {"soma", "apical"};
  words.state = true;
  words.integrator = "euler";
  words.linear = true;
  words.fastest = by_tau;
  return {.words = std::move(words), .place = 50, .make = {make_supralinear<float>, make_supralinear<double>}};
}

} // namespace engram::dynamics
