// These tests compare nonlinear neurons with solutions of high precision (tests/dynamics/reference/neurons.py: SciPy's
// DOP853 at 1e-12).
#include "catch.hpp"
#include "rules/clopath.hpp"
#include "spiking.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <fstream>

namespace {

nlohmann::json reference(const std::string &name) {
  std::ifstream file(ENGRAM_SOURCE_DIR "/tests/dynamics/reference/neurons.json");
  return nlohmann::json::parse(file).at(name);
}

std::string cell(const std::string &dynamics, double current, double initial, double step) {
  return fmt::format(R"({{ "time": {{ "step": {}, "integrator": "runge_kutta4" }}, "architecture": {{ "regions": {{
      "cell": {{ "size": 1, "bias": {}, "initial": {}, "dynamics": {} }} }} }},
      "task": {{ "trial": [ {{ "phase": "run", "duration": 200 }} ] }} }})",
                     step, current, initial, dynamics);
}

// Each spike is seen at the end of its step, and a reset begins the next interval so much later.
void check(const std::string &name, const std::string &dynamics, double current, double initial, double step) {
  INFO(name);
  spiking::Circuit<> c(cell(dynamics, current, initial, step), {"cell"});
  const auto times = c.run().train("cell");
  const auto expected = reference(name);
  const auto spikes = expected.at("spikes").get<std::vector<double>>();
  REQUIRE(times.size() == spikes.size());
  for (std::size_t k = 0; k < spikes.size(); ++k)
    CHECK(times[k] == Approx(spikes[k]).margin(1.5 * step * static_cast<double>(k + 1)));
  const double first = spikes.empty() ? 1e9 : spikes[0];
  for (std::size_t ms = 0; ms < expected.at("v").size(); ++ms) {
    if (static_cast<double>(ms) > first - 0.5) break; // the upstroke magnifies any error
    const auto at = static_cast<std::size_t>(std::llround(static_cast<double>(ms) / step));
    CHECK(c.potential["cell"][at](0, 0) == Approx(expected.at("v")[ms].get<double>()).margin(1e-4));
  }
}

} // namespace

TEST_CASE("an adaptive exponential neuron spikes when its equations say so", "[spiking]") {
  const std::string adex = R"({"type": "adex", "peak": -30})";
  check("adex_600", adex, 600, -70.6, 0.01);
  check("adex_1000", adex, 1000, -70.6, 0.01);
}

TEST_CASE("the squid's axon spikes when its equations say so", "[spiking]") {
  check("hodgkin_huxley_1000", R"("hodgkin_huxley")", 1000, -65, 0.01);
  check("hodgkin_huxley_200", R"("hodgkin_huxley")", 200, -65, 0.01);
}

TEST_CASE("the classes of Izhikevich's neuron spike in their patterns", "[spiking]") {
  const auto dynamics = [](double a, double b, double c, double d) {
    return fmt::format(R"({{"type": "izhikevich", "a": {}, "b": {}, "c": {}, "d": {}}})", a, b, c, d);
  };
  check("izhikevich_rs", dynamics(0.02, 0.2, -65, 8), 10, -65, 0.01);
  check("izhikevich_ib", dynamics(0.02, 0.2, -55, 4), 10, -65, 0.01);
  check("izhikevich_ch", dynamics(0.02, 0.2, -50, 2), 10, -65, 0.01);
  check("izhikevich_fs", dynamics(0.1, 0.2, -65, 2), 10, -65, 0.01);
}

