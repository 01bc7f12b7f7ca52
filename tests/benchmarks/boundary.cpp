// What it costs that a rule is a plugin: hebb through the ABI against its one product in-line. Goal: under 2 %.
#include "circuits.hpp"
#include "network/product.hpp"
#include "stopwatch.hpp"

#include <benchmark/benchmark.h>

namespace {

using namespace engram;
using benchmarks::Shortest;

void factored_rule(benchmark::State &state) {
  const auto neurons = static_cast<std::size_t>(state.range(0)), trials = static_cast<std::size_t>(state.range(1));
  network::use_one_blas_thread();
  circuits::Circuit circuit;
  circuit.model.single = true;
  circuit.input(neurons);
  circuit.fixed("post", neurons);
  circuit.connect(0, 1, "hebb");
  circuit.learn("hebb", "hebb", 1e-6);
  auto net = circuit.build<float>();
  auto weights = net.projections[0].weights;
  learning::Plasticity<float> plasticity(circuit.model, net, circuit.rules, 1);
  network::Signals<float> signals(2);
  for (auto &region : signals) region[network::Signal::rate].randu(neurons, trials);
  const auto &pre = signals[0][network::Signal::rate], &post = signals[1][network::Signal::rate];
  const network::History<float> history;
  const learning::Modulators<float> modulators;
  learning::Moment moment;
  moment.plastic = moment.end_of_phase = moment.end_of_trial = true;

  Shortest plugin, inlined;
  for (auto _ : state) {
    state.SetIterationTime(plugin.time([&] {
      plasticity.begin(trials);
      plasticity.call(moment, signals, history, modulators);
      plasticity.apply(model::Rule::Apply::trial);
    }));
    inlined.time([&] {
      network::product<float>(1e-6f / static_cast<float>(trials), post, {pre, true}, 1.f, weights, 1);
    });
    benchmark::ClobberMemory();
  }
  state.counters["inline_us"] = 1e6 * inlined.seconds();
  state.counters["plugin_us"] = 1e6 * plugin.seconds();
  state.counters["boundary_%"] = 100 * (plugin.seconds() / inlined.seconds() - 1);
}
BENCHMARK(factored_rule)
    ->ArgNames({"neurons", "trials"})
    ->Args({500, 64})
    ->Args({500, 1})
    ->Args({2000, 64})
    ->Args({2000, 1})
    ->UseManualTime()
    ->Unit(benchmark::kMicrosecond);

} // namespace
