// A `wilson_cowan` region is one population of Wilson & Cowan, with a refractory fraction.
#include "dynamics/drawn.hpp"
#include "dynamics/entry.hpp"
#include "dynamics/rate_form.hpp"
#include "dynamics/words.hpp"

namespace engram::dynamics {

namespace {

template <class T>
std::unique_ptr<RegionDynamics<T>> make_wilson_cowan(const model::Region &region, std::uint64_t seed) {
  const auto refractory = static_cast<T>(region.dynamics.number("refractory"));
  return std::make_unique<RateForm<T>>(activation_of(region.activation), drawn<T>(region, "tau", seed), refractory);
}

} // namespace

DynamicsEntry wilson_cowan_dynamics() {
  auto words = dynamics_words("wilson_cowan", "tau r' = -r + (1 - refractory r) phi(b + sum W r): one population",
                              "Wilson & Cowan 1972, Biophys J 12:1-24, eqs. 11-12");
  words.parameters = {
      per_neuron(positive("tau", "ms", 10, "time constant of the population")),
      at_least_zero("refractory", "", 1, "fraction of the population that a unit rate keeps refractory")};
  words.activation = true;
  words.default_activation = "sigmoid";
  words.signals = rate_signals(false, true);
  words.states = {state("r", "", "the rate")};
  words.compartments = {"soma", "apical"};
  words.state = true;
  words.integrator = "euler";
  words.fastest = by_tau;
  return {.words = std::move(words), .place = 40, .make = {make_wilson_cowan<float>, make_wilson_cowan<double>}};
}

} // namespace engram::dynamics
