// The gradient goes through the spikes of neurons by equations as through those of the same neurons built in, or as
// plugins.
#include "catch.hpp"
#include "equations.hpp"
#include "spike_gradient.hpp"

#include <fmt/format.h>

#include <cmath>

using namespace engram;
using spike_gradient::learning_circuit;
using spike_gradient::silent_circuit;
using spike_gradient::unit_membrane;
using SpikeGradient = spike_gradient::Run;

namespace {

// As unit_membrane(), with the threshold's adaptation. `reset`: the potential after a spike.
std::string membrane_by_equations(const std::string &reset, double adaptation, int refractory) {
  return fmt::format(R"json("type": "equations",
      "states": {{ "v": {{ "slope": "(rest - v)/tau + I/C", "initial": "rest" }}, "theta": "-theta/tau_theta" }},
      "parameters": {{ "tau": 20, "C": 1, "rest": 0, "top": 1, "low": -0.2, "tau_theta": 50, "raise": {:.17g} }},
      "threshold": "top + theta", "reset": {{ "v": "{}", "theta": "theta + raise" }}, "refractory": {})json",
                     adaptation, reset, refractory);
}

// adex_again, with its own units or others.
std::string adex_by_equations(const std::string &parameters) {
  return R"json("type": "equations", "states": {
      "v": { "slope": "(g*(E - v) + g*min(slope*exp(min((v - VT)/slope, 80)), 1e7) - w + I)/C", "initial": "E" },
      "w": "(a*(v - E) - w)/tau_w" }, "threshold": "peak", "reset": { "v": "low", "w": "w + b" }, "parameters": )json" +
         parameters;
}

} // namespace

TEST_CASE("a leaky integrate-and-fire neuron by equations has the gradient of the built-in",
          "[dynamics][equations][gradient]") {
  // The steps of both are exact. A spike adds to the built-in's threshold after the step's decay, and here before it.
  const double beta = 0.4, decay = std::exp(-1.0 / 50);
  struct Case {
    std::string built_in, reset, reset_slope, surrogate;
    double adaptation;
    int refractory;
  };
  for (const auto &[built_in, reset, reset_slope, surrogate, adaptation, refractory] :
       {Case{R"("reset_by": "value", "reset": -0.2)", "low", "none", "triangle", 0, 2},
        Case{R"("reset_by": "subtraction")", "v - (top - rest)", "surrogate", "fast_sigmoid", 0, 0},
        Case{R"("reset_by": "value", "reset": -0.2)", "low", "surrogate", "triangle", beta, 0},
        Case{R"("reset_by": "subtraction")", "v - (top - rest)", "none", "fast_sigmoid", beta, 3}})
    for (const std::string joined : {"hidden", "hidden.d"}) {
      INFO(built_in << " " << reset_slope << " " << joined);
      SpikeGradient one(
          learning_circuit({unit_membrane("lif") + ", " + built_in +
                                fmt::format(R"(, "refractory": {}, "adaptation": {:.17g}, "adaptation_tau": 50)",
                                            refractory, adaptation),
                            reset_slope, surrogate, joined}));
      SpikeGradient other(learning_circuit(
          {membrane_by_equations(reset, adaptation / decay, refractory), reset_slope, surrogate, joined}));
      CHECK(spike_gradient::changes_apart(one, other) < 1e-10);
    }
}

TEST_CASE("an adaptive exponential neuron by equations has the gradient of the plugin",
          "[dynamics][equations][gradient]") {
  const std::string small = R"({ "C": 20, "g": 1, "E": 0, "slope": 0.2, "VT": 1, "tau_w": 50, "a": 0.05, "b": 0.1,
      "low": -0.1, "peak": 2 })",
                    plugin = R"("type": "adex_again", "capacitance": 20, "leak": 1, "rest": 0, "slope": 0.2,
      "threshold": 1, "tau_w": 50, "a": 0.05, "b": 0.1, "reset": -0.1, "peak": 2)";
  for (const std::string integrator : {"runge_kutta4", "euler", "controlled_dopri5"})
    for (const std::string reset_slope : {"none", "surrogate"}) {
      INFO(integrator << " " << reset_slope);
      const auto change = [&](const std::string &cells, std::size_t projection) {
        auto text = learning_circuit({cells, reset_slope, "fast_sigmoid", "hidden.i"});
        text.replace(text.find(R"("step": 1)"), 9, R"("step": 1, "integrator": ")" + integrator + "\"");
        text.replace(text.find(R"("mean": 0.25)"), 12, R"("mean": 0.6)");
        return SpikeGradient(text).change(projection);
      };
      for (const std::size_t projection : {0, 2}) {
        const arma::vec expected = change(plugin + R"(, "refractory": 1)", projection),
                        seen = change(adex_by_equations(small) + R"(, "refractory": 1)", projection);
        REQUIRE(arma::norm(expected) > 1e-4);
        // Rounding chooses other substeps, where an estimate of the error does.
        CHECK(arma::norm(seen - expected) < (integrator == "controlled_dopri5" ? 1e-6 : 1e-9) * arma::norm(expected));
      }
    }
}

