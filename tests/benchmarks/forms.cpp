// What a rule costs by its form: one batch through the host (call and weight change), by synapse and trial, beside the
// limit of its arithmetic: for one trial reading and writing the weights once, for many one product of the factors.
// Measured on three rules: hebb (one product), oja (a product and a gain for each neuron), sanger (synapse by synapse).
#include "circuits.hpp"
#include "network/product.hpp"
#include "stopwatch.hpp"

#include <benchmark/benchmark.h>

namespace {

using namespace engram;
using benchmarks::Shortest;

void form(benchmark::State &state, const std::string &rule) {
  const auto neurons = static_cast<std::size_t>(state.range(0)), trials = static_cast<std::size_t>(state.range(1));
  network::use_one_blas_thread();
  circuits::Circuit circuit;
  circuit.model.single = true;
  circuit.input(neurons);
  circuit.fixed("post", neurons);
  circuit.connect(0, 1, "rule");
  circuit.learn("rule", rule, 1e-9);
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

  Shortest whole, limit;
  for (auto _ : state) {
    state.SetIterationTime(whole.time([&] {
      plasticity.begin(trials);
      plasticity.call(moment, signals, history, modulators);
      plasticity.apply(model::Rule::Apply::trial);
    }));
    limit.time([&] {
      if (trials == 1)
        weights *= 0.999f;
      else
        network::product<float>(1e-9f, post, {pre, true}, 1.f, weights, 1);
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
