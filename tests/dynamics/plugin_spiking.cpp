// Neurons of a plugin that spike: adex as a plugin beside the built-in, and those that come with engram beside closed
// forms.
#include "catch.hpp"
#include "neurons.hpp"

#include <cmath>

using namespace engram;

namespace {

/// A model that runs with plugins, and the spikes of its region `cell`.
struct SpikingRun final : simulation::Observer<double> {
  std::vector<std::pair<std::size_t, std::size_t>> spikes; ///< step, neuron; of the first trial
  std::vector<arma::mat> potential;

  explicit SpikingRun(const std::string &text, std::size_t trials = 1) {
    const auto model = model::load_text(text, "m.json", neurons::vocabulary());
    auto network = network::build<double>(model, {});
    auto data = task::load_trials(model, {ENGRAM_SOURCE_DIR "/models/data", {}});
    std::vector<dynamics::SignalSet> wanted(model.regions.size());
    for (std::size_t r = 0; r < model.regions.size(); ++r)
      if (model.regions[r].name == "cell") cell_ = r;
    wanted[cell_].set(static_cast<std::size_t>(network::Signal::potential));
    simulation::Simulator<double> simulator(model, network, data, {}, wanted, 1, neurons::entries());
    std::vector<std::size_t> rows;
    for (std::size_t k = 0; k < trials; ++k) rows.push_back(k);
    simulator.run({rows, 0, false}, this);
  }
  void step(std::size_t step, const network::Signals<double> &signals) override {
    for (const auto n : (*signals[cell_].spikes)[0]) spikes.emplace_back(step, n);
    potential.push_back(signals[cell_][network::Signal::potential]);
  }

private:
  std::size_t cell_ = 0;
};

// Cells with currents of their own, which excite each other through conductances after a delay.
std::string network_of(const std::string &cells, const std::string &integrator, const std::string &more = "") {
  return R"({ "seed": 3, "time": { "step": 0.1, "integrator": ")" + integrator + R"(" },
    "architecture": { "regions": { "cell": { "size": 40, "bias": { "uniform": { "low": 400, "high": 900 } },
        "dynamics": { "type": ")" +
         cells + R"(", "peak": -20, "a": 2, "refractory": 2)" + more + R"( },
        "receptors": { "e": { "type": "conductance_exponential", "tau": 5, "reversal": 0 },
                       "i": { "type": "alpha", "tau": 8 }, "d": { "type": "delta" } } } },
      "projections": [
        { "from": "cell", "to": "cell.e", "connect": { "type": "fixed_probability", "probability": 0.2 }, "weights": 3, "delay": 1.5 },
        { "name": "i", "from": "cell", "to": "cell.i", "connect": { "type": "fixed_probability", "probability": 0.1 }, "weights": -40, "delay": 1 },
        { "name": "d", "from": "cell", "to": "cell.d", "connect": { "type": "fixed_probability", "probability": 0.1 }, "weights": 0.3, "delay": 2 } ] },
    "task": { "trial": [ { "phase": "run", "duration": 300 } ] } })";
}

std::string one_cell(const std::string &dynamics, double current, double step, double duration,
                     const std::string &integrator = "runge_kutta4") {
  return fmt::format(R"({{ "time": {{ "step": {}, "integrator": "{}" }}, "architecture": {{ "regions": {{
      "cell": {{ "size": 1, "bias": {}, "dynamics": {} }} }} }},
      "task": {{ "trial": [ {{ "phase": "run", "duration": {} }} ] }} }})",
                     step, integrator, current, dynamics, duration);
}

} // namespace

TEST_CASE("adex as a plugin spikes when the built-in does, in a network with receptors",
          "[dynamics][plugins][spiking]") {
  for (const char *integrator : {"runge_kutta4", "euler", "controlled_dopri5"}) {
    INFO(integrator);
    const SpikingRun built_in(network_of("adex", integrator)), plugin(network_of("adex_again", integrator));
    CHECK(built_in.spikes.size() > 100);
    CHECK(built_in.spikes == plugin.spikes);
    double worst = 0;
    for (std::size_t k = 0; k < built_in.potential.size(); ++k)
      worst = std::max(worst, arma::abs(built_in.potential[k] - plugin.potential[k]).max());
    CHECK(worst < 1e-6);
  }
}

