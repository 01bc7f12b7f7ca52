// The built-in leaky_rate and adex beside the same equations as plugins (tests/plugins/leaky_again and adex_again). The
// goals are ratios of at most 1.1 (forward and with the gradient) and 1.3. The circuits are as light beside their
// neurons as can be: one synapse onto each rate neuron, and a constant current into each spiking one.
#include "beside.hpp"

namespace {

using namespace engram;

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
  benchmarks::beside(state, {"built_in", circuit_of("leaky_rate", size)}, {"plugin", circuit_of("leaky_again", size)},
                     learn, 20.0 * 16.0 * static_cast<double>(size));
}

void adex(benchmark::State &state) {
  const auto size = static_cast<std::size_t>(state.range(0));
  const auto circuit = [&](const std::string &type) {
    return benchmarks::bare_spiking(size, [&](model::Region &region) { benchmarks::give_neurons(region, type); });
  };
  benchmarks::beside(state, {"built_in", circuit("adex")}, {"plugin", circuit("adex_again")}, false,
                     1000.0 * static_cast<double>(size));
}

void forward(benchmark::State &state) { neurons(state, false); }
void backprop(benchmark::State &state) { neurons(state, true); }
BENCHMARK(forward)->Arg(100)->Arg(1000)->UseManualTime()->Iterations(60);
BENCHMARK(backprop)->Arg(100)->Arg(1000)->UseManualTime()->Iterations(60);
BENCHMARK(adex)->Arg(100)->Arg(1000)->UseManualTime()->Iterations(20);

} // namespace