TEST_CASE("the gradient through neurons by equations that do not spike is that of finite differences",
          "[dynamics][equations][gradient]") {
  const std::string adex = adex_by_equations(R"({ "C": 281, "g": 30, "E": -70.6, "slope": 2, "VT": -50.4, "tau_w": 144,
      "a": 4, "b": 80.5, "low": -70.6, "peak": 20 })"),
                    crossing = R"json("type": "equations", "threshold": "20", "parameters": { "C": 100, "E": -65 },
      "states": { "v": { "slope": "(5*(E - v) + 40*n*(-50 - v) + I)/C", "initial": "E" },
                  "n": "(sigmoid((v + 60)/4) - n)/7" })json";
  for (const auto &[dynamics, integrator] :
       {std::pair{adex, "runge_kutta4"}, std::pair{adex, "euler"}, std::pair{crossing, "modified_midpoint"}}) {
    INFO(dynamics << " by " << integrator);
    SpikeGradient c(silent_circuit(dynamics, integrator, 0.5));
    for (const std::size_t projection : {0, 1, 2, 3}) {
      const double exact = arma::accu(c.change(projection));
      REQUIRE(std::abs(exact) > 1e-7);
      CHECK(c.change_by_differences(projection) == Approx(exact).epsilon(1e-6));
    }
  }
}

TEST_CASE("the gradient through the spikes of equations has the same bits at any number of threads",
          "[dynamics][equations][gradient]") {
  auto text = learning_circuit({membrane_by_equations("low", 0.1, 1), "surrogate", "triangle", "hidden.i"});
  text.replace(text.find(R"("size": 7)"), 9, R"("size": 300)"); // more than one block
  const arma::vec one = SpikeGradient(text).change(2), two = SpikeGradient(text, 2).change(2);
  REQUIRE(arma::norm(one) > 1e-4);
  CHECK(arma::all(one == two));
}

TEST_CASE("a neuron by equations that spikes reads the current into its apical compartment",
          "[dynamics][equations][gradient]") {
  // v' = (−v + I + 3 apical) / tau: 2 at the apical compartment is as 6 at the soma.
  const auto end = [](const std::string &to, double weight) {
    return SpikeGradient(fmt::format(R"json({{ "time": {{ "step": 0.5 }}, "architecture": {{ "regions": {{
        "in": {{ "size": 1, "dynamics": "input" }},
        "hidden": {{ "size": 2, "dynamics": {{ "type": "equations", "threshold": "100", "reset": "0",
            "parameters": {{ "tau": 9 }}, "states": {{ "v": {{ "slope": "(-v + I + 3*apical)/tau", "initial": 0 }} }} }} }},
        "out": {{ "size": 1, "dynamics": {{ "type": "static", "activation": "linear" }} }} }},
      "projections": [ {{ "from": "in", "to": "hidden.{}", "weights": {}, "rule": "r" }},
                       {{ "from": "hidden.potential", "to": "out", "weights": 1 }} ] }},
      "objective": {{ "type": "mse", "region": "out" }},
      "learning": {{ "rules": {{ "r": {{ "plugin": "backprop" }} }} }},
      "task": {{ "stimuli": {{ "inputs": [[1], [2]], "targets": [[0], [0]] }}, "batch": 2,
                "trial": [ {{ "phase": "run", "duration": 20, "stimulus": "in", "objective": true, "plastic": true }} ] }} }})json",
                                     to, weight));
  };
  auto soma = end("soma", 6), apical = end("apical", 2);
  REQUIRE(soma.loss() > 1);
  CHECK(apical.loss() == Approx(soma.loss()).epsilon(1e-12));
  const arma::vec expected = 3 * soma.change(0), seen = apical.change(0);
  CHECK(arma::norm(seen - expected) < 1e-11 * arma::norm(expected));
}

