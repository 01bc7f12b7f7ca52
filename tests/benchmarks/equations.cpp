// Neurons by equations beside the same neurons as plugins: FitzHugh-Nagumo, forward and with the gradient, and adex.
// The goal is a ratio of at most 3 at 1000 neurons. The circuits are as light beside their neurons as can be, as in
// neurons.cpp.
#include "circuits.hpp"
#include "dynamics/plugin_dynamics.hpp"
#include "input/document.hpp"
#include "learning/open_dynamics.hpp"
#include "numeric/product.hpp"
#include "stopwatch.hpp"

#include <benchmark/benchmark.h>

namespace {

using namespace engram;
using benchmarks::Shortest;

const char *const fitzhugh_nagumo_equations = R"json({ "dynamics": { "type": "equations",
  "states": { "v": { "slope": "(v - v*v*v/3 - w + I)/time", "initial": -1.2 }, "w": "(v + a - b*w)/(tau*time)" },
  "parameters": { "time": 1, "tau": 12.5, "a": 0.7, "b": 0.8, "slope": 4, "threshold": 0 },
  "rate": "sigmoid(slope*(v - threshold))" } })json";
const char *const adex_equations = R"({ "dynamics": { "type": "equations",
  "states": { "v": { "slope": "(gL*(EL - v) + gL*min(D*exp(min((v - VT)/D, 80)), 1e7) - w + I)/C", "initial": "EL" },
              "w": "(a*(v - EL) - w)/tau_w" },
  "parameters": { "C": 281, "gL": 30, "EL": -70.6, "VT": -50.4, "D": 2, "tau_w": 144, "a": 4, "b": 80.5, "peak": 20 },
  "threshold": "peak", "reset": { "v": "EL", "w": "w + b" } } })";

const dynamics::DynamicsEntries &plugin_entries() {
  static const learning::OpenDynamics fitzhugh(ENGRAM_BUILD_DIR "/plugins/fitzhugh_nagumo.so"),
      adex(ENGRAM_BENCHMARK_PLUGINS "/adex_again.so");
  static const auto all = [] {
    auto out = dynamics::dynamics_entries();
    out.push_back(dynamics::entry_of_plugin(fitzhugh.table(), "fitzhugh_nagumo"));
    out.push_back(dynamics::entry_of_plugin(adex.table(), "adex_again"));
    return out;
  }();
  return all;
}

// Neurons of a plugin with its default parameters, or of these equations.
void give_neurons(model::Region &region, const std::string &plugin, const char *equations) {
  if (equations == nullptr) {
    region.dynamics = {plugin, {}, ""};
    for (const auto &p : dynamics::entry_of(plugin, plugin_entries()).words.parameters)
      region.dynamics.parameters[p.name] = model::Quantity::of(p.initial);
    return;
  }
  const auto document = input::parse(equations, "equations");
  input::Problems problems(document.places);
  region.own = dynamics::entry_of("equations", plugin_entries()).words.define(document.value, "", problems);
  problems.raise();
  region.dynamics = {"equations", region.own->parameters, ""};
}

circuits::Circuit rate_circuit(const char *equations, std::size_t size) {
  circuits::Circuit c;
  c.model.time.step = 0.1;
  const auto in = c.input(1), cell = c.region("cell", size, model::Typed{});
  give_neurons(c.model.regions[cell], "fitzhugh_nagumo", equations);
  c.model.regions[cell].integrator = c.model.time.integrator;
  c.learn("gradient", "backprop", 1e-3);
  c.connect(in, cell, "gradient");
  c.phase(2, true, true);
  c.objective("mse", cell);
  c.model.objective.delivery = model::Objective::Delivery::scalar;
  c.data(16);
  return c;
}

circuits::Circuit adex_circuit(const char *equations, std::size_t size) {
  circuits::Circuit c;
  c.model.time.step = 0.1;
  const auto cell = c.region("cell", size, model::Typed{});
  auto &region = c.model.regions[cell];
  give_neurons(region, "adex_again", equations);
  region.integrator = circuits::typed("runge_kutta4");
  region.bias = {model::Quantity::Kind::uniform, 500, 900, {}};
  c.phase(100, false, false, false);
  c.trials.count = 1;
  c.trials.training = {0};
  return c;
}

// Runs both in turns. `steps`: neurons × trials × time steps.
void beside(benchmark::State &state, const circuits::Circuit &plugin, const circuits::Circuit &own, bool learn,
            double steps) {
  numeric::use_one_blas_thread();
  auto plugin_network = plugin.build<double>(), own_network = own.build<double>();
  simulation::Simulator<double> first(plugin.model, plugin_network, plugin.trials, plugin.rules, {}, 1,
                                      plugin_entries());
  simulation::Simulator<double> second(own.model, own_network, own.trials, own.rules, {}, 1, plugin_entries());
  Shortest as_plugin, as_equations;
  for (auto _ : state) {
    state.SetIterationTime(as_equations.time([&] { benchmark::DoNotOptimize(second.run(own.all(learn))); }));
    as_plugin.time([&] { benchmark::DoNotOptimize(first.run(plugin.all(learn))); });
  }
  state.counters["plugin_ns"] = as_plugin.seconds() / steps * 1e9;
  state.counters["equations_ns"] = as_equations.seconds() / steps * 1e9;
  state.counters["ratio"] = as_equations.seconds() / as_plugin.seconds();
}

void fitzhugh_nagumo_beside(benchmark::State &state, bool learn) {
  const auto size = static_cast<std::size_t>(state.range(0));
  beside(state, rate_circuit(nullptr, size), rate_circuit(fitzhugh_nagumo_equations, size), learn,
         20.0 * 16.0 * static_cast<double>(size));
}
void equations_forward(benchmark::State &state) { fitzhugh_nagumo_beside(state, false); }
void equations_backprop(benchmark::State &state) { fitzhugh_nagumo_beside(state, true); }
void equations_adex(benchmark::State &state) {
  const auto size = static_cast<std::size_t>(state.range(0));
  beside(state, adex_circuit(nullptr, size), adex_circuit(adex_equations, size), false,
         1000.0 * static_cast<double>(size));
}
BENCHMARK(equations_forward)->Arg(100)->Arg(1000)->UseManualTime()->Iterations(60);
BENCHMARK(equations_backprop)->Arg(100)->Arg(1000)->UseManualTime()->Iterations(60);
BENCHMARK(equations_adex)->Arg(100)->Arg(1000)->UseManualTime()->Iterations(20);

} // namespace
