// The neurons that come with engram as plugins, against solutions of their equations of high precision
// (tests/dynamics/reference/plugins.py: SciPy's DOP853 at 1e-12) and closed forms.
#include "catch.hpp"
#include "neurons.hpp"

#include <cmath>
#include <complex>
#include <fstream>

using namespace engram;
using network::Signal;

namespace {

nlohmann::json solution(const std::string &name) {
  std::ifstream file(ENGRAM_SOURCE_DIR "/tests/dynamics/reference/plugins.json");
  return nlohmann::json::parse(file).at(name);
}

// One neuron under a constant current, by runge_kutta4: its potentials (first states) by step.
std::vector<arma::mat> potentials(const std::string &name, const std::map<std::string, double> &parameters,
                                  double current, double initial, double step, double duration,
                                  const std::string &integrator = "runge_kutta4") {
  circuits::Circuit c;
  c.model.time.step = step;
  const auto cell = c.region("cell", 1, neurons::typed(name, parameters), "linear");
  c.model.time.integrator = circuits::typed(integrator);
  c.model.regions[cell].integrator = c.model.time.integrator;
  c.model.regions[cell].bias = model::Quantity::of(current);
  c.model.regions[cell].initial = model::Quantity::of(initial);
  c.phase(duration, 0, false, false);
  c.trials.count = 1;
  c.trials.training = {0};
  auto network = c.build<double>();
  std::vector<dynamics::SignalSet> wanted(1);
  wanted[cell].set(static_cast<std::size_t>(Signal::potential));
  simulation::Simulator<double> simulator(c.model, network, c.trials, c.rules, wanted, 1, neurons::entries());
  neurons::Log log(cell);
  simulator.run({{0}, 0, false}, &log);
  return log.potential;
}

// Times (ms) at which the one neuron crosses a potential upwards, by a line from step to step.
std::vector<double> crossings_of(const std::vector<arma::mat> &seen, double step, double at) {
  std::vector<double> out;
  for (std::size_t k = 0; k + 1 < seen.size(); ++k) {
    const double a = seen[k](0, 0), b = seen[k + 1](0, 0);
    if (a < at && b >= at) out.push_back(step * (static_cast<double>(k) + (at - a) / (b - a)));
  }
  return out;
}

} // namespace

// The rates of pinsky_rinzel have kinks, where a step's error is of lower order: runge_kutta4 with NumPy on the
// script's equations is as far from the solution, 2.367e-3 mV in steps of 0.005 ms and 6.0e-4 mV in steps of 0.0025 ms.
TEST_CASE("neurons that are plugins follow their equations", "[dynamics][plugins][reference]") {
  const auto [name, step, error] = GENERATE(table<std::string, double, double>({{"fitzhugh_nagumo", 0.01, 1e-6},
                                                                                {"morris_lecar", 0.02, 1e-4},
                                                                                {"adaptive_rate", 0.1, 1e-9},
                                                                                {"gated_rate", 0.05, 1e-10},
                                                                                {"wang_buzsaki", 0.005, 1e-3},
                                                                                {"pinsky_rinzel", 0.005, 2.5e-3}}));
  CAPTURE(name);
  const auto expected = solution(name);
  const auto times = expected.at("times").get<std::vector<double>>();
  const auto parameters = expected.at("parameters").get<std::map<std::string, double>>();
  auto given = parameters;
  if (name == "gated_rate") given["tau"] = 10; // of the script; the default is one Euler step
  const auto seen = potentials(name, given, expected.at("current"), expected.at("initial"), step, times.back() + step);
  double worst = 0;
  for (std::size_t k = 0; k < times.size(); ++k) {
    const auto at = static_cast<std::size_t>(std::llround(times[k] / step));
    REQUIRE(at < seen.size());
    worst = std::max(worst, std::abs(seen[at](0, 0) - expected.at("states")[k][0].get<double>()));
  }
  INFO("worst " << worst);
  CHECK(worst < error);
}

