// Neurons by equations beside the same neurons as plugins: FitzHugh-Nagumo, forward and with the gradient, and adex.
// The goal is a ratio of at most 3 at 1000 neurons. The circuits are as light beside their neurons as can be, as in
// neurons.cpp.
#include "beside.hpp"
#include "input/document.hpp"

namespace {

using namespace engram;

const char *const fitzhugh_nagumo_equations = R"json({ "dynamics": { "type": "equations",
  "states": { "v": { "slope": "(v - v*v*v/3 - w + I)/time", "initial": -1.2 }, "w": "(v + a - b*w)/(tau*time)" },
  "parameters": { "time": 1, "tau": 12.5, "a": 0.7, "b": 0.8, "slope": 4, "threshold": 0 },
  "rate": "sigmoid(slope*(v - threshold))" } })json";
const char *const adex_equations = R"({ "dynamics": { "type": "equations",
  "states": { "v": { "slope": "(gL*(EL - v) + gL*min(D*exp(min((v - VT)/D, 80)), 1e7) - w + I)/C", "initial": "EL" },
              "w": "(a*(v - EL) - w)/tau_w" },
  "parameters": { "C": 281, "gL": 30, "EL": -70.6, "VT": -50.4, "D": 2, "tau_w": 144, "a": 4, "b": 80.5, "peak": 20 },
  "threshold": "peak", "reset": { "v": "EL", "w": "w + b" } } })";

// Neurons of a plugin with its default parameters, or of these equations.
void give_neurons(model::Region &region, const std::string &plugin, const char *equations) {
  if (equations == nullptr) return benchmarks::give_neurons(region, plugin);
  const auto document = input::parse(equations, "equations");
  input::Problems problems(document.places);
  region.own = dynamics::entry_of("equations", dynamics::dynamics_entries()).words.define(document.value, "", problems);
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

void fitzhugh_nagumo_beside(benchmark::State &state, bool learn) {
  const auto size = static_cast<std::size_t>(state.range(0));
  benchmarks::beside(state, {"plugin", rate_circuit(nullptr, size)},
                     {"equations", rate_circuit(fitzhugh_nagumo_equations, size)}, learn,
                     20.0 * 16.0 * static_cast<double>(size));
}
void equations_forward(benchmark::State &state) { fitzhugh_nagumo_beside(state, false); }
void equations_backprop(benchmark::State &state) { fitzhugh_nagumo_beside(state, true); }
void equations_adex(benchmark::State &state) {
  const auto size = static_cast<std::size_t>(state.range(0));
  const auto circuit = [&](const char *equations) {
    return benchmarks::bare_spiking(size,
                                    [&](model::Region &region) { give_neurons(region, "adex_again", equations); });
  };
  benchmarks::beside(state, {"plugin", circuit(nullptr)}, {"equations", circuit(adex_equations)}, false,
                     1000.0 * static_cast<double>(size));
}
BENCHMARK(equations_forward)->Arg(100)->Arg(1000)->UseManualTime()->Iterations(60);
BENCHMARK(equations_backprop)->Arg(100)->Arg(1000)->UseManualTime()->Iterations(60);
BENCHMARK(equations_adex)->Arg(100)->Arg(1000)->UseManualTime()->Iterations(20);

} // namespace
