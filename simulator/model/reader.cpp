#include "model/reader.hpp"
#include "input/nearest.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace engram::model {

Quantity read_quantity(const input::Json &value) {
  Quantity out;
  if (value.is_number()) return Quantity::of(value.get<double>());
  if (value.is_array()) {
    out.kind = Quantity::Kind::values;
    out.values = value.get<std::vector<double>>();
  } else if (value.contains("normal")) {
    const input::Json &normal = value.at("normal");
    out = {Quantity::Kind::normal, normal.at("mean").get<double>(), normal.at("sd").get<double>(), {}};
    if (const auto minimum = normal.find("minimum"); minimum != normal.end()) out.minimum = minimum->get<double>();
  } else {
    const input::Json &uniform = value.at("uniform");
    out = {Quantity::Kind::uniform, uniform.at("low").get<double>(), uniform.at("high").get<double>(), {}};
  }
  return out;
}

Typed read_typed(const input::Json *value, const std::vector<Named> &entries) {
  const Named *usual = default_of(entries);
  return read_typed(value, entries, usual ? usual->name : "");
}

Typed read_typed(const input::Json *value, const std::vector<Named> &entries, const std::string &fallback) {
  Typed out;
  out.type = !value ? fallback : value->is_string() ? value->get<std::string>() : value->at("type").get<std::string>();
  const Named *entry = entry_named(out.type, entries);
  if (!entry) return out;
  for (const auto &parameter : entry->parameters) {
    if (parameter.file) {
      if (value && value->is_object()) out.file = value->value(parameter.name, "");
      continue;
    }
    Quantity &quantity = out.parameters[parameter.name];
    quantity = Quantity::of(parameter.initial);
    if (!value || !value->is_object() || !value->contains(parameter.name)) continue;
    const input::Json &given = value->at(parameter.name);
    if (parameter.choices.empty()) {
      quantity = read_quantity(given);
    } else {
      const auto word = std::find(parameter.choices.begin(), parameter.choices.end(), given.get<std::string>());
      quantity = Quantity::of(static_cast<double>(word - parameter.choices.begin()));
    }
  }
  return out;
}

std::vector<std::string> region_names(const Model &model) {
  std::vector<std::string> out;
  for (const auto &region : model.regions) out.push_back(region.name);
  return out;
}

std::vector<std::string> rule_names(const Model &model) {
  std::vector<std::string> out;
  for (const auto &rule : model.rules) out.push_back(rule.name);
  return out;
}

bool offers(const Dynamics &dynamics, const std::string &signal) {
  return std::any_of(dynamics.signals.begin(), dynamics.signals.end(), [&](const auto &s) { return s.name == signal; });
}

std::vector<std::string> signal_names(const Dynamics &dynamics) {
  std::vector<std::string> out;
  for (const auto &signal : dynamics.signals) out.push_back(signal.name);
  return out;
}

const State *state_named(const Dynamics &dynamics, const std::string &name) {
  if (offers(dynamics, name)) return nullptr;
  for (const auto &state : dynamics.states)
    if (state.name == name) return &state;
  return nullptr;
}

std::size_t region_index(const Model &model, const std::string &name, const std::string &pointer,
                         input::Problems &problems) {
  for (std::size_t k = 0; k < model.regions.size(); ++k)
    if (model.regions[k].name == name) return k;
  problems.add(pointer, input::unknown("region", input::shown(name), region_names(model)));
  return unresolved;
}

bool carries_spikes(const Projection &projection, const Model &model) {
  if (projection.to.region == unresolved) return false;
  const auto &receptors = model.regions[projection.to.region].receptors;
  return std::any_of(receptors.begin(), receptors.end(),
                     [&](const Receptor &receptor) { return receptor.name == projection.to.port; });
}