TEST_CASE("a quadratic integrate-and-fire neuron has the period of its closed form", "[dynamics][plugins][spiking]") {
  // tau v' = s ((v − m)² − h²) + I / g, m the middle of rest and critical, h half their distance. With A² = I / (g s) −
  // h²: the time from a to b is tau / (s A) (atan((b − m) / A) − atan((a − m) / A)).
  const double tau = 10, s = 0.1, g = 10, current = 100, m = -57.5, h = 7.5, step = 0.005;
  const double A = std::sqrt(current / (g * s) - h * h);
  const auto time = [&](double a, double b) {
    return tau / (s * A) * (std::atan((b - m) / A) - std::atan((a - m) / A));
  };
  const SpikingRun run(one_cell(R"("quadratic_integrate_fire")", current, step, 200));
  REQUIRE(run.spikes.size() > 3);
  CHECK(static_cast<double>(run.spikes[0].first) * step == Approx(time(-65, 30)).margin(2 * step));
  const double period = time(-70, 30);
  for (std::size_t k = 1; k < run.spikes.size(); ++k)
    CHECK(static_cast<double>(run.spikes[k].first - run.spikes[k - 1].first) * step == Approx(period).margin(2 * step));
}

TEST_CASE("a GLIF neuron's threshold and after-spike currents are what its spikes left",
          "[dynamics][plugins][spiking]") {
  // Between spikes all is linear: with the spikes that were seen, v has a closed form.
  const double C = 100, g = 5, rest = -70, current = 200, step = 0.01, tau1 = 10, tau2 = 200, a1 = -30, a2 = -5;
  const SpikingRun run(one_cell(R"({ "type": "glif", "refractory": 2 })", current, step, 400));
  REQUIRE(run.spikes.size() > 4);
  const double tau = C / g;
  double theta = 0, before = 0, i1 = 0, i2 = 0, begin = rest, worst = 0;
  std::size_t last = 0;
  for (const auto &[at, neuron] : run.spikes) {
    // From `before` (ms), when v was let go at `begin` with the currents i1, i2.
    const double t = static_cast<double>(at) * step - before;
    const auto part = [&](double i, double tau_i) { // ∫ e^−(t − s)/tau i e^−s/tau_i / C ds
      return i / C / (1 / tau - 1 / tau_i) * (std::exp(-t / tau_i) - std::exp(-t / tau));
    };
    const double v =
        rest + current / g + (begin - rest - current / g) * std::exp(-t / tau) + part(i1, tau1) + part(i2, tau2);
    const double threshold = -45 + theta * std::exp(-(static_cast<double>(at - last) * step) / 50);
    worst = std::max(worst, std::abs(v - threshold));
    // What the spike does; then v is held for 2 ms, while the rest decays.
    const double since = static_cast<double>(at - last) * step;
    theta = theta * std::exp(-since / 50) + 1;
    const auto left = [&](double i, double tau_i, double amplitude) {
      return (i * std::exp(-t / tau_i) + amplitude) * std::exp(-2 / tau_i);
    };
    i1 = left(i1, tau1, a1);
    i2 = left(i2, tau2, a2);
    begin = rest;
    last = at;
    before = static_cast<double>(at) * step + 2;
  }
  CHECK(worst < 0.05); // v moves by 0.02 mV in a step, and a spike is seen at its end
}

TEST_CASE("an integrator that may throw a neuron back from its threshold is refused", "[dynamics][plugins][spiking]") {
  CHECK_THROWS_WITH(SpikingRun(one_cell(R"("quadratic_integrate_fire")", 100, 0.05, 10, "runge_kutta_dopri5")),
                    ContainsSubstring("'runge_kutta_dopri5' has stages that go backwards"));
}

TEST_CASE("a step that is too long for what reaches a plugin's spiking neuron is refused",
          "[dynamics][plugins][spiking]") {
  CHECK_THROWS_WITH(SpikingRun(one_cell(R"({ "type": "adex_again", "leak": 1124 })", 100, 1, 10, "euler")),
                    ContainsSubstring("'euler' is stable only in steps below 0.5 ms"));
}

TEST_CASE("a plugin's neuron that would spike in every step is refused", "[dynamics][plugins][spiking]") {
  CHECK_THROWS_WITH(SpikingRun(one_cell(R"({ "type": "quadratic_integrate_fire", "reset": 40 })", 100, 0.05, 10)),
                    ContainsSubstring("/architecture/regions/cell/dynamics: neuron 0 is still at its threshold after a "
                                      "spike: it would spike in every step"));
}
