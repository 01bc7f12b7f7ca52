// equations are neurons that a model file writes out: each region has states, a rate or a threshold of its own.
#include "dynamics/equations/functions.hpp"
#include "dynamics/equations/own_equations.hpp"
#include "dynamics/plugin_dynamics.hpp"
#include "dynamics/words.hpp"
#include "error/error.hpp"
#include "model/reader.hpp"

#include <fmt/format.h>

namespace engram::dynamics {

namespace {

// What `engram help equations` says beside the parameters.
std::string manual_of_equations() {
  std::string out = R"(  "dynamics": { "type": "equations",
    "states": { "v": { "slope": "(E - v + R * I) / tau", "initial": "E" } },
    "parameters": { "tau": 10, "E": -70, "R": { "value": 0.1, "unit": "GOhm" } },
    "threshold": "-50", "reset": "-65", "refractory": 2 }

  states          by name: the slope per ms; or { "slope", "initial", "unit", "help" }. The first is the potential
  parameters      by name: a number, a list or a distribution; or { "value", "unit", "help" }
  let             by name: an expression that others may hold
  rate            of neurons with a rate: an expression of states; or "activation": that of the first state
  potential       the signal; else the first state
  settles         true: every constant current leads to one state, and a trial may begin there
  threshold       neurons spike when the first state (mV) reaches it
  reset           states after a spike, all of those before it; without it a spike is a crossing upwards

  I or soma       the current into the soma; of neurons that spike in pA
  apical          the current into the apical compartment; of neurons that spike in pA
  pi              3.14159…
  operators       + - * / ^  < <= > >= == !=  and or not  condition ? a : b

)";
  for (const auto &one : equations::functions())
    if (!one.help.empty())
      out += fmt::format("  {:<15} {}\n",
                         one.name + (one.arguments == 1   ? "(x)"
                                     : one.arguments == 2 ? "(x, y)"
                                                          : "(x, y, z)"),
                         one.help);
  return out + "\n  Where units are given they are checked. Numbers are not converted: pA does not go with nA.\n";
}

// `given`: the "dynamics" of the region.
std::shared_ptr<const model::OwnDynamics> own_equations(std::shared_ptr<const equations::Compiled> neurons,
                                                        const nlohmann::ordered_json &given) {
  auto out = std::make_shared<equations::OwnEquations>();
  const auto &definition = neurons->definition;
  out->entry = entry_of_plugin(neurons->table, "equations");
  if (!definition.reads_soma) { // nothing that arrives there would act
    std::erase(out->entry.words.compartments, "soma");
    out->entry.words.receptors = false;
  }
  out->words = out->entry.words;
  if (definition.spikes())
    out->parameters = model::read_typed(&given, {{"equations", "", "", equations::spiking_parameters()}}).parameters;
  if (!definition.refractory) out->parameters.erase("refractory");
  for (const auto &one : definition.parameters) {
    out->parameters[one.name] = one.value;
    out->pointers[one.name] = one.pointer;
  }
  out->neurons = std::move(neurons);
  return out;
}

std::shared_ptr<const model::OwnDynamics> define_equations(const nlohmann::ordered_json &region,
                                                           const std::string &pointer, input::Problems &problems) {
  const std::string at = pointer + "/dynamics";
  auto definition = equations::read_definition(region.at("dynamics"), at, problems);
  if (!definition) return nullptr;
  if (definition->spikes() && !definition->states[0].begins && !region.contains("initial")) {
    problems.add(at + "/states/" + definition->states[0].name,
                 "says not where the potential begins: give it an \"initial\", here or in the region");
    return nullptr;
  }
  return own_equations(equations::compile(std::move(*definition)), region.at("dynamics"));
}

// A region that has them has an entry of its own.
template <class Made> Made make_no_equations() {
  throw Broken("neurons by equations are made by the region's own entry");
}

} // namespace

DynamicsEntry equations_dynamics() {
  DynamicsEntry entry;
  auto &words = entry.words;
  words = dynamics_words("equations", "equations of your own, written in the model file", "");
  words.manual = manual_of_equations();
  words.parameters = equations::spiking_parameters();
  for (auto &one : words.parameters) one.help += " (with \"threshold\")";
  words.signals = rate_signals(false, false);
  for (auto &signal : words.signals) {
    if (signal.name == "potential")
      signal.help = "the potential: the first state unless it is an expression of its own";
    if (signal.name == "gain")
      signal.help = "the slope of the rate by the first state; (with \"threshold\") that of a spike: its surrogate";
  }
  for (auto &signal : spiking_signals(true, false)) {
    if (signal.name != "spike" && signal.name != "trace") continue; // rates and potentials stand there
    signal.help += " (with \"threshold\")";
    words.signals.push_back(signal);
  }
  words.signals.push_back(
      {"adaptation", "mV", "by how much a spike raises the threshold (with \"threshold\")", false, false});
  words.compartments = {"soma", "apical"};
  words.integrator = "runge_kutta4";
  words.keys = equations::keys;
  words.required = {"states"};
  words.spike_slopes = words.conductance_slopes = true; // of those that spike
  words.define = define_equations;
  entry.place = 150;
  entry.make.single = [](const model::Region &, std::uint64_t) {
    return make_no_equations<std::unique_ptr<RegionDynamics<float>>>();
  };
  entry.make.twice = [](const model::Region &, std::uint64_t) {
    return make_no_equations<std::unique_ptr<RegionDynamics<double>>>();
  };
  return entry;
}

} // namespace engram::dynamics
