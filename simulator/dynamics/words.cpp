#include "dynamics/words.hpp"

namespace engram::dynamics {

double by_tau(const model::Typed &parameters) { return 1 / least(parameters.at("tau")); }

std::vector<model::Signal> rate_signals(bool rate_needs_soma, bool gain_needs_soma) {
  return {
      {"potential", "", "u, the potential (of rate-form dynamics: the total input)", gain_needs_soma, false},
      {"rate", "", "r, the firing rate", rate_needs_soma, false},
      {"gain", "", "the slope of the activation function at the present input", gain_needs_soma, false},
      {"apical", "", "a, the current into the apical compartment", false, true},
      {"error", "", "gain times apical: the second output of a two-compartment neuron", gain_needs_soma, true},
      {"noise", "", "the noise that was injected", false, false},
  };
}

std::vector<model::Signal> spiking_signals(bool potential, bool learns) {
  std::vector<model::Signal> out{
      {"spike", "", std::string("spikes of the neuron in this step: ") + (potential ? "0 or 1" : "0, 1 or more"), false,
       false},
      {"trace", "", "spikes, each decaying with trace_tau", false, false},
      {"rate", "Hz", "trace / trace_tau: the spikes of the recent past, as a rate", false, false},
  };
  if (potential) out.push_back({"potential", "mV", "the membrane potential", false, false});
  if (learns) {
    out.push_back({"gain", "1/mV", "surrogate slope of the spike by the potential", false, false});
    out.push_back({"apical", "", "a, what arrives at the apical compartment: of teachers", false, true});
    out.push_back({"error", "", "gain times apical", false, true});
    out.push_back({"noise", "pA", "the noise that was injected", false, false});
  }
  return out;
}

model::Parameter trace_tau() { return positive("trace_tau", "ms", 20, "time constant of `trace` and `rate`"); }

std::vector<model::Parameter> surrogate(double gain, double width) {
  return {choice("reset_slope", {"none", "surrogate"},
                 "does the gradient see that a spike resets the potential, by the spike's surrogate slope?"),
          choice("surrogate", {"triangle", "fast_sigmoid"},
                 "`gain` by the distance x = |v - threshold| / surrogate_width: surrogate_gain max(0, 1 - x) (Bellec "
                 "et al. 2020), or surrogate_gain / (1 + x)^2 (Zenke & Ganguli 2018); 0 while refractory"),
          positive("surrogate_gain", "1/mV", gain, "`gain` at the threshold"),
          positive("surrogate_width", "mV", width, "width of the surrogate")};
}

model::Parameter refractory(double initial_ms) {
  return in_steps(
      per_neuron(at_least_zero("refractory", "ms", initial_ms, "for which the potential is held after a spike")));
}

} // namespace engram::dynamics
