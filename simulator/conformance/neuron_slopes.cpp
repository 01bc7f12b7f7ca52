// These checks compare what a neuron's functions say of their slopes with what the functions do.
#include "conformance/differences.hpp"
#include "conformance/neuron_bench.hpp"
#include "conformance/neuron_checks.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace engram::conformance {

namespace {

constexpr std::size_t slope_neurons = 37, slope_trials = 3; // no multiple of a vector's length

// dL/d(state), dL/d(soma) and dL/d(apical) one after another.
std::vector<double> output_of_vjp(const engram_dynamics &table, const NeuronInput<double> &in,
                                  const std::vector<double> &cotangents) {
  const auto all = NeuronBench<double>(table, in).all(cotangents);
  auto out = all.dstate;
  out.insert(out.end(), all.dsoma.begin(), all.dsoma.end());
  out.insert(out.end(), all.dapical.begin(), all.dapical.end());
  return out;
}

// What spiking_derivative_vjp, beyond and fire_vjp give, by differences of spiking_derivative and fire.
void spiking_slopes(const engram_dynamics &table, const NeuronInput<double> &in, const std::vector<double> &cotangents,
                    Directions &direction, double &worst) {
  const auto out = NeuronBench<double>(table, in).all(cotangents);
  const auto x = direction(in.state.size());
  const auto along = [&](double h) {
    auto there = in;
    there.state = moved_by(in.state, h, x);
    return NeuronBench<double>(table, there).all(cotangents);
  };
  expect_slope(dot(out.dspiking, x), difference([&](double h) { return dot(cotangents, along(h).spiking_slope); }),
               1e-3, "derivative of a step by the states", worst);
  const auto soma = direction(in.soma.size());
  expect_slope(dot(out.ddrive, soma), difference([&](double h) {
                 auto there = in;
                 there.soma = moved_by(in.soma, h, soma);
                 return dot(cotangents, NeuronBench<double>(table, there).all(cotangents).spiking_slope);
               }),
               1e-3, "derivative of a step by the drive", worst);
  // fire: without slopes of its spikes dL/d(state) is that of the reset alone, and each neuron stands for itself.
  const std::vector<double> none(in.soma.size(), 0);
  std::vector<double> spiked(in.soma.size(), 1), before(in.soma.size(), -1e6);
  const NeuronBench<double> bench(table, in);
  const auto all = bench.population(in.trials);
  auto high = in.state; // all are far above any threshold, and spike
  for (std::size_t k = 0; k < in.soma.size(); ++k)
    high[k % in.neurons + k / in.neurons * table.state_count * in.neurons] += 1000;
  const auto fired = [&](double h) {
    auto state = moved_by(high, h, x);
    std::vector<std::uint32_t> who(in.soma.size());
    std::vector<std::size_t> counts(in.trials);
    const engram_spiking_step step{sizeof(engram_spiking_step), none.data(), nullptr, before.data(),
                                   table.upward != 0 ? none.data() : nullptr};
    bench.call(bench.calls().fire, &all, static_cast<void *>(state.data()), &step, who.data(), counts.data());
    return state;
  };
  auto back = cotangents;
  engram_spike_cotangents d{sizeof(engram_spike_cotangents), spiked.data(), none.data(), none.data(), 1};
  bench.call(bench.calls().fire_vjp, &all, static_cast<const void *>(high.data()), &d,
             static_cast<void *>(back.data()));
  expect_slope(dot(back, x), difference([&](double h) { return dot(cotangents, fired(h)); }), 1e-3, "the reset", worst);
  // beyond: what fire_vjp gives of a spike that nobody else sees, with the slope 1, less what it gives without.
  const std::vector<double> ones(in.soma.size(), 1), nothing(in.state.size(), 0);
  auto by_threshold = nothing;
  d.slope = d.dspike = ones.data();
  d.spiked = none.data();
  bench.call(bench.calls().fire_vjp, &all, static_cast<const void *>(in.state.data()), &d,
             static_cast<void *>(by_threshold.data()));
  expect_slope(dot(by_threshold, x), difference([&](double h) { return dot(ones, along(h).beyond); }), 1e-3,
               "the distance from the threshold", worst);
}

} // namespace

std::string neuron_linear(const engram_dynamics &table) {
  if (table.linear == 0) return "its slopes are not said to be linear";
  // Far apart, the derivative's slopes are still the same.
  const auto near = draw_neurons<double>(table, slope_neurons, slope_trials, 1);
  const auto cotangents = cotangents_of(near);
  const auto first = output_of_vjp(table, near, cotangents);
  for (const double way : {-30.0, 0.5, 20.0}) {
    auto there = near;
    for (std::size_t k = 0; k < there.state.size(); ++k) there.state[k] += way * std::sin(static_cast<double>(k + 1));
    for (std::size_t k = 0; k < there.soma.size(); ++k) there.soma[k] -= way * std::cos(static_cast<double>(k + 1));
    const auto second = output_of_vjp(table, there, cotangents);
    for (std::size_t k = 0; k < first.size(); ++k)
      if (!(std::abs(first[k] - second[k]) <= 1e-9 * (std::abs(first[k]) + std::abs(second[k]))))
        throw Failure{"it says that its slopes are linear, and how they change depends on states or currents"};
  }
  return table.spikes != 0 ? "its slopes are linear, and steps are exact"
                           : "its slopes are linear, and steps by exponential_euler exact";
}
std::string neuron_gradient(const engram_dynamics &table) {
  double worst = 0;
  for (unsigned seed = 1; seed <= 8; ++seed) {
    const auto in = draw_neurons<double>(table, slope_neurons, slope_trials, seed);
    const NeuronBench<double> bench(table, in);
    const auto cotangents = cotangents_of(in);
    const auto out = bench.all(cotangents);
    Directions direction(seed + 100);
    const auto x = direction(in.state.size()), soma = direction(in.soma.size()), apical = direction(in.apical.size());
    expect_slope(dot(out.dstate, x), difference([&](double h) {
                   return dot(cotangents, bench.slope(moved_by(in.state, h, x), in.soma, in.apical));
                 }),
                 1e-3, "derivative by the states", worst);
    expect_slope(dot(out.dsoma, soma), difference([&](double h) {
                   return dot(cotangents, bench.slope(in.state, moved_by(in.soma, h, soma), in.apical));
                 }),
                 1e-3, "derivative by the current into the soma", worst);
    if (table.reads_apical != 0)
      expect_slope(dot(out.dapical, apical), difference([&](double h) {
                     return dot(cotangents, bench.slope(in.state, in.soma, moved_by(in.apical, h, apical)));
                   }),
                   1e-3, "derivative by the apical current", worst);
    if (bench.calls().fire_vjp != nullptr) spiking_slopes(table, in, cotangents, direction, worst);
    if (bench.calls().readout == nullptr) continue;
    const auto weights = firsts_of(cotangents, slope_neurons, table.state_count);
    expect_slope(dot(out.dstate_by_readout, x), difference([&](double h) {
                   auto there = in;
                   there.state = moved_by(in.state, h, x);
                   const auto seen = NeuronBench<double>(table, there).all(cotangents);
                   return dot(weights, seen.rate) + dot(weights, seen.potential) + dot(weights, seen.gain);
                 }),
                 1e-3, "rate, potential and gain", worst);
  }
  return fmt::format("agrees with finite differences within {:.1g}", worst);
}

} // namespace engram::conformance
