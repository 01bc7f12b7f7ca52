// The built-in leaky_rate and adex beside the same equations as plugins (tests/plugins/leaky_again and adex_again). The
// goals are ratios of at most 1.1 (forward and with the gradient) and 1.3. The circuits are as light beside their
// neurons as can be: one synapse onto each rate neuron, and a constant current into each spiking one.
#include "circuits.hpp"
#include "dynamics/plugin_dynamics.hpp"
#include "learning/open_dynamics.hpp"
#include "numeric/product.hpp"
#include "stopwatch.hpp"

#include <benchmark/benchmark.h>

namespace {

using namespace engram;
using benchmarks::Shortest;

const dynamics::DynamicsEntries &entries() {
  static const learning::OpenDynamics leaky(ENGRAM_BENCHMARK_PLUGINS "/leaky_again.so"),
      adex(ENGRAM_BENCHMARK_PLUGINS "/adex_again.so");
  static const auto all = [] {
    auto out = dynamics::dynamics_entries();
    out.push_back(dynamics::entry_of_plugin(leaky.table(), "leaky_again"));
    out.push_back(dynamics::entry_of_plugin(adex.table(), "adex_again"));
    return out;
  }();
  return all;
}

circuits::Circuit circuit_of(const std::string &cells, std::size_t size) {
  circuits::Circuit c;
  c.model.time.integrator = circuits::typed("euler");
  const auto in = c.input(1);
  const auto cell = c.region("cell", size, circuits::typed(cells, {{"tau", 10}, {"apical_coupling", 0}}));
  c.learn("gradient", "backprop", 1e-3);
  c.connect(in, cell, "gradient");
  c.phase(20, true, true);
  c.objective("mse", cell);
  c.model.objective.delivery = model::Objective::Delivery::scalar;
  c.data(16);
  return c;
}

void neurons(benchmark::State &state, bool learn) {
  const auto size = static_cast<std::size_t>(state.range(0));
  numeric::use_one_blas_thread();
  const auto own = circuit_of("leaky_rate", size), plugin = circuit_of("leaky_again", size);
  auto own_network = own.build<double>(), plugin_network = plugin.build<double>();
  simulation::Simulator<double> first(own.model, own_network, own.trials, own.rules, {}, 1);
  simulation::Simulator<double> second(plugin.model, plugin_network, plugin.trials, plugin.rules, {}, 1, entries());
  Shortest built_in, as_plugin;
  for (auto _ : state) {
    state.SetIterationTime(as_plugin.time([&] { benchmark::DoNotOptimize(second.run(plugin.all(learn))); }));
    built_in.time([&] { benchmark::DoNotOptimize(first.run(own.all(learn))); });
  }
  const double steps = 20.0 * 16.0 * static_cast<double>(size);
  state.counters["built_in_ns"] = built_in.seconds() / steps * 1e9;
  state.counters["plugin_ns"] = as_plugin.seconds() / steps * 1e9;
  state.counters["ratio"] = as_plugin.seconds() / built_in.seconds();
}

// Cells with the default parameters under currents from 500 to 900 pA, 1000 steps of 0.1 ms.
circuits::Circuit spiking_circuit_of(const std::string &cells, std::size_t size) {
  circuits::Circuit c;
  c.model.time.step = 0.1;
  const auto cell = c.region("cell", size, circuits::typed(cells));
  auto &region = c.model.regions[cell];
  for (const auto &entry : entries())
    if (entry.words.name == cells)
      for (const auto &p : entry.words.parameters) region.dynamics.parameters[p.name] = model::Quantity::of(p.initial);
  region.integrator = circuits::typed("runge_kutta4");
  region.bias = {model::Quantity::Kind::uniform, 500, 900, {}};
  c.phase(100, false, false, false);
  c.trials.count = 1;
  c.trials.training = {0};
  return c;
}

void adex(benchmark::State &state) {
  const auto size = static_cast<std::size_t>(state.range(0));
  const auto own = spiking_circuit_of("adex", size), plugin = spiking_circuit_of("adex_again", size);
  auto own_network = own.build<double>(), plugin_network = plugin.build<double>();
  simulation::Simulator<double> first(own.model, own_network, own.trials, {}, {}, 1);
  simulation::Simulator<double> second(plugin.model, plugin_network, plugin.trials, {}, {}, 1, entries());
  Shortest built_in, as_plugin;
  for (auto _ : state) {
    state.SetIterationTime(as_plugin.time([&] { benchmark::DoNotOptimize(second.run({{0}, 0, false})); }));
    built_in.time([&] { benchmark::DoNotOptimize(first.run({{0}, 0, false})); });
  }
  const double steps = 1000.0 * static_cast<double>(size);
  state.counters["built_in_ns"] = built_in.seconds() / steps * 1e9;
  state.counters["plugin_ns"] = as_plugin.seconds() / steps * 1e9;
  state.counters["ratio"] = as_plugin.seconds() / built_in.seconds();
}

void forward(benchmark::State &state) { neurons(state, false); }
void backprop(benchmark::State &state) { neurons(state, true); }
BENCHMARK(forward)->Arg(100)->Arg(1000)->UseManualTime()->Iterations(60);
BENCHMARK(backprop)->Arg(100)->Arg(1000)->UseManualTime()->Iterations(60);
BENCHMARK(adex)->Arg(100)->Arg(1000)->UseManualTime()->Iterations(20);

} // namespace
