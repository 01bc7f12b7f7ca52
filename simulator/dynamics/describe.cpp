// describe() adds the words of the dynamics to the vocabulary, and those of all that moves with them.
#include "dynamics/activation_entry.hpp"
#include "dynamics/circuit.hpp"
#include "dynamics/entry.hpp"
#include "dynamics/integrator_entry.hpp"
#include "dynamics/words.hpp"

namespace engram::dynamics {

namespace {

using model::Parameter;

constexpr double most_background = 1e4; // spikes in a step, whose probabilities stand in a table

model::Named receptor(const char *name, const char *help, std::vector<Parameter> parameters) {
  parameters.push_back(
      events(at_least_zero("background_rate", "Hz", 0,
                           "of spikes from outside the circuit (Poisson), independent for each neuron"),
             most_background));
  parameters.push_back(number("background_weight", "", 0, "their weight"));
  if (std::string(name) != "delta")
    parameters.push_back(per_neuron(number("initial", "", 0, "current or conductance as a trial begins")));
  return {name, help, "", std::move(parameters)};
}

} // namespace

void describe(model::Vocabulary &vocabulary) {
  for (const auto &entry : dynamics_entries()) vocabulary.dynamics.push_back(entry.words);
  for (const auto &entry : activation_entries()) vocabulary.activations.push_back(entry.words);
  const auto tau = [](double initial) { return positive("tau", "ms", initial, "time constant"); };
  const auto reversal = number("reversal", "mV", 0, "potential at which no current flows");
  vocabulary.receptors = {
      receptor("delta", "the potential jumps by the weight (mV)", {}),
      receptor("exponential", "a current of weight (pA) that decays: w exp(-t / tau)", {tau(5)}),
      receptor("alpha",
               "a current that rises and falls, with its peak of weight (pA) at tau: w t / tau exp(1 - t / tau)",
               {tau(5)}),
      receptor("conductance_exponential", "a conductance of weight (nS) that decays: w exp(-t / tau)",
               {tau(5), reversal}),
      receptor("conductance_alpha", "a conductance with its peak of weight (nS) at tau: w t / tau exp(1 - t / tau)",
               {tau(5), reversal}),
  };
  auto use = positive("use", "", 0.5, "U, share of the resources that a spike uses at rest");
  use.maximum = 1;
  vocabulary.short_term = {
      {"none", "a synapse's weight does not depend on its use", "", {}},
      {"tsodyks_markram",
       "depression and facilitation: a spike's weight is multiplied by u x; x' = (1 - x) / tau_rec, u' = -u / "
       "tau_facil, "
       "and at a spike u += use (1 - u), then x -= u x",
       "Tsodyks, Uziel & Markram 2000, J Neurosci 20:RC50; Mongillo, Barak & Tsodyks 2008, Science 319:1543",
       {use, positive("tau_rec", "ms", 800, "time constant of recovery from depression"),
        at_least_zero("tau_facil", "ms", 0, "time constant of facilitation; 0: none, u stays at `use`")}},
  };
  vocabulary.noises = {
      {"none", "no noise", "", {}},
      {"gaussian",
       "a normal current, drawn anew for each neuron, trial and step",
       "",
       {at_least_zero("sd", "", 0.1, "standard deviation")}},
      {"held",
       "a normal current, drawn for each neuron, trial and phase, and held throughout the phase",
       "",
       {at_least_zero("sd", "", 0.1, "standard deviation")}},
      {"pulses",
       "a current for one step, at random times, uniform between -amplitude and amplitude",
       "Miconi 2017, eLife 6:e20899, Methods",
       {events(at_least_zero("rate", "Hz", 3, "how often, in each neuron: one pulse in a step at most"), 1),
        at_least_zero("amplitude", "", 16, "largest current of a pulse")}},
      {"ornstein_uhlenbeck",
       "an exponentially correlated normal current, moved exactly from step to step",
       "Uhlenbeck & Ornstein 1930; Gillespie 1996, Phys Rev E 54:2084, eq. 3.1",
       {at_least_zero("sd", "", 0.1, "standard deviation at rest"), positive("tau", "ms", 5, "correlation time")}},
  };
  for (const auto &entry : integrator_entries()) vocabulary.integrators.push_back(entry.words);
}

} // namespace engram::dynamics
