// The drive of a neuron is the potential that it would have if it had never spiked.
#include "catch.hpp"
#include "spiking.hpp"

#include <fmt/format.h>

#include <cmath>

using namespace engram;

namespace {

// 20 cells that hear Poisson noise through receptors of every kind, or of some.
std::string noisy_cells(const std::string &receptors, double threshold) {
  return fmt::format(R"({{ "seed": 4, "time": {{ "step": 0.5 }}, "architecture": {{ "regions": {{
      "cell": {{ "size": 20, "noise": {{ "type": "gaussian", "sd": 200 }}, "initial": {{ "uniform": {{ "low": -70, "high": -55 }} }},
                 "dynamics": {{ "type": "lif", "tau": 15, "capacitance": 150, "threshold": {1}, "adaptation": 0.5,
                                "refractory": {{ "uniform": {{ "low": 0, "high": 5 }} }} }},
                 "receptors": {{ {0} }} }} }} }},
    "task": {{ "trial": [ {{ "phase": "run", "duration": 150 }} ] }} }})",
                     receptors, threshold);
}

// The record of a circuit's first region, by step.
struct Watched final : simulation::Observer<double> {
  std::vector<arma::mat> potential, drive;
  std::size_t spikes = 0;
  void step(std::size_t, const network::Signals<double> &s) override {
    potential.push_back(s[0][network::Signal::potential]);
    drive.push_back(s[0][network::Signal::drive]);
    for (const auto &list : *s[0].spikes) spikes += list.size();
  }
};

Watched watch(const std::string &text, bool drive = true) {
  spiking::Circuit<> c(text);
  std::vector<dynamics::SignalSet> wanted(1);
  wanted[0].set(static_cast<std::size_t>(network::Signal::potential));
  if (drive) wanted[0].set(static_cast<std::size_t>(network::Signal::drive));
  simulation::Simulator<double> simulator(c.model, c.network, c.trials, c.rules, wanted, 1);
  Watched seen;
  simulator.run({{0}, 0, false}, &seen);
  return seen;
}

} // namespace

TEST_CASE("the drive is the potential of the same neuron whose threshold is never reached", "[spiking][drive]") {
  const std::string
      delta = R"("d": { "type": "delta", "background_rate": 800, "background_weight": 2 })",
      exponential = R"("e": { "type": "exponential", "tau": 4, "background_rate": 900, "background_weight": 80 })",
      alpha = R"("a": { "type": "alpha", "tau": 3, "background_rate": 500, "background_weight": 60 })",
      ampa =
          R"("g": { "type": "conductance_exponential", "tau": 4, "reversal": 0, "background_rate": 900, "background_weight": 2 })",
      gaba =
          R"("h": { "type": "conductance_alpha", "tau": 5, "reversal": -80, "background_rate": 300, "background_weight": 1 })";
  for (const auto &receptors : {delta + ", " + exponential + ", " + alpha, ampa, ampa + ", " + gaba + ", " + delta,
                                exponential + ", " + ampa}) {
    INFO(receptors);
    const auto spikes = watch(noisy_cells(receptors, -50)), never = watch(noisy_cells(receptors, 1e9));
    CHECK(spikes.spikes > 20);
    double worst = 0, apart = 0;
    for (std::size_t k = 0; k < never.potential.size(); ++k) {
      worst = std::max(worst, arma::abs(spikes.drive[k] - never.potential[k]).max());
      apart = std::max(apart, arma::abs(never.drive[k] - never.potential[k]).max());
    }
    CHECK(worst < 1e-11);
    CHECK(apart < 1e-11);
  }
  // To read it changes nothing.
  const auto text = noisy_cells(ampa, -50);
  CHECK(arma::approx_equal(watch(text, false).potential.back(), watch(text).potential.back(), "absdiff", 0));
}

TEST_CASE("the gradient through a drive is that of finite differences, though the neuron spikes", "[spiking][drive]") {
  // Onto the soma, and onto receptors that are jumps, exponential and alpha currents.
  const std::string receptor =
      GENERATE(std::string(""), std::string("delta"), std::string("exponential"), std::string("alpha"));
  INFO(receptor);
  const std::string receptors =
      receptor.empty()
          ? ""
          : R"(, "receptors": { "r": )" +
                (receptor == "delta" ? R"("delta")" : R"({ "type": ")" + receptor + R"(", "tau": 4 })") + " }";
  const std::string from = receptor.empty() ? "in.spike" : "in", to = receptor.empty() ? "cell" : "cell.r";
  const auto text = [&](double w) {
    return fmt::format(R"({{ "seed": 3, "time": {{ "step": 1 }}, "architecture": {{ "regions": {{
      "in": {{ "size": 1, "dynamics": {{ "type": "poisson", "rate": 200 }} }},
      "cell": {{ "size": 1, "dynamics": {{ "type": "lif", "tau": 15, "capacitance": 1, "rest": 0, "reset": 0, "threshold": 1 }}{} }},
      "out": {{ "size": 1, "dynamics": {{ "type": "static", "activation": "tanh" }} }} }},
    "projections": [
      {{ "from": "{}", "to": "{}", "weights": {}, "rule": "r" }},
      {{ "from": "cell.drive", "to": "out", "weights": 0.2 }} ] }},
    "objective": {{ "type": "mse", "region": "out" }},
    "learning": {{ "rules": {{ "r": {{ "plugin": "backprop" }} }} }},
    "task": {{ "stimuli": {{ "inputs": [[0]], "targets": [[0.4]] }},
              "trial": [ {{ "phase": "run", "duration": 80, "objective": true, "plastic": true }} ] }} }})",
                       receptors, from, to, w);
  };
  const auto loss = [&](double w) {
    spiking::Circuit<> c(text(w));
    return c.simulator->measure({{0}, 0, true}).losses[0];
  };
  spiking::Circuit<> c(text(0.8));
  c.simulator->measure({{0}, 0, true});
  const double h = 1e-4, numeric = (loss(0.8 + h) - loss(0.8 - h)) / (2 * h);
  REQUIRE(std::abs(numeric) > 1e-3);
  CHECK(-c.simulator->plasticity().change(0)(0, 0) == Approx(numeric).epsilon(1e-6));
  c.run();
  CHECK(!c.spikes["cell"].empty());
}

TEST_CASE("neurons whose equation is not linear have no drive", "[spiking][drive]") {
  const auto offers = [](const std::string &dynamics) {
    for (const auto &entry : spiking::vocabulary().dynamics)
      if (entry.name == dynamics)
        for (const auto &signal : entry.signals)
          if (signal.name == "drive") return true;
    return false;
  };
  CHECK(offers("lif"));
  for (const char *other : {"adex", "izhikevich", "hodgkin_huxley", "poisson", "spike_source", "leaky_rate"})
    CHECK(!offers(other));
}
