// The gradient goes through the spikes of a plugin's neurons by surrogate slopes, as through those of the built-in lif,
// and exactly through all that is smooth.
#include "catch.hpp"
#include "spike_gradient.hpp"

#include <fmt/format.h>

#include <cmath>

using namespace engram;
using spike_gradient::learning_circuit;
using spike_gradient::silent_circuit;
using spike_gradient::unit_membrane;
using SpikeGradient = spike_gradient::Run;

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
      SpikeGradient one(learning_circuit(
          {unit_membrane("lif") + ", " + built_in + adaptation(beta), reset_slope, surrogate, joined}));
      SpikeGradient other(learning_circuit(
          {unit_membrane("lif_again") + ", " + plugin + adaptation(beta / decay), reset_slope, surrogate, joined}));
      CHECK(spike_gradient::changes_apart(one, other) < 1e-10);
    }
}

TEST_CASE("through exponential currents a plugin's gradient comes to that of lif as steps shrink",
          "[dynamics][plugins][gradient]") {
  // lif integrates a decaying current through the step, a plugin takes its mean. With a = h / tau and b = h / tau_s a
  // unit of the current moves lif by h e^(−(a + b) / 2) (1 + (a − b)² / 24 + …), and the plugin by h e^(−(a + b) / 2)
  // (1 + a² / 24) (1 + b² / 24) …: by a share h² / (12 tau tau_s) further. Without a spike potentials are linear in the
  // weights. So the output's error, in which the targets are small, and its slope by a weight both grow by this share.
  const auto gradient = [](const std::string &type, double step) {
    auto text = learning_circuit({unit_membrane(type), "none", "triangle", "hidden.i"});
    text.replace(text.find(R"("threshold": 1,)"), 15, R"("threshold": 1e5,)");
    text.replace(text.find(R"("step": 1)"), 9, fmt::format(R"("step": {})", step));
    text.replace(text.find(R"("to": "hidden",)"), 15, R"("to": "hidden.i",)");
    text.replace(text.find(R"("from": "in.spike")"), 18, R"("from": "in.spike", "delay": 2)");
    return SpikeGradient(text).change(0);
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
    SpikeGradient c(silent_circuit(dynamics, integrator, step));
    for (const std::size_t projection : {0, 1, 2, 3}) {
      const double exact = arma::accu(c.change(projection)), numeric = c.change_by_differences(projection);
      REQUIRE(std::abs(exact) > 1e-7);
      CHECK(numeric == Approx(exact).epsilon(1e-6));
    }
  }
}

TEST_CASE("the gradient through a plugin's spikes has the same bits at any number of threads, and with checkpoints",
          "[dynamics][plugins][gradient]") {
  const auto text = learning_circuit({unit_membrane("lif_again"), "surrogate", "triangle", "hidden.i"});
  const arma::vec one = SpikeGradient(text).change(2), two = SpikeGradient(text, 2).change(2);
  REQUIRE(arma::norm(one) > 1e-4);
  CHECK(arma::all(one == two));
  auto checkpoints = text;
  checkpoints.replace(checkpoints.find(R"("plugin": "backprop")"), 20,
                      R"("plugin": "backprop", "parameters": { "memory": "sqrt" })");
  CHECK(arma::all(SpikeGradient(checkpoints).change(2) == one));
}