TEST_CASE("the resonator's answer to a step is its closed form", "[dynamics][plugins][reference]") {
  // z = x + i y: z' = (−1/tau + i ω) z + I / tau, so that z = z∞ (1 − e^((−1/tau + i ω) t)).
  const double tau = 50, hertz = 12, current = 2, step = 0.1;
  const auto seen = potentials("resonator", {{"tau", tau}, {"frequency", hertz}}, current, 0, step, 200);
  const std::complex<double> way(-1 / tau, 2 * std::acos(-1.0) * hertz / 1000), last = current / tau / -way;
  double worst = 0;
  for (std::size_t k = 0; k < seen.size(); k += 13)
    worst = std::max(worst,
                     std::abs(seen[k](0, 0) - (last * (1.0 - std::exp(way * (step * static_cast<double>(k))))).real()));
  CHECK(worst < 1e-9);
}

TEST_CASE("Euler steps of tau make gated_rate the minimal gated unit", "[dynamics][plugins][reference]") {
  const double bias = -0.5, weight = 0.8, current = 0.9;
  const auto seen = potentials("gated_rate", {{"tau", 1}, {"gate_bias", bias}, {"gate_weight", weight}}, current, 0.2,
                               1, 12, "euler");
  double h = 0.2;
  for (const auto &one : seen) {
    CHECK(one(0, 0) == Approx(h).margin(1e-14));
    const double gate = 1 / (1 + std::exp(-(bias + weight * h)));
    h = (1 - gate) * h + gate * std::tanh(current); // Zhou et al. 2016, eq. 8, without the weight of h on the candidate
  }
}

TEST_CASE("Wang and Buzsaki's interneuron has the f-I curve of its equations", "[dynamics][plugins][reference]") {
  // Figure 1B of Wang & Buzsáki 1996: from any low rate to 190 Hz at 5 µA/cm².
  const auto periods = solution("wang_buzsaki_periods").get<std::map<std::string, double>>();
  for (const auto &[current, period] : periods) {
    INFO(current);
    const double step = 0.02;
    const auto seen = potentials("wang_buzsaki", {}, std::stod(current), -64, step, 4.5 * period + 60);
    const auto crossings = crossings_of(seen, step, 0);
    REQUIRE(crossings.size() > 3);
    CHECK(crossings[3] - crossings[2] == Approx(period).epsilon(1e-4));
  }
}

TEST_CASE("Morris and Lecar's neuron begins to oscillate where its equations say", "[dynamics][plugins][reference]") {
  // The current that holds v at rest, and by v the trace of the Jacobian there: a Hopf bifurcation is where the trace
  // is 0, a saddle-node where that current has its maximum (Rinzel & Ermentrout 1998, figures 7.3 and 7.6).
  struct Regime {
    double calcium, v3, v4, phi;
  };
  const double c = 20, gl = 2, el = -60, gk = 8, ek = -84, eca = 120;
  const auto held = [&](const Regime &r, double v) {
    const double m = (1 + std::tanh((v + 1.2) / 18)) / 2, n = (1 + std::tanh((v - r.v3) / r.v4)) / 2;
    return gl * (v - el) + r.calcium * m * (v - eca) + gk * n * (v - ek);
  };
  const auto trace = [&](const Regime &r, double v) {
    const double th = std::tanh((v + 1.2) / 18), m = (1 + th) / 2, dm = (1 - th * th) / 36,
                 n = (1 + std::tanh((v - r.v3) / r.v4)) / 2;
    return -(gl + r.calcium * (m + dm * (v - eca)) + gk * n) / c - r.phi * std::cosh((v - r.v3) / (2 * r.v4));
  };
  const auto spikes = [&](const Regime &r, double current, double initial, double duration) {
    const auto seen = potentials("morris_lecar", {{"calcium", r.calcium}, {"v3", r.v3}, {"v4", r.v4}, {"phi", r.phi}},
                                 current, initial, 0.1, duration);
    return crossings_of(seen, 0.1, 0);
  };

  const Regime hopf{4.4, 2, 30, 0.04};
  double v = -60;
  while (trace(hopf, v) < 0) v += 1e-4;
  const double onset = held(hopf, v);
  CHECK(onset == Approx(93.86).epsilon(2e-3)); // Rinzel & Ermentrout 1998: 94
  CHECK(spikes(hopf, onset - 3, v - 0.4, 1000).empty());
  CHECK(spikes(hopf, onset + 3, v, 1500).size() > 5);

  const Regime snic{4, 12, 17.4, 1.0 / 15};
  double knee = 0;
  for (double at = -60; at < -10; at += 1e-3) knee = std::max(knee, held(snic, at));
  CHECK(knee == Approx(39.96).epsilon(2e-3)); // the same: 40
  CHECK(spikes(snic, knee - 0.5, -60, 1000).empty());
  // The rate grows from 0 as the root of the distance.
  const auto rate = [&](double beyond) {
    const auto at = spikes(snic, knee + beyond, -60, 3000);
    REQUIRE(at.size() > 2);
    return 1 / (at[2] - at[1]);
  };
  CHECK(rate(0.4) / rate(0.1) == Approx(2).epsilon(0.1));
}

