#include "model/schema_parts.hpp"

#include <cmath>

namespace engram::model {
namespace {

std::string with_unit(const std::string &help, const std::string &unit) {
  return unit.empty() ? help : help + " (" + unit + ")";
}

input::Json bounded(const Parameter &parameter) {
  input::Json out = {{"type", parameter.integer ? "integer" : "number"}};
  if (std::isfinite(parameter.minimum))
    out[parameter.above_minimum ? "exclusiveMinimum" : "minimum"] = parameter.minimum;
  if (std::isfinite(parameter.maximum)) out["maximum"] = parameter.maximum;
  return out;
}

input::Json parameter_schema(const Parameter &parameter) {
  const std::string description =
      with_unit(parameter.help, parameter.unit) + (parameter.in_steps ? "; a multiple of the time step" : "");
  if (!parameter.choices.empty()) {
    const auto index = static_cast<std::size_t>(std::max(0.0, parameter.initial));
    return input::one_of_words(parameter.choices, description,
                               index < parameter.choices.size() ? parameter.choices[index] : "");
  }
  if (parameter.file) return {{"type", "string"}, {"minLength", 1}, {"description", description}};
  input::Json number = bounded(parameter);
  input::Json out;
  if (parameter.per_neuron) {
    const input::Json any = {{"type", "number"}};
    const input::Json sd = {{"type", "number"}, {"minimum", 0}};
    out = {{"anyOf",
            {number,
             {{"type", "array"}, {"items", number}, {"minItems", 1}, {"description", "one value for each neuron"}},
             input::normal_distribution("neuron", number, sd, true),
             input::uniform_distribution("neuron", number)}}};
  } else {
    out = number;
  }
  out["description"] = description;
  if (std::isfinite(parameter.initial)) {
    if (parameter.integer)
      out["default"] = static_cast<std::int64_t>(parameter.initial);
    else
      out["default"] = parameter.initial;
  }
  return out;
}

} // namespace

input::Json parameter_properties(const std::vector<Parameter> &parameters) {
  input::Json out = input::Json::object();
  for (const auto &parameter : parameters) out[parameter.name] = parameter_schema(parameter);
  return out;
}

input::Json typed(const std::vector<Named> &entries, const std::string &description, const input::Json &more,
                  const std::map<std::string, std::vector<std::string>> &required_of) {
  std::vector<std::string> names;
  std::string listing = description;
  for (const auto &entry : entries) {
    names.push_back(entry.name);
    listing += "\n" + entry.name + ": " + entry.help;
  }
  // An enum may not be empty.
  if (names.empty()) return {{"not", input::Json::object()}, {"description", description + " (none is known)"}};
  input::Json branches = input::Json::array({input::one_of_words(names, listing, "")});
  for (const auto &entry : entries) {
    input::Json properties = {{"type", {{"const", entry.name}, {"description", entry.help}}}};
    properties.update(parameter_properties(entry.parameters));
    if (more.contains(entry.name)) properties.update(more.at(entry.name));
    std::vector<std::string> required{"type"};
    for (const auto &parameter : entry.parameters)
      if (parameter.file) required.push_back(parameter.name);
    if (const auto keys = required_of.find(entry.name); keys != required_of.end())
      required.insert(required.end(), keys->second.begin(), keys->second.end());
    std::string help = entry.help;
    if (!entry.reference.empty()) help += " [" + entry.reference + "]";
    branches.push_back(input::closed(help, std::move(properties), std::move(required)));
  }
  return {{"anyOf", std::move(branches)}, {"description", listing}};
}

input::Json typed_or_default(const std::vector<Named> &entries, const std::string &description) {
  input::Json out = typed(entries, description);
  if (const Named *usual = default_of(entries)) out["default"] = usual->name;
  return out;
}

input::Json definitions(const Vocabulary &vocabulary) {
  Parameter any;
  any.per_neuron = true;
  any.help = "a number, one number for each neuron, or a distribution";
  input::Json quantity = parameter_schema(any);
  quantity.erase("default");

  const input::Json number = {{"type", "number"}};
  const input::Json positive = {{"type", "number"}, {"minimum", 0}};
  const input::Json lag = {{"anyOf",
                            {positive, input::normal_distribution("synapse, 0 at the least", positive, positive, true),
                             input::uniform_distribution("synapse", positive)}}};
  const input::Json gain = {{"type", "number"},
                            {"minimum", 0},
                            {"default", 1},
                            {"description", "standard deviation times the square root of the synapses onto a neuron"}};
  const input::Json drawn = input::Json::array(
      {input::type_schema("number", "the same weight for all synapses"),
       input::closed("drawn from a normal distribution",
                     {{"normal",
                       {{"anyOf",
                         {input::closed("by gain", {{"gain", gain}}, {"gain"}),
                          input::normal_distribution("synapse", number, positive).at("properties").at("normal")}},
                        {"description", "a normal distribution, by its gain or by its mean and standard deviation"}}}},
                     {"normal"}),
       input::uniform_distribution("synapse", number)});
  input::Json all = drawn;
  all.push_back({{"type", "array"},
                 {"minItems", 1},
                 {"items", {{"type", "array"}, {"minItems", 1}, {"items", number}}},
                 {"description", "one row for each postsynaptic neuron, one number for each presynaptic neuron"}});
  all.push_back(input::closed(
      "from an array file, postsynaptic × presynaptic",
      {{"file", {{"type", "string"}, {"minLength", 1}, {"description", "array file, from this file's folder"}}},
       {"key", input::type_schema("string", "array within the file (npz)")}},
      {"file"}));
  const input::Json name = input::type_schema("string", "name of the other projection");
  const input::Json scale = {{"type", "number"}, {"default", 1}, {"description", "multiplies the transposed weights"}};
  all.push_back(input::closed("the transpose of another projection's weights, at every moment",
                              {{"transpose_of", name}, {"gain", scale}}, {"transpose_of"}));
  all.push_back(input::closed("own magnitudes, with the signs of another projection's transpose",
                              {{"sign_of", name}, {"gain", gain}}, {"sign_of"}));
  all.push_back(
      input::closed("begin as another projection's weights, and go their own way",
                    {{"copy_of", name},
                     {"gain", {{"type", "number"}, {"default", 1}, {"description", "multiplies the copied weights"}}}},
                    {"copy_of"}));
  all.push_back(input::closed("of \"connect\": " + those_that(&Named::lists_synapses, vocabulary.patterns) +
                                  ", as the third column of its file lists them",
                              {{"listed", {{"type", "number"}, {"description", "multiplies the listed weights"}}}},
                              {"listed"}));
  return {{"quantity", quantity},
          {"lag", lag},
          {"drawn_weights", {{"anyOf", drawn}}},
          {"weights", {{"anyOf", all}}},
          {"activation", typed(vocabulary.activations, "how a potential becomes a rate")}};
}

} // namespace engram::model
