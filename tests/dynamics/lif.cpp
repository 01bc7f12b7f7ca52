// These tests compare leaky integrate-and-fire neurons and their receptors with closed forms.
#include "catch.hpp"
#include "spiking.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numbers>

namespace {

// A source that spikes once, at 1 ms, onto a neuron that never does: tau 10 ms, capacitance 200 pF, rest −60 mV.
std::string one_spike(const std::string &receptor, double weight, const std::string &delay = "0", double step = 0.1) {
  return fmt::format(R"({{ "time": {{ "step": {} }}, "architecture": {{ "regions": {{
      "source": {{ "size": 1, "dynamics": "spike_source", "spikes": [[1.0]] }},
      "cell": {{ "size": 1, "dynamics": {{ "type": "lif", "tau": 10, "capacitance": 200, "rest": -60, "threshold": 1000 }},
                 "receptors": {{ "r": {} }} }} }},
    "projections": [ {{ "from": "source", "to": "cell.r", "weights": {}, "delay": {} }} ] }},
    "task": {{ "trial": [ {{ "phase": "run", "duration": 60 }} ] }} }})",
                     step, receptor, weight, delay);
}

// Greatest difference from a function of the time since the spike arrived.
template <class F> double greatest_error(const std::string &text, double arrival, F expected) {
  spiking::Circuit<> c(text, {"cell"});
  c.run();
  double worst = 0;
  for (std::size_t k = 0; k < c.potential["cell"].size(); ++k) {
    const double t = static_cast<double>(k) * c.model.time.step - arrival;
    const double v = c.potential["cell"][k](0, 0) + 60;
    worst = std::max(worst, std::abs(v - (t <= 1e-9 ? 0.0 : expected(t))));
  }
  return worst;
}

constexpr double tau_m = 10, capacitance = 200;

// The response to the current I₀ e^{−t/τ}: Rotter & Diesmann 1999, section 3.1.
double exponential_response(double t, double tau, double current) {
  return current / capacitance * tau * tau_m / (tau - tau_m) * (std::exp(-t / tau) - std::exp(-t / tau_m));
}

} // namespace

TEST_CASE("a postsynaptic potential of each current receptor is the closed form at every step", "[spiking]") {
  CHECK(greatest_error(one_spike(R"({"type": "exponential", "tau": 3})", 100), 1,
                       [](double t) { return exponential_response(t, 3, 100); }) < 1e-11);
  // τ = τ_m: I₀ / C t e^{−t/τ}
  CHECK(greatest_error(one_spike(R"({"type": "exponential", "tau": 10})", 100), 1,
                       [](double t) { return 100 / capacitance * t * std::exp(-t / tau_m); }) < 1e-11);
  // I = I₀ (t/τ) e^{1 − t/τ}: with a = 1/τ − 1/τ_m, V = I₀ e / (τ C) (e^{−t/τ_m} (1 − e^{−at}) / a² − t e^{−t/τ} / a).
  const auto alpha = [](double t) {
    const double tau = 3, a = 1 / tau - 1 / tau_m;
    return 100 * std::numbers::e / tau / capacitance *
           (std::exp(-t / tau_m) * (1 - std::exp(-a * t)) / (a * a) - t * std::exp(-t / tau) / a);
  };
  CHECK(greatest_error(one_spike(R"({"type": "alpha", "tau": 3})", 100), 1, alpha) < 1e-11);
  CHECK(greatest_error(one_spike(R"({"type": "delta"})", 2), 1, [](double t) { return 2 * std::exp(-t / tau_m); }) <
        1e-11);
}

TEST_CASE("a delay is exact to the step, whatever part of it is axon or dendrite", "[spiking]") {
  const auto response = [](double t) { return exponential_response(t, 3, 100); };
  const std::string r = R"({"type": "exponential", "tau": 3})";
  CHECK(greatest_error(one_spike(r, 100, "2.3"), 3.3, response) < 1e-11);
  CHECK(greatest_error(one_spike(r, 100, "0.1"), 1.1, response) < 1e-11);
  CHECK(greatest_error(one_spike(r, 100, R"({"axonal": 0.5, "dendritic": 1.8})"), 3.3, response) < 1e-11);
}

