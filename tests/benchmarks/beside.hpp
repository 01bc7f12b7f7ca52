// beside() runs the same neurons written in two ways in turns, and tells the ratio of their times.
#pragma once

#include "circuits.hpp"
#include "dynamics/plugin_dynamics.hpp"
#include "learning/open_dynamics.hpp"
#include "numeric/product.hpp"
#include "stopwatch.hpp"

#include <benchmark/benchmark.h>

#include <string>

namespace benchmarks {

using namespace engram;

/// engram's own neurons, and plugins.
inline const dynamics::DynamicsEntries &entries_with_plugins() {
  static const learning::OpenDynamics leaky(ENGRAM_BENCHMARK_PLUGINS "/leaky_again.so"),
      adex(ENGRAM_BENCHMARK_PLUGINS "/adex_again.so"), fitzhugh(ENGRAM_BUILD_DIR "/plugins/fitzhugh_nagumo.so");
  static const auto all = [] {
    auto out = dynamics::dynamics_entries();
    out.push_back(dynamics::entry_of_plugin(leaky.table(), "leaky_again"));
    out.push_back(dynamics::entry_of_plugin(adex.table(), "adex_again"));
    out.push_back(dynamics::entry_of_plugin(fitzhugh.table(), "fitzhugh_nagumo"));
    return out;
  }();
  return all;
}

/// Gives a region these neurons with their default parameters.
inline void give_neurons(model::Region &region, const std::string &type) {
  region.dynamics = {type, {}, ""};
  for (const auto &p : dynamics::entry_of(type, entries_with_plugins()).words.parameters)
    region.dynamics.parameters[p.name] = model::Quantity::of(p.initial);
}

/// One trial of cells under currents from 500 to 900 pA, 1000 steps of 0.1 ms. give(region): its neurons.
template <class Give> circuits::Circuit bare_spiking(std::size_t size, Give give) {
  circuits::Circuit c;
  c.model.time.step = 0.1;
  const auto cell = c.region("cell", size, model::Typed{});
  auto &region = c.model.regions[cell];
  give(region);
  region.integrator = circuits::typed("runge_kutta4");
  region.bias = {model::Quantity::Kind::uniform, 500, 900, {}};
  c.phase(100, false, false, false);
  c.trials.count = 1;
  c.trials.training = {0};
  return c;
}

struct Written {
  std::string how; ///< "plugin"
  circuits::Circuit circuit;
};

/// `steps`: neurons × trials × time steps. The ratio is that of `other` to `base`.
inline void beside(benchmark::State &state, const Written &base, const Written &other, bool learn, double steps) {
  numeric::use_one_blas_thread();
  auto network = base.circuit.build<double>(), other_network = other.circuit.build<double>();
  simulation::Simulator<double> first(base.circuit.model, network, base.circuit.trials, base.circuit.rules, {}, 1,
                                      entries_with_plugins());
  simulation::Simulator<double> second(other.circuit.model, other_network, other.circuit.trials, other.circuit.rules,
                                       {}, 1, entries_with_plugins());
  Shortest of_base, of_other;
  for (auto _ : state) {
    state.SetIterationTime(of_other.time([&] { benchmark::DoNotOptimize(second.run(other.circuit.all(learn))); }));
    of_base.time([&] { benchmark::DoNotOptimize(first.run(base.circuit.all(learn))); });
  }
  state.counters[base.how + "_ns"] = of_base.seconds() / steps * 1e9;
  state.counters[other.how + "_ns"] = of_other.seconds() / steps * 1e9;
  state.counters["ratio"] = of_other.seconds() / of_base.seconds();
}

} // namespace benchmarks