namespace {

// A text, or a list of them.
std::vector<std::string> read_texts(const input::Json &object, const char *key) {
  if (!object.contains(key)) return {};
  const input::Json &value = object.at(key);
  if (value.is_string()) return {value.get<std::string>()};
  return value.get<std::vector<std::string>>();
}

Session read_session(const input::Json &session) {
  return {read_texts(session, "experimenter"), read_texts(session, "keywords"), read_texts(session, "publications"),
          session.value("institution", ""), session.value("lab", "")};
}

// Of normal distributions with a minimum: what is drawn again and again would take long. One draw in 700 lies 3 sd
// above.
void check_minima(const input::Json &value, const std::string &pointer, input::Problems &problems) {
  constexpr double most_sd = 3;
  if (value.is_array())
    for (std::size_t k = 0; k < value.size(); ++k) check_minima(value[k], input::below(pointer, k), problems);
  if (!value.is_object()) return;
  for (const auto &[key, inner] : value.items()) check_minima(inner, input::below(pointer, key), problems);
  const auto normal = value.find("normal");
  if (normal == value.end() || !normal->is_object() || !normal->contains("minimum")) return;
  const double mean = normal->at("mean").get<double>(), sd = normal->at("sd").get<double>();
  if (normal->at("minimum").get<double>() > mean + most_sd * sd)
    problems.add(input::below(input::below(pointer, "normal"), "minimum"),
                 fmt::format("next to nothing of this distribution lies above it: the most is the mean + {:g} sd, {:g}",
                             most_sd, mean + most_sd * sd));
}

// Rate regions move together. Where the file names no integrator, they take that of the region whose own is stable in
// the longest steps: a neuron that asks for a method of high order gets it.
void choose_integrator(Model &model, const Vocabulary &vocabulary) {
  const auto moves = [&](const Region &region) {
    const Dynamics &dynamics = dynamics_of(region, vocabulary);
    return !dynamics.spikes && !dynamics.integrator.empty();
  };
  const Named *best = entry_named(model.time.integrator.type, vocabulary.integrators);
  for (const auto &region : model.regions) {
    if (!moves(region)) continue;
    const Named *own = entry_named(dynamics_of(region, vocabulary).integrator, vocabulary.integrators);
    if (own && (!best || own->stable_to > best->stable_to)) best = own;
  }
  if (!best || best->name == model.time.integrator.type) return;
  model.time.integrator = read_typed(nullptr, vocabulary.integrators, best->name);
  for (auto &region : model.regions)
    if (moves(region)) region.integrator = model.time.integrator;
}

} // namespace

Model read(const input::Json &document, const Vocabulary &vocabulary, input::Problems &problems) {
  Model model;
  model.name = document.value("name", "");
  model.description = document.value("description", "");
  if (document.contains("session")) model.session = read_session(document.at("session"));
  model.seed = document.value("seed", std::uint64_t{1});
  model.single = document.value("precision", "double") == "single";
  const input::Json time = document.value("time", input::Json::object());
  model.time.step = time.value("step", 1.0);
  model.time.integrator =
      read_typed(time.contains("integrator") ? &time.at("integrator") : nullptr, vocabulary.integrators);
  model.time.integrator_given = time.contains("integrator");
  read_architecture(document.at("architecture"), vocabulary, model, problems);
  check_minima(document.at("architecture"), "/architecture", problems);
  if (!model.time.integrator_given) choose_integrator(model, vocabulary);
  if (document.contains("objective")) read_objective(document, vocabulary, model, problems);
  if (document.contains("learning") && document.at("learning").contains("rules"))
    read_rules(document.at("learning").at("rules"), vocabulary, model, problems);
  if (document.contains("task")) read_task(document.at("task"), model, problems);
  if (document.contains("task") && document.at("task").contains("environment"))
    read_environment(document.at("task").at("environment"), vocabulary, model, problems);
  if (document.contains("initial")) model.initial_run = document.at("initial").at("run").get<std::string>();
  if (document.contains("record")) read_record(document.at("record"), vocabulary, model, problems);
  return model;
}

} // namespace engram::model