TEST_CASE("a conductance moves the potential as its differential equation says, to second order", "[spiking]") {
  // C v' = −C / τ_m (v − E_L) + g (E − v), g = w e^{−t/τ}: the reference is a Runge-Kutta solution at a step of 1e-4.
  const auto error = [](double step) {
    double v = 0, t = 0, worst = 0;
    spiking::Circuit<> c(one_spike(R"({"type": "conductance_exponential", "tau": 3, "reversal": 0})", 8, "0", step),
                         {"cell"});
    c.run();
    const auto slope = [](double x, double s) { return -x / tau_m + 8 * std::exp(-s / 3) * (60 - x) / capacitance; };
    const double h = 1e-3;
    for (std::size_t k = static_cast<std::size_t>(std::llround(1 / step)); k < c.potential["cell"].size(); ++k) {
      worst = std::max(worst, std::abs(c.potential["cell"][k](0, 0) + 60 - v));
      for (int n = 0; n < static_cast<int>(std::llround(step / h)); ++n, t += h) {
        const double k1 = slope(v, t), k2 = slope(v + h / 2 * k1, t + h / 2), k3 = slope(v + h / 2 * k2, t + h / 2),
                     k4 = slope(v + h * k3, t + h);
        v += h / 6 * (k1 + 2 * k2 + 2 * k3 + k4);
      }
    }
    return worst;
  };
  const double coarse = error(0.2), fine = error(0.1);
  CHECK(fine < 2e-4); // of 11 mV
  CHECK(std::log2(coarse / fine) == Approx(2).margin(0.1));
}

TEST_CASE("an alpha conductance has its peak of the weight at tau", "[spiking]") {
  // Of a neuron so large that its potential stays at rest, the current is g (E − v): V' = g · 60 / C.
  const auto text = R"({ "time": { "step": 0.1 }, "architecture": { "regions": {
      "source": { "size": 1, "dynamics": "spike_source", "spikes": [[1.0]] },
      "cell": { "size": 1, "dynamics": { "type": "lif", "tau": 1e9, "capacitance": 1e9, "rest": -60, "threshold": 1000 },
                "receptors": { "r": { "type": "conductance_alpha", "tau": 4, "reversal": 0 } } } },
    "projections": [ { "from": "source", "to": "cell.r", "weights": 7 } ] },
    "task": { "trial": [ { "phase": "run", "duration": 30 } ] } })";
  spiking::Circuit<> c(text, {"cell"});
  c.run();
  const auto &v = c.potential["cell"];
  double worst = 0;
  for (std::size_t k = 11; k < v.size(); ++k) {
    // The mean over the step: ∫ (s / 4) e^{1 − s/4} ds = −(s + 4) e^{1 − s/4}.
    const double from = (static_cast<double>(k) - 11) * 0.1, to = from + 0.1;
    const double g = 7 * ((from + 4) * std::exp(1 - from / 4) - (to + 4) * std::exp(1 - to / 4)) / 0.1;
    worst = std::max(worst, std::abs((v[k](0, 0) - v[k - 1](0, 0)) / 0.1 * 1e9 / 60 - g));
  }
  CHECK(worst < 1e-5);
}

TEST_CASE("a constant current makes the neuron fire at the closed form's rate", "[spiking]") {
  // From reset to threshold the potential takes τ ln((R I + E − V_r) / (R I + E − θ)), which ends in the step after.
  for (const double current : {260.0, 300.0, 400.0, 900.0}) {
    spiking::Circuit<> c(fmt::format(R"({{ "time": {{ "step": 0.1 }}, "architecture": {{ "regions": {{
        "cell": {{ "size": 1, "bias": {}, "dynamics": {{ "type": "lif", "tau": 20, "capacitance": 250, "rest": -70,
                  "reset": -65, "threshold": -50, "refractory": 2 }}, "initial": -65 }} }} }},
        "task": {{ "trial": [ {{ "phase": "run", "duration": 1000 }} ] }} }})",
                                     current));
    const auto times = c.run().train("cell");
    const double drive = current * 20 / 250; // mV
    const double rise = 20 * std::log((drive - 5) / (drive - 20));
    const double steps = std::ceil(rise / 0.1 - 1e-9);
    REQUIRE(times.size() > 3);
    CHECK(times[0] == Approx(steps * 0.1));
    for (std::size_t k = 1; k < times.size(); ++k) CHECK(times[k] - times[k - 1] == Approx(steps * 0.1 + 2));
  }
  spiking::Circuit<> silent(
      R"({ "architecture": { "regions": { "cell": { "size": 1, "bias": 249, "dynamics": "lif" } } },
                        "task": { "trial": [ { "phase": "run", "duration": 1000 } ] } })");
  CHECK(silent.run().train("cell").empty()); // 19.92 of 20 mV
}

