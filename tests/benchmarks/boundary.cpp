// This measures the cost of the plugin boundary: the rule hebb through the ABI against its one product in-line. The
// goal is under 2 %.
#include "one_projection.hpp"
#include "stopwatch.hpp"

#include <benchmark/benchmark.h>

namespace {

using namespace engram;
using benchmarks::Shortest;

void factored_rule(benchmark::State &state) {
  const auto neurons = static_cast<std::size_t>(state.range(0)), trials = static_cast<std::size_t>(state.range(1));
  benchmarks::OneProjection bench("hebb", 1e-6, neurons, trials);

  Shortest plugin, inlined;
  for (auto _ : state) {
    state.SetIterationTime(plugin.time([&] { bench.learn(); }));
    inlined.time([&] {
      numeric::product<float>(1e-6f / static_cast<float>(trials), bench.post, {bench.pre, true}, 1.f, bench.weights, 1);
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
