// read_architecture() reads regions and projections.
#include "input/nearest.hpp"
#include "model/reader.hpp"

#include <algorithm>
#include <unordered_map>

namespace engram::model {
namespace {

const input::Json *find(const input::Json &holder, const char *key) {
  const auto found = holder.find(key);
  return found == holder.end() ? nullptr : &*found;
}

std::vector<std::string> read_rule_names(const input::Json &value) {
  if (value.is_null()) return {};
  if (value.is_string()) return {value.get<std::string>()};
  return value.get<std::vector<std::string>>();
}

// Times, or a regular train: `count` spikes, the first at `first` ms and then one `every` so many.
std::vector<double> read_train(const input::Json &value) {
  if (value.is_array()) return value.get<std::vector<double>>();
  std::vector<double> out(value.at("count").get<std::size_t>());
  const double first = value.at("first").get<double>(), every = value.at("every").get<double>();
  for (std::size_t k = 0; k < out.size(); ++k) out[k] = first + static_cast<double>(k) * every;
  return out;
}

Receptor read_receptor(const std::string &name, const input::Json &kinetics, const Vocabulary &vocabulary) {
  Receptor out{name, read_typed(&kinetics, vocabulary.receptors, ""), false};
  if (const Named *entry = entry_named(out.kinetics.type, vocabulary.receptors)) out.conductance = entry->conductance;
  return out;
}

Region read_region(const std::string &name, const input::Json &value, const Time &time, const Vocabulary &vocabulary,
                   input::Problems &problems) {
  Region region;
  region.name = name;
  region.pointer = input::below("/architecture/regions", name);
  region.size = value.at("size").get<std::size_t>();
  std::vector<Named> kinds;
  for (const auto &one : vocabulary.dynamics) kinds.push_back({one.name, "", "", one.parameters});
  region.dynamics = read_typed(&value.at("dynamics"), kinds, "");
  if (const auto define = dynamics_of(region, vocabulary).define) {
    region.own = define(value, region.pointer, problems);
    if (region.own) region.dynamics.parameters = region.own->parameters;
  }
  const Dynamics &dynamics = dynamics_of(region, vocabulary);
  if (dynamics.activation) {
    const input::Json &given = value.at("dynamics");
    region.activation = read_typed(given.is_object() ? find(given, "activation") : nullptr, vocabulary.activations,
                                   dynamics.default_activation);
    if (const Named *entry = entry_named(region.activation.type, vocabulary.activations)) region.rates = entry->rates;
  }
  if (time.integrator_given && !dynamics.integrator.empty())
    region.integrator = time.integrator;
  else
    region.integrator = read_typed(nullptr, vocabulary.integrators, dynamics.integrator);
  if (const input::Json *bias = find(value, "bias")) {
    const bool learns = bias->is_object() && bias->contains("rule");
    region.bias = read_quantity(learns ? bias->at("initial") : *bias);
    if (learns) region.bias_rules = read_rule_names(bias->at("rule"));
  }
  region.noise = read_typed(find(value, "noise"), vocabulary.noises);
  if (const input::Json *initial = find(value, "initial")) {
    region.feedforward = initial->is_string();
    if (!region.feedforward) region.initial = read_quantity(*initial);
  }
  if (const input::Json *receptors = find(value, "receptors"))
    for (const auto &[receptor, kinetics] : receptors->items())
      region.receptors.push_back(read_receptor(receptor, kinetics, vocabulary));
  if (const input::Json *spikes = find(value, "spikes")) {
    region.spikes.emplace();
    if (spikes->is_array()) {
      for (const input::Json &train : *spikes) region.spikes->times.push_back(read_train(train));
    } else {
      region.spikes->file = spikes->at("file").get<std::string>();
      region.spikes->key = spikes->value("key", "");
    }
  }
  return region;
}

End read_end(const std::string &text, bool target, const Model &model, const Vocabulary &vocabulary,
             const std::string &pointer, input::Problems &problems) {
  const auto dot = text.find('.');
  End end;
  end.region = region_index(model, text.substr(0, dot), pointer, problems);
  end.port = dot == std::string::npos ? (target ? "soma" : "rate") : text.substr(dot + 1);
  if (end.region == unresolved) return end;
  const Region &region = model.regions[end.region];
  const Dynamics &dynamics = dynamics_of(region, vocabulary);
  if (dot == std::string::npos && !target && dynamics.spikes) end.port = "spike";
  auto ports = target ? dynamics.compartments : signal_names(dynamics);
  if (target)
    for (const auto &receptor : region.receptors) ports.push_back(receptor.name);
  if (std::find(ports.begin(), ports.end(), end.port) == ports.end()) {
    if (target && ports.empty())
      problems.add(pointer, "region '" + region.name + "' is '" + dynamics.name + "', which no projection can target");
    else
      problems.add(pointer, input::unknown(target ? "compartment" : "signal", input::shown(end.port), ports) +
                                " (of '" + region.name + "', which is '" + dynamics.name + "')");
    end.region = unresolved;
  }
  return end;
}

std::string end_name(const std::string &text, const std::string &usual) {
  const auto dot = text.find('.');
  return dot != std::string::npos && text.substr(dot + 1) == usual ? text.substr(0, dot) : text;
}

// `other` is filled in once all projections have names.
Weights read_weights(const input::Json *value, const std::string &pointer, input::Problems &problems) {
  using Kind = Weights::Kind;
  Weights out;
  if (!value) return out;
  const auto drawn = [&](Kind kind, double a, double b) {
    out.kind = kind;
    out.a = a;
    out.b = b;
  };
  if (value->is_number()) {
    drawn(Kind::constant, value->get<double>(), 0);
  } else if (value->is_array()) {
    out.kind = Kind::values;
    out.a = static_cast<double>(value->front().size()); // for the check of its shape
    for (std::size_t i = 0; i < value->size(); ++i) {
      const input::Json &row = (*value)[i];
      if (row.size() != value->front().size())
        problems.add(input::below(pointer, i), "the row has " + std::to_string(row.size()) +
                                                   " numbers, the first has " + std::to_string(value->front().size()));
      for (const input::Json &x : row) out.values.push_back(x.get<double>());
    }
  } else if (const input::Json *normal = find(*value, "normal")) {
    if (normal->contains("gain"))
      drawn(Kind::gain, normal->at("gain").get<double>(), 0);
    else
      drawn(Kind::normal, normal->at("mean").get<double>(), normal->at("sd").get<double>());
  } else if (const input::Json *uniform = find(*value, "uniform")) {
    drawn(Kind::uniform, uniform->at("low").get<double>(), uniform->at("high").get<double>());
    if (out.a > out.b) problems.add(pointer, "'low' is above 'high'");
  } else if (value->contains("file")) {
    out.kind = Kind::file;
    out.file = value->at("file").get<std::string>();
    out.key = value->value("key", "");
  } else if (value->contains("transpose_of")) {
    drawn(Kind::transpose_of, value->value("gain", 1.0), 0);
  } else if (value->contains("sign_of")) {
    drawn(Kind::sign_of, value->value("gain", 1.0), 0);
  } else if (value->contains("listed")) {
    drawn(Kind::listed, value->at("listed").get<double>(), 0);
  } else {
    drawn(Kind::copy_of, value->value("gain", 1.0), 0);
  }
  return out;
}

Constraints read_constraints(const input::Json &value, const std::string &pointer, input::Problems &problems) {
  Constraints out;
  const std::string sign = value.value("sign", "");
  if (sign == "excitatory") out.sign = Constraints::Sign::excitatory;
  if (sign == "inhibitory") out.sign = Constraints::Sign::inhibitory;
  if (sign == "keep") out.sign = Constraints::Sign::keep;
  if (const input::Json *x = find(value, "minimum")) out.minimum = x->get<double>();
  if (const input::Json *x = find(value, "maximum")) out.maximum = x->get<double>();
  if (const input::Json *x = find(value, "norm")) out.norm = x->get<double>();
  out.mask = value.value("mask", false);
  if (out.minimum && out.maximum && *out.minimum > *out.maximum) problems.add(pointer, "'minimum' is above 'maximum'");
  const auto moves = [](const std::optional<double> &bound) { return bound && *bound != 0; };
  if (out.norm && (moves(out.minimum) || moves(out.maximum)))
    problems.add(input::below(pointer, "norm"),
                 "weights are scaled to it, past a 'minimum' or a 'maximum'; only one of 0 "
                 "goes with it");
  if (out.sign == Constraints::Sign::excitatory && out.maximum && *out.maximum < 0)
    problems.add(pointer, "excitatory weights cannot all be below 0");
  if (out.sign == Constraints::Sign::inhibitory && out.minimum && *out.minimum > 0)
    problems.add(pointer, "inhibitory weights cannot all be above 0");
  return out;
}

// The key that names another projection, or nullptr.
const char *reference_key(Weights::Kind kind) {
  switch (kind) {
  case Weights::Kind::transpose_of:
    return "transpose_of";
  case Weights::Kind::sign_of:
    return "sign_of";
  case Weights::Kind::copy_of:
    return "copy_of";
  default:
    return nullptr;
  }
}

// Fills in transpose_of, sign_of and copy_of.
void join_weights(const input::Json &projections, Model &model, input::Problems &problems) {
  std::unordered_map<std::string, std::size_t> index;
  std::vector<std::string> names;
  for (std::size_t k = 0; k < model.projections.size(); ++k) {
    const Projection &projection = model.projections[k];
    names.push_back(projection.name);
    const auto [at, is_new] = index.emplace(projection.name, k);
    if (!is_new)
      problems.add(projection.pointer, "a second projection named '" + input::shown(projection.name) +
                                           "' (the first is number " + std::to_string(at->second) +
                                           "); give one of them a \"name\"");
  }
  for (auto &projection : model.projections) {
    Weights &weights = projection.weights;
    const char *key = reference_key(weights.kind);
    if (!key) continue;
    const std::size_t own = static_cast<std::size_t>(&projection - model.projections.data());
    const std::string name = projections[own].at("weights").at(key).get<std::string>();
    const auto found = index.find(name);
    weights.other = found == index.end() ? unresolved : found->second;
    if (found == index.end())
      problems.add(projection.pointer + "/weights/" + key, input::unknown("projection", input::shown(name), names));
  }
}

// A delay that is not taken apart is the axon's.
void read_delay(const input::Json *value, Projection &out) {
  out.axonal = out.dendritic = Quantity::of(0);
  if (!value) return;
  const bool apart =
      value->is_object() && (value->empty() || value->contains("axonal") || value->contains("dendritic"));
  if (!apart) out.axonal = read_quantity(*value);
  if (apart && value->contains("axonal")) out.axonal = read_quantity(value->at("axonal"));
  if (apart && value->contains("dendritic")) out.dendritic = read_quantity(value->at("dendritic"));
  if (out.axonal.kind == Quantity::Kind::constant) out.delay = out.axonal.a;
}

} // namespace

End read_source(const std::string &text, const Model &model, const Vocabulary &vocabulary, const std::string &pointer,
                input::Problems &problems) {
  return read_end(text, false, model, vocabulary, pointer, problems);
}

void read_architecture(const input::Json &architecture, const Vocabulary &vocabulary, Model &model,
                       input::Problems &problems) {
  for (const auto &[name, value] : architecture.at("regions").items())
    model.regions.push_back(read_region(name, value, model.time, vocabulary, problems));
  for (const auto &region : model.regions) // what is wrong with others would follow from what is not known of it
    if (dynamics_of(region, vocabulary).define && !region.own) problems.raise();
  const input::Json *projections = find(architecture, "projections");
  if (!projections) return;
  for (std::size_t k = 0; k < projections->size(); ++k) {
    const input::Json &value = (*projections)[k];
    Projection out;
    out.pointer = input::below("/architecture/projections", k);
    const std::string from = value.at("from").get<std::string>(), to = value.at("to").get<std::string>();
    out.from = read_end(from, false, model, vocabulary, out.pointer + "/from", problems);
    out.to = read_end(to, true, model, vocabulary, out.pointer + "/to", problems);
    out.name = value.value("name", end_name(from, "rate") + "->" + end_name(to, "soma"));
    out.connect = read_typed(find(value, "connect"), vocabulary.patterns);
    out.weights = read_weights(find(value, "weights"), out.pointer + "/weights", problems);
    read_delay(find(value, "delay"), out);
    out.short_term = read_typed(find(value, "short_term"), vocabulary.short_term);
    if (const input::Json *rule = find(value, "rule")) out.rules = read_rule_names(*rule);
    if (const input::Json *constraints = find(value, "constraints"))
      out.constraints = read_constraints(*constraints, out.pointer + "/constraints", problems);
    model.projections.push_back(std::move(out));
  }
  join_weights(*projections, model, problems);
}

} // namespace engram::model