TEST_CASE("no spike is lost, and none counts twice", "[spiking]") {
  // Jumps of 1 mV onto neurons that neither leak nor fire: the sum of all potentials counts the synapses passed.
  const auto text = R"({ "seed": 3, "time": { "step": 0.5 }, "architecture": { "regions": {
      "source": { "size": 300, "dynamics": { "type": "poisson", "rate": 20 } },
      "cell": { "size": 200, "dynamics": { "type": "lif", "tau": 1e12, "rest": 0, "reset": 0, "threshold": 1e9 },
                "receptors": { "r": "delta" } } },
    "projections": [ { "from": "source", "to": "cell.r", "weights": 1,
                       "connect": { "type": "fixed_probability", "probability": 0.1 },
                       "delay": { "uniform": { "low": 0, "high": 5 } } } ] },
    "task": { "trial": [ { "phase": "run", "duration": 500 } ] } })";
  for (const int threads : {1, 2}) {
    spiking::Circuit<> c(text, {"cell"}, threads);
    c.run();
    const auto &connectivity = *c.network.sparse[0].synapses.connectivity;
    REQUIRE(connectivity.lags.size() == 11);
    double passed = 0;
    const std::size_t steps = c.potential["cell"].size();
    for (const auto &[ms, n] : c.spikes["source"])
      for (std::size_t l = 0; l < connectivity.lags.size(); ++l) // what arrives in the last step is not seen any more
        if (std::llround(ms / 0.5) + connectivity.lags[l].axonal + 1 < static_cast<long long>(steps))
          passed += static_cast<double>(connectivity.last(n, l) - connectivity.first(n, l));
    CHECK(arma::accu(c.potential["cell"].back()) == Approx(passed).epsilon(1e-9));
    CHECK(passed > 10000);
  }
}

TEST_CASE("background spikes have a Poisson process's mean and variance", "[spiking]") {
  // Jumps of 1 mV at 2000 Hz onto neurons without a leak: after 100 ms 200 on average, variance 200.
  spiking::Circuit<> c(R"({ "time": { "step": 0.1 }, "architecture": { "regions": {
      "cell": { "size": 4000, "dynamics": { "type": "lif", "tau": 1e12, "rest": 0, "threshold": 1e9 },
                "receptors": { "r": { "type": "delta", "background_rate": 2000, "background_weight": 1 } } } } },
    "task": { "trial": [ { "phase": "run", "duration": 100.1 } ] } })",
                       {"cell"});
  c.run();
  const arma::mat last = c.potential["cell"].back();
  CHECK(arma::accu(last) / 4000 == Approx(200).margin(4 * std::sqrt(200.0 / 4000)));
  CHECK(arma::as_scalar(arma::var(last)) == Approx(200).epsilon(0.1)); // its own standard deviation is 4.5
}

TEST_CASE("a neuron is held for its refractory period, whatever the step", "[spiking]") {
  // A strong current: a spike comes in the first step in which the potential is free.
  for (const double step : {0.1, 0.25, 0.5}) {
    spiking::Circuit<> c(fmt::format(R"({{ "time": {{ "step": {} }}, "architecture": {{ "regions": {{
        "e": {{ "size": 1, "bias": 1e6, "dynamics": {{ "type": "lif", "refractory": 1.5 }} }} }} }},
        "task": {{ "trial": [ {{ "phase": "run", "duration": 20 }} ] }} }})",
                                     step));
    const auto times = c.run().train("e");
    REQUIRE(times.size() > 2);
    for (std::size_t k = 1; k < times.size(); ++k) CHECK(times[k] - times[k - 1] == Approx(1.5 + step));
  }
}
