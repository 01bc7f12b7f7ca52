// describe() adds the words of the dynamics to the vocabulary. The words of the spiking dynamics are in
// describe_spiking.cpp.
#include "dynamics/describe.hpp"

#include "dynamics/circuit.hpp"
#include "dynamics/stepper.hpp"

namespace engram::dynamics {

namespace {

// The signals of a region, with the currents that they need in the same step. Rate and its relatives follow either from
// the state or from the current into the soma; apical and error follow from the apical current.
std::vector<model::Signal> signals(bool rate_needs_soma, bool gain_needs_soma) {
  return {
      {"potential", "", "u, the potential (of rate-form dynamics: the total input)", gain_needs_soma, false},
      {"rate", "", "r, the firing rate", rate_needs_soma, false},
      {"gain", "", "the slope of the activation function at the present input", gain_needs_soma, false},
      {"apical", "", "a, the current into the apical compartment", false, true},
      {"error", "", "gain times apical: the second output of a two-compartment neuron", gain_needs_soma, true},
      {"noise", "", "the noise that was injected", false, false},
  };
}

// The states relax with time constants of their own: the shortest is that of the fastest neuron.
double by_tau(const model::Typed &p) { return 1 / least(p.at("tau")); }

} // namespace

void describe(model::Vocabulary &vocabulary) {
  auto input = dynamics_entry("input", "shows the stimulus; silent (0) in phases that show nothing", "");
  input.signals = {{"rate", "", "the stimulus", false, false}};

  auto fixed = dynamics_entry("static", "u = b + sum W r and rate = phi(u) within the step: an artificial neuron", "");
  fixed.activation = true;
  fixed.default_activation = "linear";
  fixed.pooled_activation = true;
  fixed.signals = signals(true, true);
  fixed.compartments = {"soma", "apical"};

  auto leaky = dynamics_entry("leaky_rate", "tau u' = -u + b + sum W r + apical_coupling a, rate = phi(u)",
                              "Dayan & Abbott 2001, Theoretical Neuroscience, eq. 7.39");
  leaky.parameters = {per_neuron(positive("tau", "ms", 10, "membrane time constant")),
                      number("apical_coupling", "", 0, "how strongly the apical compartment drives the soma")};
  leaky.activation = true;
  leaky.default_activation = "tanh";
  leaky.pooled_activation = true;
  leaky.signals = signals(false, false);
  leaky.compartments = {"soma", "apical"};
  leaky.state = true;
  leaky.integrator = "euler";
  leaky.fastest = by_tau;

  auto wilson = dynamics_entry("wilson_cowan", "tau r' = -r + (1 - refractory r) phi(b + sum W r): one population",
                               "Wilson & Cowan 1972, Biophys J 12:1-24, eqs. 11-12");
  wilson.parameters = {
      per_neuron(positive("tau", "ms", 10, "time constant of the population")),
      at_least_zero("refractory", "", 1, "fraction of the population that a unit rate keeps refractory")};
  wilson.activation = true;
  wilson.default_activation = "sigmoid";
  wilson.signals = signals(false, true);
  wilson.compartments = {"soma", "apical"};
  wilson.state = true;
  wilson.integrator = "euler";
  wilson.fastest = by_tau;

  auto supralinear = dynamics_entry("supralinear", "tau r' = -r + phi(b + sum W r), phi a power law: k [I]+^n",
                                    "Rubin, Van Hooser & Miller 2015, Neuron 85:402-417, eq. 1");
  supralinear.parameters = {per_neuron(positive("tau", "ms", 10, "time constant"))};
  supralinear.activation = true;
  supralinear.default_activation = "power_law";
  supralinear.signals = signals(false, true);
  supralinear.compartments = {"soma", "apical"};
  supralinear.state = true;
  supralinear.integrator = "euler";
  supralinear.fastest = by_tau;

  auto predictive = dynamics_entry("predictive_coding",
                                   "value neurons x and error neurons x - mu, mu = b + sum W r the prediction from the "
                                   "region below: tau x' = -error + gain a, rate = phi(x)",
                                   "Whittington & Bogacz 2017, Neural Comput 29:1229-1262, eqs. 2.16-2.18");
  predictive.parameters = {per_neuron(positive("tau", "ms", 10, "time constant of the value neurons"))};
  predictive.activation = true;
  predictive.default_activation = "linear";
  predictive.signals = {
      {"potential", "", "x, the value", false, false},
      {"rate", "", "phi(x)", false, false},
      {"gain", "", "the slope of the activation function at x", false, false},
      {"apical", "", "a, the errors of the regions above, weighted", false, true},
      {"error", "", "x - mu, the value less its prediction", true, false},
      {"noise", "", "the noise that was injected", false, false},
  };
  predictive.compartments = {"soma", "apical"};
  predictive.state = true;
  predictive.integrator = "euler";
  predictive.fastest = by_tau;

  auto dendritic = dynamics_entry(
      "dendritic",
      "soma, basal and apical dendrite: u' = -leak u + basal (v_B - u) + apical (v_A - u), rate = phi(u); v_B is what "
      "arrives at `soma`, v_A at `apical`. With apical_input 'current': u' = -leak u + basal (v_B - u) + apical a",
      "Sacramento et al. 2018, NeurIPS 31, eqs. 1-2");
  dendritic.parameters = {positive("leak", "1/ms", 0.1, "leak conductance by capacitance"),
                          positive("basal", "1/ms", 1, "conductance from the basal dendrite by capacitance"),
                          at_least_zero("apical", "1/ms", 0.8, "conductance from the apical dendrite by capacitance"),
                          choice("apical_input", {"potential", "current"},
                                 "what arrives at `apical` is the potential of a dendrite, whose conductance draws the "
                                 "soma at all times, or a current, which is nothing when it is silent: of a teacher")};
  dendritic.activation = true;
  dendritic.default_activation = "sigmoid";
  dendritic.signals = {
      {"potential", "", "u, the somatic potential", false, false},
      {"rate", "", "phi(u)", false, false},
      {"gain", "", "the slope of the activation function at u", false, false},
      {"apical", "", "v_A, the apical potential", false, true},
      {"error", "", "phi(u) - phi(v), v the somatic potential that the basal dendrite alone predicts", true, false},
      {"noise", "", "the noise that was injected", false, false},
  };
  dendritic.compartments = {"soma", "apical"};
  dendritic.state = true;
  dendritic.integrator = "euler";
  dendritic.fastest = [](const model::Typed &p) { return p.number("leak") + p.number("basal") + p.number("apical"); };

  auto burst = dynamics_entry("burst",
                              "events and bursts: tau u' = -u + b + sum W r, rate = phi(u) of events, "
                              "burst = rate sigma(slope gain / rate a + offset)",
                              "Payeur et al. 2021, Nat Neurosci 24:1010-1019, Methods");
  burst.parameters = {per_neuron(positive("tau", "ms", 10, "membrane time constant")),
                      positive("slope", "", 1, "beta, slope of the burst probability"),
                      number("offset", "", 0, "alpha, log odds of a burst without apical current")};
  burst.activation = true;
  burst.default_activation = "sigmoid";
  burst.signals = {
      {"potential", "", "u, the somatic potential", false, false},
      {"rate", "", "phi(u), the rate of events (bursts and single spikes)", false, false},
      {"gain", "", "the slope of the activation function at u", false, false},
      {"apical", "", "a, the current into the apical compartment", false, true},
      {"burst", "", "the rate of bursts", false, true},
      {"noise", "", "the noise that was injected", false, false},
  };
  burst.compartments = {"soma", "apical"};
  burst.state = true;
  burst.integrator = "euler";
  burst.fastest = by_tau;

  vocabulary.dynamics = {input, fixed, leaky, wilson, supralinear, predictive, dendritic, burst};
  describe_spiking(vocabulary);
  vocabulary.activations = {
      {"linear", "r = u", "", {}},
      {"relu", "r = max(0, u)", "", {}},
      {"tanh", "r = tanh(u)", "", {}},
      {"sigmoid",
       "r = 1 / (1 + exp(-slope (u - threshold)))",
       "",
       {positive("slope", "", 1, "slope"), number("threshold", "", 0, "input at half of the maximum")}},
      {"softplus", "r = log(1 + exp(u))", "", {}},
      {"power_law", "r = k max(0, u)^n", "", {positive("k", "", 0.04, "factor"), positive("n", "", 2, "exponent")}},
      {"softmax", "r_i = exp(u_i) / sum_j exp(u_j) within the region", "", {}, true},
      {"divisive_normalization",
       "r_i = length u_i / sqrt(semisaturation^2 + sum_j u_j^2) within the region",
       "Carandini & Heeger 2012, Nat Rev Neurosci 13:51-62",
       {positive("length", "", 1, "of the vector of rates where the input is strong"),
        positive("semisaturation", "", 1e-6,
                 "length of the vector of inputs at which that of the rates is length / sqrt(2)")},
       true},
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
  const auto tolerance = [](const char *name, double initial) {
    return positive(name, "", initial, "error that is allowed in a step");
  };
  vocabulary.integrators = {
      {"euler", "forward Euler, order 1", "", {}},
      {"modified_midpoint", "Gragg's modified midpoint with two substeps, order 2", "Gragg 1965", {}},
      {"runge_kutta4", "the classic Runge-Kutta method, order 4", "Kutta 1901", {}},
      {"runge_kutta_dopri5", "Dormand-Prince, order 5", "Dormand & Prince 1980", {}},
      {"controlled_dopri5",
       "Dormand-Prince with substeps chosen within each step by an error estimate (over the whole batch): for stiff "
       "dynamics",
       "Dormand & Prince 1980",
       {tolerance("absolute", 1e-6), tolerance("relative", 1e-6)}},
  };
  for (auto &integrator : vocabulary.integrators) integrator.stable_to = stable_to(integrator.name);
}

} // namespace engram::dynamics
