// This measures the cost of a rule by its form. One batch through the host (call and weight change) is timed by synapse
// and trial, beside the limit of its arithmetic. For one trial the limit is reading and writing the weights once; for
// many trials it is one product of the factors. Three rules are measured: hebb (one product), oja (a product and a gain
// for each neuron), sanger (synapse by synapse).
#include "one_projection.hpp"
#include "stopwatch.hpp"

#include <benchmark/benchmark.h>

namespace {

using namespace engram;
using benchmarks::Shortest;

void form(benchmark::State &state, const std::string &rule) {
  const auto neurons = static_cast<std::size_t>(state.range(0)), trials = static_cast<std::size_t>(state.range(1));
  benchmarks::OneProjection bench(rule, 1e-9, neurons, trials);

  Shortest whole, limit;
  for (auto _ : state) {
    state.SetIterationTime(whole.time([&] { bench.learn(); }));
    limit.time([&] {
      if (trials == 1)
        bench.weights *= 0.999f;
      else
        numeric::product<float>(1e-9f, bench.post, {bench.pre, true}, 1.f, bench.weights, 1);
    });
    benchmark::ClobberMemory();
  }
  const double updates = static_cast<double>(neurons * neurons * trials);
  state.counters["ns/synapse"] = 1e9 * whole.seconds() / updates;
  state.counters["limit_ns"] = 1e9 * limit.seconds() / updates;
  state.counters["limit/rule_%"] = 100 * limit.seconds() / whole.seconds();
}
#define FORM(rule)                                                                                                     \
  BENCHMARK_CAPTURE(form, rule, #rule)                                                                                 \
      ->ArgNames({"neurons", "trials"})                                                                                \
      ->Args({2000, 1})                                                                                                \
      ->Args({2000, 64})                                                                                               \
      ->UseManualTime()                                                                                                \
      ->Unit(benchmark::kMillisecond)
FORM(hebb);
FORM(oja);
FORM(sanger);

} // namespace
