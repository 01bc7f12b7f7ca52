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

} // namespace

TEST_CASE("neurons that are plugins follow their equations", "[dynamics][plugins][reference]") {
  const auto [name, step, error] = GENERATE(table<std::string, double, double>({{"fitzhugh_nagumo", 0.01, 1e-6},
                                                                                {"morris_lecar", 0.02, 1e-4},
                                                                                {"adaptive_rate", 0.1, 1e-9},
                                                                                {"gated_rate", 0.05, 1e-10},
                                                                                {"wang_buzsaki", 0.005, 1e-3}}));
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

TEST_CASE("the gradient goes through all neurons that come as plugins", "[dynamics][plugins][gradient]") {
  for (const std::string name :
       {"fitzhugh_nagumo", "morris_lecar", "wang_buzsaki", "adaptive_rate", "gated_rate", "resonator"}) {
    INFO(name);
    const bool mv = name == "morris_lecar" || name == "wang_buzsaki";
    circuits::Circuit c;
    c.model.time.step = mv ? 0.05 : 0.5;
    std::map<std::string, double> parameters;
    if (mv) parameters = {{"release_at", -55}, {"release_slope", 8}}; // near where they begin
    if (name == "adaptive_rate" || name == "resonator") parameters = {{"apical_coupling", 0.7}};
    const auto in = c.input(2), cell = c.region("cell", 3, neurons::typed(name, parameters), "linear"),
               out = c.fixed("out", 1, "tanh");
    c.model.regions[cell].bias = model::Quantity::of(name == "morris_lecar" ? 100 : mv ? 5 : 0.5);
    c.learn("exact", "backprop");
    c.connect(in, cell, "exact", 0, "rate", "soma", mv ? 20 : 2);
    c.connect(cell, cell, "exact", c.model.time.step, "rate", "soma", 1.5);
    c.connect(cell, cell, "exact", c.model.time.step, "rate", "apical", 1.5);
    c.connect(cell, out, "exact", 0, "potential", "soma", mv ? 0.03 : 1);
    c.objective("mse", out);
    c.phase(20 * c.model.time.step, 1, true);
    c.data(2);
    if (name == "fitzhugh_nagumo" || mv) c.model.projections[2].rules.clear(); // they read no apical current
    CHECK(neurons::gradient_error(c, mv ? 1e-4 : 1e-5) < 1e-6);
  }
}
