// The gradient goes through the spikes of a plugin's neurons by surrogate slopes, as through those of the built-in lif,
// and exactly through all that is smooth.
#include "catch.hpp"
#include "neurons.hpp"

#include <fmt/format.h>

#include <cmath>

using namespace engram;

namespace {

/// A circuit of two trials, and what backprop wants of its weights.
struct GradientRun {
  model::Model model;
  network::Network<double> network;
  task::Trials trials;
  std::vector<const engram_rule *> rules;
  std::unique_ptr<simulation::Simulator<double>> simulator;

  explicit GradientRun(const std::string &text, int threads = 1)
      : model(model::load_text(text, "m.json", neurons::vocabulary())), network(network::build<double>(model, {})),
        trials(task::load_trials(model, {ENGRAM_SOURCE_DIR "/models/data", {}})) {
    for (const auto &rule : model.rules) rules.push_back(&spiking::library().load(rule.plugin));
    simulator = std::make_unique<simulation::Simulator<double>>(model, network, trials, rules,
                                                                std::vector<dynamics::SignalSet>(model.regions.size()),
                                                                threads, neurons::entries());
  }
  arma::vec change(std::size_t projection) {
    simulator->measure({{0, 1}, 0, true});
    const arma::vec out = arma::vectorise(simulator->plasticity().change(projection));
    simulator->plasticity().discard();
    return out;
  }
  double loss() {
    const double mean = circuits::mean<double>(simulator->measure({{0, 1}, 0, true}));
    simulator->plasticity().discard();
    return mean;
  }
};

struct GradientCells {
  std::string dynamics, reset_slope = "none", surrogate = "triangle", joined = "hidden";
  double jump = 0.3;
};

// 12 Poisson neurons drive 7 others, which are joined among themselves after a delay; a static readout of 3.
std::string gradient_circuit(const GradientCells &cells) {
  return fmt::format(R"({{ "seed": 11, "time": {{ "step": 1 }}, "architecture": {{ "regions": {{
      "in": {{ "size": 12, "dynamics": {{ "type": "poisson", "rate": 120 }} }},
      "hidden": {{ "size": 7, "dynamics": {{ {}, "tau": 20, "capacitance": 1, "rest": 0, "threshold": 1,
                  "surrogate_width": 1, "reset_slope": "{}", "surrogate": "{}" }},
                  "receptors": {{ "d": "delta", "i": {{ "type": "exponential", "tau": 5 }} }} }},
      "out": {{ "size": 3, "dynamics": {{ "type": "static", "activation": "linear" }} }} }},
    "projections": [
      {{ "name": "a", "from": "in.spike", "to": "hidden", "weights": {{ "normal": {{ "mean": 0.25, "sd": 0.3 }} }}, "rule": "r" }},
      {{ "name": "b", "from": "hidden.spike", "to": "out", "weights": {{ "normal": {{ "gain": 1 }} }} }},
      {{ "name": "c", "from": "hidden.spike", "to": "{}", "weights": {{ "normal": {{ "mean": 0, "sd": {} }} }}, "delay": 2,
         "rule": "r" }},
      {{ "name": "d", "from": "hidden.potential", "to": "out", "weights": 0.2 }} ] }},
    "objective": {{ "type": "mse", "region": "out" }},
    "learning": {{ "rules": {{ "r": {{ "plugin": "backprop", "rate": 1 }} }} }},
    "task": {{ "stimuli": {{ "inputs": [[0], [0]], "targets": [[1, -1, 0.5], [0.3, 0.6, -0.8]] }}, "batch": 2,
              "trial": [ {{ "phase": "run", "duration": 60, "objective": true, "plastic": true }} ] }} }})",
                     cells.dynamics, cells.reset_slope, cells.surrogate, cells.joined, cells.jump);
}

