// Neurons of a plugin that spike: adex as a plugin beside the built-in, and those that come with engram beside closed
// forms.
#include "catch.hpp"
#include "conformance/neuron_bench.hpp"
#include "equations.hpp"
#include "neurons.hpp"

#include <cmath>

using namespace engram;
using neurons::CellRun;

namespace {

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
    const auto cells = [](const std::string &type) {
      return R"({ "type": ")" + type + R"(", "peak": -20, "a": 2, "refractory": 2 })";
    };
    const CellRun built_in(neurons::spiking_network(cells("adex"), integrator)),
        plugin(neurons::spiking_network(cells("adex_again"), integrator));
    CHECK(built_in.spikes.size() > 100);
    CHECK(built_in.spikes == plugin.spikes);
    CHECK(neurons::greatest_difference(built_in.potential, plugin.potential) < 1e-6);
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
  const CellRun run(one_cell(R"("quadratic_integrate_fire")", current, step, 200));
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
  const CellRun run(one_cell(R"({ "type": "glif", "refractory": 2 })", current, step, 400));
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
  CHECK_THROWS_WITH(CellRun(one_cell(R"("quadratic_integrate_fire")", 100, 0.05, 10, "runge_kutta_dopri5")),
                    ContainsSubstring("'runge_kutta_dopri5' has stages that go backwards"));
}

TEST_CASE("a step that is too long for what reaches a plugin's spiking neuron is refused",
          "[dynamics][plugins][spiking]") {
  CHECK_THROWS_WITH(CellRun(one_cell(R"({ "type": "adex_again", "leak": 1124 })", 100, 1, 10, "euler")),
                    ContainsSubstring("'euler' is stable only in steps below 0.5 ms"));
}

TEST_CASE("a plugin's neuron that would spike in every step is refused", "[dynamics][plugins][spiking]") {
  CHECK_THROWS_WITH(CellRun(one_cell(R"({ "type": "quadratic_integrate_fire", "reset": 40 })", 100, 0.05, 10)),
                    ContainsSubstring("/architecture/regions/cell/dynamics: neuron 0 is still at its threshold after a "
                                      "spike: it would spike in every step"));
}

namespace {

// Who fires of 300 neurons at rest, of which these were put beyond their threshold.
template <class T>
std::vector<std::uint32_t> who_fires(const engram_dynamics &table, const std::vector<std::uint32_t> &beyond) {
  constexpr std::size_t many = 300; // more than one block of neurons
  const conformance::NeuronBench<T> bench(table, conformance::draw_neurons<T>(table, many, 1, 1));
  auto state = bench.begin();
  for (const auto i : beyond) state[i] = T(1e4);
  const std::vector<T> zero(many, T(0)), before(many, T(-1e4));
  std::vector<std::uint32_t> who(many);
  std::size_t count = 0;
  const engram_spiking_step step{sizeof(engram_spiking_step), zero.data(), nullptr, before.data(), nullptr};
  const auto all = bench.population(1);
  bench.call(bench.calls().fire, &all, static_cast<void *>(state.data()), &step, who.data(), &count);
  who.resize(count);
  return who;
}

} // namespace

TEST_CASE("a neuron fires wherever it stands in a block, and no other does", "[dynamics][plugins][equations]") {
  const auto crossing = equations::compiled(R"({ "type": "equations", "threshold": "20 + w",
      "states": { "v": { "slope": "I - v", "initial": -70 }, "w": "-w" } })");
  for (const auto *table : {&neurons::table("glif"), &neurons::table("morris_lecar"),
                            static_cast<const engram_dynamics *>(&crossing->table)})
    for (const std::vector<std::uint32_t> &beyond :
         {std::vector<std::uint32_t>{}, {0}, {63}, {64}, {255}, {256}, {299}, {3, 5, 70, 128, 255, 256, 298}}) {
      INFO(table->name << ", " << beyond.size());
      CHECK(who_fires<double>(*table, beyond) == beyond);
      CHECK(who_fires<float>(*table, beyond) == beyond);
    }
}