TEST_CASE("e-prop wants the same of neurons by equations, and of plugins, as of the built-in lif",
          "[dynamics][equations][plugins]") {
  const auto change = [](const std::string &net, std::size_t projection) {
    return SpikeGradient(fmt::format(R"json({{ "seed": 5, "time": {{ "step": 1 }}, "architecture": {{ "regions": {{
        "in": {{ "size": 9, "dynamics": {{ "type": "poisson", "rate": 90 }} }},
        "net": {{ "size": 3, "dynamics": {{ {}, "surrogate_width": 1 }} }},
        "out": {{ "size": 2, "dynamics": {{ "type": "leaky_rate", "tau": 15, "activation": "linear" }} }} }},
      "projections": [
        {{ "from": "in.spike", "to": "net", "weights": {{ "normal": {{ "mean": 0.25, "sd": 0.3 }} }}, "rule": "e" }},
        {{ "from": "net.spike", "to": "net", "weights": {{ "normal": {{ "gain": 1 }} }}, "rule": "e" }},
        {{ "from": "net.spike", "to": "out", "weights": {{ "normal": {{ "gain": 9 }} }} }},
        {{ "from": "out.error", "to": "net.apical", "weights": {{ "normal": {{ "gain": 1 }} }} }} ] }},
      "objective": {{ "type": "mse", "region": "out" }},
      "learning": {{ "rules": {{ "e": {{ "plugin": "e_prop", "parameters": {{ "tau": 20, "adaptation_tau": 70 }} }} }} }},
      "task": {{ "stimuli": {{ "inputs": [[0], [0]], "targets": [[1, -1], [0.3, -0.6]] }}, "batch": 2,
                "trial": [ {{ "phase": "write", "duration": 80, "objective": true, "plastic": true }} ] }} }})json",
                                     net))
        .change(projection);
  };
  const double decay = std::exp(-1.0 / 70);
  const std::string raised = fmt::format("[0, {:.17g}, {:.17g}]", 0.3 / decay, 0.5 / decay),
                    built_in = unit_membrane("lif") + R"(, "reset_by": "subtraction", "refractory": 2,
      "adaptation": [0, 0.3, 0.5], "adaptation_tau": 70)",
                    plugin = unit_membrane("lif_again") + R"(, "subtract": 1, "refractory": 2, "adaptation_tau": 70,
      "adaptation": )" + raised,
                    own = R"json("type": "equations",
      "states": { "v": { "slope": "-v/20 + I", "initial": 0 }, "theta": "-theta/70" }, "refractory": 2,
      "parameters": { "raise": )json" +
                          raised + R"json( }, "threshold": "1 + theta",
      "reset": { "v": "v - 1", "theta": "theta + raise" })json";
  for (const std::size_t projection : {0, 1}) {
    const arma::vec expected = change(built_in, projection);
    REQUIRE(arma::norm(expected) > 1e-4);
    CHECK(arma::norm(change(plugin, projection) - expected) < 1e-10 * arma::norm(expected));
    CHECK(arma::norm(change(own, projection) - expected) < 1e-10 * arma::norm(expected));
  }
}

TEST_CASE("a threshold that stays has no adaptation, in single precision too", "[dynamics][equations][e_prop]") {
  struct Greatest final : simulation::Observer<float> {
    double adaptation = 0;
    std::size_t spikes = 0;
    void step(std::size_t, const network::Signals<float> &signals) override {
      spikes += (*signals[0].spikes)[0].size();
      adaptation = std::max(adaptation, double(arma::abs(signals[0][network::Signal::adaptation]).max()));
    }
  };
  for (int k = 0; k < 12; ++k) {
    const auto text = equations::model_of(
        fmt::format(R"json({{ "type": "equations", "threshold": {}, "reset": {}, "surrogate_width": 1,
            "states": {{ "v": {{ "slope": "(I - v)/9", "initial": {} }} }} }})json",
                    1.337 + 7.3 * k, -3.21 - 1.7 * k, -1.1 * k),
        R"("size": 1, "bias": 200)");
    INFO(text);
    const auto model = model::load_text(text, "m.json", neurons::vocabulary());
    auto network = network::build<float>(model, {});
    auto data = task::load_trials(model, {ENGRAM_SOURCE_DIR "/models/data", {}});
    std::vector<dynamics::SignalSet> wanted(1);
    wanted[0].set(static_cast<std::size_t>(network::Signal::adaptation));
    simulation::Simulator<float> simulator(model, network, data, {}, wanted, 1, neurons::entries());
    Greatest seen;
    simulator.run({{0}, 0, false}, &seen);
    CHECK(seen.spikes > 0);
    CHECK(seen.adaptation == 0);
  }
}