// Spikes come by all four kinds of receptors, each with a weight that learns; a rate neuron hears the potential.
std::string silent_circuit(const std::string &dynamics, const std::string &integrator, double step) {
  return fmt::format(R"({{ "seed": 3, "time": {{ "step": {2}, "integrator": "{1}" }}, "architecture": {{ "regions": {{
      "in": {{ "size": 5, "dynamics": {{ "type": "poisson", "rate": 60 }} }},
      "cell": {{ "size": 2, "bias": 5, "dynamics": {{ {0} }}, "receptors": {{
          "d": "delta", "e": {{ "type": "exponential", "tau": 4 }}, "a": {{ "type": "conductance_alpha", "tau": 5, "reversal": 0 }},
          "i": {{ "type": "conductance_exponential", "tau": 8, "reversal": -80 }} }} }},
      "out": {{ "size": 1, "dynamics": {{ "type": "leaky_rate", "tau": 8, "activation": "tanh" }} }} }},
    "projections": [
      {{ "name": "d", "from": "in", "to": "cell.d", "weights": 0.4, "delay": 1, "rule": "r" }},
      {{ "name": "e", "from": "in", "to": "cell.e", "weights": 6, "delay": {{ "axonal": 2, "dendritic": 1 }}, "rule": "r" }},
      {{ "name": "a", "from": "in", "to": "cell.a", "weights": 0.1, "delay": 1, "rule": "r" }},
      {{ "name": "i", "from": "in", "to": "cell.i", "weights": 0.5, "delay": 1, "rule": "r" }},
      {{ "name": "soma", "from": "out", "to": "cell", "weights": 15, "rule": "r" }},
      {{ "name": "out", "from": "cell.potential", "to": "out", "weights": 0.007 }} ] }},
    "objective": {{ "type": "mse", "region": "out" }},
    "learning": {{ "rules": {{ "r": {{ "plugin": "backprop" }} }} }},
    "task": {{ "stimuli": {{ "inputs": [[0], [0]], "targets": [[0.4], [-0.2]] }}, "batch": 2,
              "trial": [ {{ "phase": "run", "duration": 60, "objective": true, "plastic": true }} ] }} }})",
                     dynamics, integrator, step);
}

} // namespace

TEST_CASE("a leaky integrate-and-fire neuron as a plugin has the gradient of the built-in",
          "[dynamics][plugins][gradient]") {
  // The steps of both are exact, written in another order of sums. A spike adds to the built-in's threshold after the
  // step's decay, and to the plugin's before it.
  const double beta = 0.4, decay = std::exp(-1.0 / 50);
  struct Case {
    std::string built_in, plugin, reset_slope, surrogate;
    bool adapts;
  };
  for (const auto &[built_in, plugin, reset_slope, surrogate, adapts] :
       {Case{R"("reset_by": "value", "reset": -0.2, "refractory": 2)", R"("reset": -0.2, "refractory": 2)", "none",
             "triangle", false},
        Case{R"("reset_by": "subtraction", "refractory": 0)", R"("subtract": 1, "refractory": 0)", "surrogate",
             "fast_sigmoid", false},
        Case{R"("reset_by": "value", "reset": -0.2, "refractory": 0)", R"("reset": -0.2, "refractory": 0)", "surrogate",
             "triangle", true},
        Case{R"("reset_by": "subtraction", "refractory": 3)", R"("subtract": 1, "refractory": 3)", "surrogate",
             "triangle", true}})
    for (const std::string joined : {"hidden", "hidden.d"}) {
      INFO(built_in << " " << reset_slope << " " << joined);
      const auto adaptation = [&](double by) {
        return adapts ? fmt::format(R"(, "adaptation": {:.17g}, "adaptation_tau": 50)", by) : std::string();
      };
      GradientRun one(
          gradient_circuit({R"("type": "lif", )" + built_in + adaptation(beta), reset_slope, surrogate, joined}));
      GradientRun other(gradient_circuit(
          {R"("type": "lif_again", )" + plugin + adaptation(beta / decay), reset_slope, surrogate, joined}));
      for (const std::size_t projection : {0, 2}) {
        const arma::vec expected = one.change(projection), seen = other.change(projection);
        REQUIRE(arma::norm(expected) > 1e-4);
        CHECK(arma::norm(seen - expected) < 1e-10 * arma::norm(expected));
      }
    }
}

