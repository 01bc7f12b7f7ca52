// describe_spiking() adds the words of the spiking dynamics, receptors and short-term plasticity to the vocabulary.
#include "dynamics/describe.hpp"
#include "dynamics/spiking_region.hpp"

#include <algorithm>

namespace engram::dynamics {

namespace {

using model::Parameter;

constexpr double most_background = 1e4; // spikes in a step, whose probabilities stand in a table

Parameter trace_tau() { return positive("trace_tau", "ms", 20, "time constant of `trace` and `rate`"); }

std::vector<model::Signal> spiking_signals(bool potential, bool learns) {
  std::vector<model::Signal> out{
      {"spike", "", "spikes of the neuron in this step: 0 or 1; of poisson and spike_source also more", false, false},
      {"trace", "", "spikes, each decaying with trace_tau", false, false},
      {"rate", "Hz", "trace / trace_tau: the spikes of the recent past, as a rate", false, false},
  };
  if (potential) out.push_back({"potential", "mV", "the membrane potential", false, false});
  if (learns) {
    out.push_back({"gain", "1/mV", "surrogate slope of the spike by the potential", false, false});
    out.push_back({"apical", "", "a, what arrives at the apical compartment: of teachers", false, true});
    out.push_back({"error", "", "gain times apical", false, true});
    out.push_back({"noise", "pA", "the noise that was injected", false, false});
    out.push_back(
        {"adaptation", "mV", "by which a spike raises the neuron's threshold: its own constant", false, false});
  }
  return out;
}

Parameter refractory(double initial) {
  return in_steps(
      per_neuron(at_least_zero("refractory", "ms", initial, "for which the potential is held after a spike")));
}

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

void describe_spiking(model::Vocabulary &vocabulary) {
  auto lif = dynamics_entry("lif",
                            "leaky integrate-and-fire: tau v' = -(v - rest) + tau I / capacitance; at the threshold a "
                            "spike and a reset. A step is exact where receptors are currents",
                            "Rotter & Diesmann 1999, Biol Cybern 81:381-402");
  lif.parameters = {
      per_neuron(positive("tau", "ms", 20, "membrane time constant")),
      per_neuron(positive("capacitance", "pF", 250, "membrane capacitance")),
      per_neuron(number("rest", "mV", -70, "resting potential")),
      per_neuron(number("reset", "mV", -70, "potential after a spike")),
      per_neuron(number("threshold", "mV", -50, "potential of a spike")),
      refractory(2),
      choice("reset_by", {"value", "subtraction"},
             "a spike takes the potential to `reset`, or takes threshold - rest away from it"),
      choice("reset_slope", {"none", "surrogate"},
             "does the gradient see that a spike resets the potential, by the spike's surrogate slope?"),
      per_neuron(at_least_zero("adaptation", "mV", 0, "by which a spike raises the threshold")),
      per_neuron(positive("adaptation_tau", "ms", 200, "with which the threshold comes back")),
      choice(
          "surrogate", {"triangle", "fast_sigmoid"},
          "`gain` by the distance x = |v - threshold| / surrogate_width: surrogate_gain max(0, 1 - x) (Bellec et al. "
          "2020), or surrogate_gain / (1 + x)^2 (Zenke & Ganguli 2018); 0 while refractory"),
      positive("surrogate_gain", "1/mV", 0.3, "`gain` at the threshold"),
      positive("surrogate_width", "mV", 20, "width of the surrogate"),
      trace_tau()};
  lif.signals = spiking_signals(true, true);
  lif.ordered = {{"reset", "threshold"}};
  lif.signals.push_back({"drive", "mV",
                         "what the potential would be, had the neuron never spiked in this trial: neither reset nor "
                         "held",
                         false, false});

  auto adex =
      dynamics_entry("adex",
                     "adaptive exponential integrate-and-fire: C v' = -g (v - E) + g slope exp((v - threshold) / "
                     "slope) - w + I, tau_w w' = a (v - E) - w; v >= peak: v = reset, w += b. A spike may have a "
                     "width, leave a current behind and lift the threshold",
                     "Brette & Gerstner 2005, J Neurophysiol 94:3637-3642, eqs. 1-2; Clopath, Büsing, Vasilaki & "
                     "Gerstner 2010, Nat Neurosci 13:344-352");
  adex.parameters = {
      per_neuron(positive("capacitance", "pF", 281, "membrane capacitance")),
      per_neuron(positive("leak", "nS", 30, "leak conductance")),
      per_neuron(number("rest", "mV", -70.6, "leak reversal potential E")),
      per_neuron(at_least_zero("slope", "mV", 2, "slope factor of the upstroke; 0: a spike where v reaches threshold")),
      per_neuron(number("threshold", "mV", -50.4, "potential at which the upstroke begins")),
      per_neuron(positive("tau_w", "ms", 144, "time constant of the adaptation current w")),
      per_neuron(number("a", "nS", 4, "by how much w follows the potential")),
      per_neuron(number("b", "pA", 80.5, "by which a spike raises w")),
      per_neuron(number("reset", "mV", -70.6, "potential after a spike")),
      per_neuron(number("peak", "mV", 20, "potential at which the spike is over")),
      in_steps(per_neuron(at_least_zero("spike_width", "ms", 0,
                                        "for which the potential is held at spike_height, and w as it is, before "
                                        "the reset"))),
      per_neuron(number("spike_height", "mV", 33, "potential of a spike that has a width")),
      per_neuron(number("after_current", "pA", 0, "current to which a spike sets z, which is added to I and decays")),
      per_neuron(positive("after_current_tau", "ms", 40, "time constant of z")),
      per_neuron(number("threshold_jump", "mV", 0, "by which the threshold lies above `threshold` after a spike")),
      per_neuron(positive("threshold_tau", "ms", 50, "with which it comes back")),
      refractory(0),
      trace_tau()};
  adex.signals = spiking_signals(true, false);
  adex.ordered = {{"reset", "peak"}};
  adex.integrator = "runge_kutta4";
  adex.fastest = [](const model::Typed &p) {
    return std::max(greatest(p.at("leak")) / least(p.at("capacitance")), 1 / least(p.at("tau_w")));
  };

  auto izhikevich =
      dynamics_entry("izhikevich", "v' = 0.04 v^2 + 5 v + 140 - u + I, u' = a (b v - u); v >= peak: v = c, u += d",
                     "Izhikevich 2003, IEEE Trans Neural Netw 14:1569-1572, eqs. 1-3");
  izhikevich.parameters = {per_neuron(number("a", "1/ms", 0.02, "rate of the recovery variable u")),
                           per_neuron(number("b", "1/ms", 0.2, "by how much u follows the potential")),
                           per_neuron(number("c", "mV", -65, "potential after a spike")),
                           per_neuron(number("d", "mV/ms", 8, "by which a spike raises u")),
                           per_neuron(number("peak", "mV", 30, "potential of a spike")),
                           refractory(0),
                           trace_tau()};
  izhikevich.signals = spiking_signals(true, false);
  izhikevich.ordered = {{"c", "peak"}};
  izhikevich.integrator = "runge_kutta4";

  auto squid =
      dynamics_entry("hodgkin_huxley",
                     "the squid's axon at 6.3 degrees, a patch of 10^-4 cm^2, its potential shifted so that it "
                     "rests at `rest`",
                     "Hodgkin & Huxley 1952, J Physiol 117:500-544");
  squid.parameters = {per_neuron(positive("capacitance", "pF", 100, "membrane capacitance")),
                      per_neuron(at_least_zero("sodium", "nS", 12000, "greatest sodium conductance")),
                      per_neuron(at_least_zero("potassium", "nS", 3600, "greatest potassium conductance")),
                      per_neuron(at_least_zero("leak", "nS", 30, "leak conductance")),
                      per_neuron(number("sodium_reversal", "mV", 50, "reversal potential of sodium")),
                      per_neuron(number("potassium_reversal", "mV", -77, "reversal potential of potassium")),
                      per_neuron(number("leak_reversal", "mV", -54.387, "reversal potential of the leak")),
                      per_neuron(number("rest", "mV", -65, "potential from which the gates' rates count")),
                      per_neuron(number("threshold", "mV", 0, "a spike is counted where it is crossed upwards")),
                      trace_tau()};
  squid.signals = spiking_signals(true, false);
  squid.integrator = "controlled_dopri5";
  squid.fastest = [](const model::Typed &p) {
    const auto most = [&](const char *name) { return greatest(p.at(name)); };
    return squid_rate(most("sodium"), most("potassium"), most("leak"), least(p.at("capacitance")));
  };
  squid.not_offered = {{"refractory", "the channels make the neuron refractory by themselves, and nothing is held or "
                                      "reset after a spike"}};
  for (auto *neurons : {&lif, &adex, &izhikevich, &squid}) {
    neurons->compartments = {"soma"};
    neurons->spikes = neurons->receptors = true;
  }
  lif.compartments = {"soma", "apical"};
  lif.spike_slopes = true;

  auto poisson =
      dynamics_entry("poisson",
                     "spikes at random at a rate, to which what arrives at the soma is added (Hz): a Poisson "
                     "process, so that several may fall into one step",
                     "");
  poisson.parameters = {events(per_neuron(at_least_zero("rate", "Hz", 0, "rate")), most_poisson_spikes),
                        choice("frozen", {"no", "yes"},
                               "spikes of a trial are drawn anew in each epoch, or are the same in all (frozen noise)"),
                        trace_tau()};
  poisson.signals = spiking_signals(false, false);
  poisson.compartments = {"soma"};
  poisson.spikes = true;

  auto source = dynamics_entry(
      "spike_source",
      "spikes at the times that the region's `spikes` give: each in the step that holds it, several in one", "");
  source.parameters = {trace_tau()};
  source.signals = spiking_signals(false, false);
  source.spikes = source.given_spikes = true;

  for (auto &entry : {lif, adex, izhikevich, squid, poisson, source}) vocabulary.dynamics.push_back(entry);

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
}

} // namespace engram::dynamics