TEST_CASE("fewer steps of a better stepper find the same spikes", "[spiking]") {
  // Of order 4 and 5: at a step of 0.05 ms the potential before the first spike differs by less than 1e-5 mV.
  const auto v = [](const std::string &integrator) {
    auto text = cell(R"("hodgkin_huxley")", 200, -65, 0.05);
    text.replace(text.find("runge_kutta4"), 12, integrator);
    spiking::Circuit<> c(text, {"cell"});
    c.run();
    arma::vec out(1000);
    for (std::size_t k = 0; k < out.n_elem; ++k) out[k] = c.potential["cell"][k](0, 0);
    return out;
  };
  CHECK(arma::abs(v("runge_kutta4") - v("runge_kutta_dopri5")).max() < 1e-5);
  CHECK(arma::abs(v("euler") - v("runge_kutta_dopri5")).max() > 1e-3);
}

TEST_CASE("a receptor that is faster than the step gives its whole charge", "[spiking]") {
  // A spike of 20 pA or nS onto a cell so large that it hardly moves: long after, the potential is ∫ I(s) e^{−(t −
  // s)/20} ds / C, which is 20 τ / (1 − τ/20) e^{−t/20} / C, of alpha 20 e τ / (1 − τ/20)² e^{−t/20} / C, and of
  // conductances 70 mV times that. When within the step the charge comes moves it by 2 % at most: half a step of the 20
  // ms.
  for (const std::string dynamics :
       {R"("type": "lif", "tau": 20, "capacitance": 2.5e5)", R"("type": "adex", "capacitance": 2.5e5, "leak": 1.25e4,
           "slope": 0, "peak": 2000, "a": 0, "b": 0)"})
    for (const std::string kind : {"exponential", "alpha", "conductance_exponential", "conductance_alpha"})
      for (const double tau : {0.1, 0.2, 0.5, 1.0}) {
        INFO(dynamics << ", " << kind << " of " << tau << " ms");
        spiking::Circuit<> c(fmt::format(R"({{ "time": {{ "step": 1 }}, "architecture": {{ "regions": {{
            "in": {{ "size": 1, "dynamics": "spike_source", "spikes": [[0]] }},
            "cell": {{ "size": 1, "dynamics": {{ {}, "rest": -70, "threshold": 1000 }},
                       "receptors": {{ "r": {{ "type": "{}", "tau": {}{} }} }} }} }},
            "projections": [ {{ "from": "in", "to": "cell.r", "weights": 20 }} ] }},
            "task": {{ "trial": [ {{ "phase": "run", "duration": 31 }} ] }} }})",
                                         dynamics, kind, tau, kind.starts_with("cond") ? R"(, "reversal": 0)" : ""),
                             {"cell"});
        c.run();
        const double late = 1 / (1 - tau / 20), driving = kind.starts_with("cond") ? 70 : 1;
        const double charge = 20 * tau * driving * (kind.ends_with("alpha") ? std::exp(1.0) * late * late : late);
        CHECK(c.potential["cell"][30](0, 0) + 70 == Approx(charge / 2.5e5 * std::exp(-30.0 / 20)).epsilon(0.025));
      }
}

TEST_CASE("what is drawn must fit together as what is written must", "[spiking][model]") {
  const auto refused = [](const std::string &dynamics, double step, const std::string &because) {
    INFO(dynamics);
    CHECK_THROWS_WITH(spiking::Circuit<>(fmt::format(R"({{ "time": {{ "step": {} }}, "architecture": {{ "regions": {{
        "cells": {{ "size": 200, "dynamics": {} }} }} }},
        "task": {{ "trial": [ {{ "phase": "run", "duration": 10 }} ] }} }})",
                                                     step, dynamics)),
                      ContainsSubstring(because));
  };
  refused(R"({ "type": "lif", "threshold": { "normal": { "mean": -60, "sd": 10 } } })", 0.1,
          "which must be below its 'threshold'");
  refused(R"({ "type": "lif", "reset": { "uniform": { "low": -70, "high": -40 } } })", 0.1, "/dynamics/reset: neuron");
  refused(R"({ "type": "izhikevich", "c": { "uniform": { "low": -80, "high": 80 } } })", 0.1,
          "which must be below its 'peak'");
  // euler is stable below 2 tau: of 200 time constants of 10 ± 2.2 ms one lies below 2.5 ms.
  refused(R"({ "type": "leaky_rate", "tau": { "normal": { "mean": 10, "sd": 2.2 } } })", 5,
          "/time/step: a step of 5 ms is too long for what is drawn in 'cells'");
  CHECK_NOTHROW(
      spiking::Circuit<>(R"({ "time": { "step": 5, "integrator": "controlled_dopri5" }, "architecture": { "regions": {
      "cells": { "size": 200, "dynamics": { "type": "leaky_rate", "tau": { "normal": { "mean": 10, "sd": 2.2 } } } } } },
      "task": { "trial": [ { "phase": "run", "duration": 10 } ] } })"));
}