TEST_CASE("the dendrite of Pinsky and Rinzel's cell makes a calcium spike, under which the soma bursts",
          "[dynamics][plugins][reference]") {
  // Pinsky & Rinzel 1994: weak currents into the soma let the cell burst at a low rate, the dendrite's calcium spike
  // makes the burst, and cut off from the dendrite the soma only spikes.
  const auto crossings = [](const std::map<std::string, double> &parameters) {
    return crossings_of(potentials("pinsky_rinzel", parameters, 0.75, -64.6, 0.05, 1500), 0.05, -10);
  };
  const auto pairs = [](const std::vector<double> &at) { // spikes that come within 10 ms of the one before
    std::size_t count = 0;
    for (std::size_t k = 1; k < at.size(); ++k) count += at[k] - at[k - 1] < 10;
    return count;
  };
  const auto whole = crossings({});
  CHECK(pairs(whole) >= 3);
  CHECK(whole.back() - whole[whole.size() - 3] == Approx(495).epsilon(0.01)); // SciPy: 491.2 + 3.8 ms
  CHECK(pairs(crossings({{"calcium_current", 0}})) == 0);
  CHECK(pairs(crossings({{"coupling", 0}})) == 0);
}

TEST_CASE("the gradient goes through all neurons that come as plugins", "[dynamics][plugins][gradient]") {
  for (const std::string name : {"fitzhugh_nagumo", "morris_lecar", "wang_buzsaki", "pinsky_rinzel", "adaptive_rate",
                                 "gated_rate", "resonator"}) {
    INFO(name);
    // Neurons that spike are seen by their potential alone, through which the gradient is exact.
    const bool mv = name == "morris_lecar" || name == "wang_buzsaki" || name == "pinsky_rinzel";
    circuits::Circuit c;
    c.model.time.step = mv ? 0.05 : 0.5;
    std::map<std::string, double> parameters;
    if (name == "adaptive_rate" || name == "resonator") parameters = {{"apical_coupling", 0.7}};
    const auto in = c.input(2), cell = c.region("cell", 3, neurons::typed(name, parameters), "linear"),
               out = c.fixed("out", 1, "tanh");
    c.model.regions[cell].bias = model::Quantity::of(name == "morris_lecar" ? 100 : mv ? 5 : 0.5);
    c.model.regions[cell].integrator = c.model.time.integrator;
    c.learn("exact", "backprop");
    c.connect(in, cell, "exact", 0, "rate", "soma", mv ? 20 : 2);
    c.connect(cell, cell, "exact", c.model.time.step, mv ? "potential" : "rate", "soma", mv ? 0.05 : 1.5);
    if (name != "fitzhugh_nagumo" && name != "morris_lecar" && name != "wang_buzsaki") // they read no apical current
      c.connect(cell, cell, "exact", c.model.time.step, mv ? "potential" : "rate", "apical", mv ? 0.05 : 1.5);
    c.connect(cell, out, "exact", 0, "potential", "soma", mv ? 0.03 : 1);
    c.objective("mse", out);
    c.phase(20 * c.model.time.step, 1, true);
    c.data(2);
    CHECK(neurons::gradient_error(c, mv ? 1e-4 : 1e-5) < 1e-6);
  }
}