TEST_CASE("through exponential currents a plugin's gradient comes to that of lif as steps shrink",
          "[dynamics][plugins][gradient]") {
  // lif integrates a decaying current through the step, a plugin takes its mean. With a = h / tau and b = h / tau_s a
  // unit of the current moves lif by h e^(−(a + b) / 2) (1 + (a − b)² / 24 + …), and the plugin by h e^(−(a + b) / 2)
  // (1 + a² / 24) (1 + b² / 24) …: by a share h² / (12 tau tau_s) further. Without a spike potentials are linear in the
  // weights. So the output's error, in which the targets are small, and its slope by a weight both grow by this share.
  const auto gradient = [](const std::string &type, double step) {
    auto text = gradient_circuit({fmt::format(R"("type": "{}")", type), "none", "triangle", "hidden.i"});
    text.replace(text.find(R"("threshold": 1,)"), 15, R"("threshold": 1e5,)");
    text.replace(text.find(R"("step": 1)"), 9, fmt::format(R"("step": {})", step));
    text.replace(text.find(R"("to": "hidden",)"), 15, R"("to": "hidden.i",)");
    text.replace(text.find(R"("from": "in.spike")"), 18, R"("from": "in.spike", "delay": 2)");
    return GradientRun(text).change(0);
  };
  const auto apart = [&](double step) {
    const arma::vec expected = gradient("lif", step);
    REQUIRE(arma::norm(expected) > 1e-4);
    return arma::norm(gradient("lif_again", step) - expected) / arma::norm(expected);
  };
  const double coarse = apart(1), fine = apart(0.5);
  CHECK(coarse == Approx(2.0 / (12 * 20 * 5)).epsilon(0.02));
  CHECK(fine == Approx(coarse / 4).epsilon(0.02));
}

TEST_CASE("the gradient through a plugin's neurons that do not spike is that of finite differences",
          "[dynamics][plugins][gradient]") {
  struct Case {
    std::string dynamics, integrator;
    double step;
  };
  for (const auto &[dynamics, integrator, step] :
       {Case{R"("type": "adex_again")", "runge_kutta4", 0.5}, Case{R"("type": "adex_again")", "euler", 0.5},
        Case{R"("type": "quadratic_integrate_fire", "rest": -66)", "modified_midpoint", 0.5},
        Case{R"("type": "glif", "surrogate_width": 1)", "runge_kutta4", 0.5}}) {
    INFO(dynamics << " by " << integrator);
    GradientRun c(silent_circuit(dynamics, integrator, step));
    for (const std::size_t projection : {0, 1, 2, 3}) {
      const double exact = -arma::accu(c.change(projection));
      auto &weights = *c.network.sparse_at(projection)->synapses.weights;
      const auto before = weights;
      const double h = 1e-3 * std::abs(before[0]);
      const auto at = [&](double by) {
        for (std::size_t k = 0; k < weights.size(); ++k) weights[k] = before[k] + by;
        return c.loss();
      };
      const double numeric = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
      weights = before;
      REQUIRE(std::abs(exact) > 1e-7);
      CHECK(numeric == Approx(exact).epsilon(1e-6));
    }
  }
}

TEST_CASE("the gradient through a plugin's spikes has the same bits at any number of threads, and with checkpoints",
          "[dynamics][plugins][gradient]") {
  const auto text = gradient_circuit({R"("type": "lif_again")", "surrogate", "triangle", "hidden.i"});
  const arma::vec one = GradientRun(text).change(2), two = GradientRun(text, 2).change(2);
  REQUIRE(arma::norm(one) > 1e-4);
  CHECK(arma::all(one == two));
  auto checkpoints = text;
  checkpoints.replace(checkpoints.find(R"("plugin": "backprop")"), 20,
                      R"("plugin": "backprop", "parameters": { "memory": "sqrt" })");
  CHECK(arma::all(GradientRun(checkpoints).change(2) == one));
}