TEST_CASE("a spike leaves a current and a threshold behind, as the equations say", "[spiking]") {
  for (const int current : {600, 1000}) {
    INFO(current);
    const auto expected = clopath::reference().at("neuron_" + std::to_string(current));
    const auto spikes = expected.at("spikes").get<std::vector<double>>();
    const auto v = expected.at("v").get<std::vector<double>>();
    spiking::Circuit<> c(fmt::format(R"({{ "time": {{ "step": 0.01, "integrator": "runge_kutta4" }}, "architecture": {{
        "regions": {{ "cell": {{ "size": 1, "bias": {}, "dynamics": {} }} }} }},
        "task": {{ "trial": [ {{ "phase": "run", "duration": 300 }} ] }} }})",
                                     current, clopath::neuron),
                         {"cell"});
    const auto times = c.run().train("cell");
    REQUIRE(times.size() == spikes.size());
    for (std::size_t k = 0; k < times.size(); ++k)
      CHECK(times[k] == Approx(spikes[k]).margin(0.015 * static_cast<double>(k + 1)));
    // Away from upstrokes, which magnify any error, the potential is that of the reference: after spikes as well.
    std::size_t compared = 0;
    for (std::size_t ms = 0; ms < v.size(); ++ms) {
      const double t = static_cast<double>(ms);
      if (std::any_of(spikes.begin(), spikes.end(), [&](double s) { return t > s - 4 && t < s + 0.5; })) continue;
      if (std::any_of(spikes.begin(), spikes.end(), [&](double s) { return std::abs(t - s - 2) < 0.5; })) continue;
      // Each spike begins up to a step late, which the next intervals inherit; v' is at most 3 mV/ms here.
      const auto before = std::count_if(spikes.begin(), spikes.end(), [&](double s) { return s < t; });
      CHECK(c.potential["cell"][ms * 100](0, 0) == Approx(v[ms]).margin(1e-4 + 0.03 * static_cast<double>(before)));
      ++compared;
    }
    CHECK(compared > 150);
  }
}

TEST_CASE("a spike of a width holds the potential, and resets it at its end", "[spiking]") {
  spiking::Circuit<> c(R"({ "time": { "step": 0.5, "integrator": "runge_kutta4" }, "architecture": { "regions": {
      "force": { "size": 1, "dynamics": "spike_source", "spikes": [[10, 11, 12]] },
      "cell": { "size": 1, "dynamics": { "type": "adex", "spike_width": 2, "spike_height": 40, "reset": -60 },
                "receptors": { "force": "delta" } } },
      "projections": [ { "from": "force", "to": "cell.force", "weights": 200 } ] },
      "task": { "trial": [ { "phase": "run", "duration": 20 } ] } })",
                       {"cell"});
  CHECK(c.run().train("cell") == std::vector<double>{10.5}); // what arrives within the spike is lost
  const auto v = [&](double ms) { return c.potential["cell"][static_cast<std::size_t>(ms * 2)](0, 0); };
  CHECK(v(10) == Approx(-70.6).margin(0.01));
  for (const double ms : {10.5, 11.0, 11.5, 12.0}) CHECK(v(ms) == 40);
  CHECK(v(12.5) == -60);
  CHECK(v(13) < -60);
}
