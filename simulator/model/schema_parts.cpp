#include "model/schema_parts.hpp"

#include <cmath>

namespace engram::model {
namespace {

std::string with_unit(const std::string &help, const std::string &unit) {
  return unit.empty() ? help : help + " (" + unit + ")";
}

Json bounded(const Parameter &parameter) {
  Json out = {{"type", parameter.integer ? "integer" : "number"}};
  if (std::isfinite(parameter.minimum))
    out[parameter.above_minimum ? "exclusiveMinimum" : "minimum"] = parameter.minimum;
  if (std::isfinite(parameter.maximum)) out["maximum"] = parameter.maximum;
  return out;
}

Json parameter_schema(const Parameter &parameter) {
  const std::string description =
      with_unit(parameter.help, parameter.unit) + (parameter.in_steps ? "; a multiple of the time step" : "");
  if (!parameter.choices.empty()) {
    const auto index = static_cast<std::size_t>(std::max(0.0, parameter.initial));
    return one_of_words(parameter.choices, description,
                        index < parameter.choices.size() ? parameter.choices[index] : "");
  }
  if (parameter.file) return {{"type", "string"}, {"minLength", 1}, {"description", description}};
  Json number = bounded(parameter);
  Json out;
  if (parameter.per_neuron) {
    const Json any = {{"type", "number"}};
    const Json sd = {{"type", "number"}, {"minimum", 0}};
    out = {{"anyOf",
            {number,
             {{"type", "array"}, {"items", number}, {"minItems", 1}, {"description", "one value for each neuron"}},
             normal_distribution("neuron", number, sd),
             uniform_distribution("neuron", number)}}};
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

Json described(const char *type, const std::string &description) {
  return {{"type", type}, {"description", description}};
}

Json one_of_words(const std::vector<std::string> &words, const std::string &description, const std::string &initial) {
  Json out = described("string", description);
  out["enum"] = words;
  if (!initial.empty()) out["default"] = initial;
  return out;
}

Json closed(const std::string &description, Json properties, std::vector<std::string> required) {
  Json out = {{"type", "object"}};
  if (!description.empty()) out["description"] = description;
  out["properties"] = std::move(properties);
  if (!required.empty()) out["required"] = std::move(required);
  out["additionalProperties"] = false;
  return out;
}

Json parameter_properties(const std::vector<Parameter> &parameters) {
  Json out = Json::object();
  for (const auto &parameter : parameters) out[parameter.name] = parameter_schema(parameter);
  return out;
}

Json typed(const std::vector<Named> &entries, const std::string &description, const std::string &initial,
           const Json &more) {
  std::vector<std::string> names;
  std::string listing = description;
  for (const auto &entry : entries) {
    names.push_back(entry.name);
    listing += "\n" + entry.name + ": " + entry.help;
  }
  // An enum may not be empty.
  if (names.empty()) return {{"not", Json::object()}, {"description", description + " (none is known)"}};
  Json branches = Json::array({one_of_words(names, listing, "")});
  for (const auto &entry : entries) {
    Json properties = {{"type", {{"const", entry.name}, {"description", entry.help}}}};
    properties.update(parameter_properties(entry.parameters));
    if (more.contains(entry.name)) properties.update(more.at(entry.name));
    std::vector<std::string> required{"type"};
    for (const auto &parameter : entry.parameters)
      if (parameter.file) required.push_back(parameter.name);
    std::string help = entry.help;
    if (!entry.reference.empty()) help += " [" + entry.reference + "]";
    branches.push_back(closed(help, std::move(properties), std::move(required)));
  }
  Json out = {{"anyOf", std::move(branches)}, {"description", listing}};
  if (!initial.empty()) out["default"] = initial;
  return out;
}

namespace {
Json with_description(Json value, const char *description) {
  value["description"] = description;
  return value;
}
} // namespace

Json normal_distribution(const std::string &owner, const Json &number, const Json &sd) {
  const Json values = {{"mean", with_description(number, "mean")}, {"sd", with_description(sd, "standard deviation")}};
  return closed("drawn for each " + owner + " from a normal distribution",
                {{"normal", closed("the distribution's mean and standard deviation", values, {"mean", "sd"})}},
                {"normal"});
}

Json uniform_distribution(const std::string &owner, const Json &number) {
  const Json values = {{"low", with_description(number, "the least value")},
                       {"high", with_description(number, "the greatest value")}};
  return closed("drawn for each " + owner + " from a uniform distribution",
                {{"uniform", closed("the distribution's range", values, {"low", "high"})}}, {"uniform"});
}

Json reference(const char *definition, const std::string &description) {
  // Beside a $ref draft-07 ignores other keys; within allOf they count.
  return {{"allOf", Json::array({{{"$ref", std::string("#/definitions/") + definition}}})},
          {"description", description}};
}

Json definitions(const Vocabulary &vocabulary) {
  Parameter any;
  any.per_neuron = true;
  any.help = "a number, one number for each neuron, or a distribution";
  Json quantity = parameter_schema(any);
  quantity.erase("default");

  const Json number = {{"type", "number"}};
  const Json positive = {{"type", "number"}, {"minimum", 0}};
  const Json lag = {{"anyOf",
                     {positive, normal_distribution("synapse, 0 at the least", positive, positive),
                      uniform_distribution("synapse", positive)}}};
  const Json gain = {{"type", "number"},
                     {"minimum", 0},
                     {"default", 1},
                     {"description", "standard deviation times the square root of the synapses onto a neuron"}};
  const Json drawn = Json::array(
      {described("number", "the same weight for all synapses"),
       closed("drawn from a normal distribution",
              {{"normal",
                {{"anyOf",
                  {closed("by gain", {{"gain", gain}}, {"gain"}),
                   normal_distribution("synapse", number, positive).at("properties").at("normal")}},
                 {"description", "a normal distribution, by its gain or by its mean and standard deviation"}}}},
              {"normal"}),
       uniform_distribution("synapse", number)});
  Json all = drawn;
  all.push_back({{"type", "array"},
                 {"minItems", 1},
                 {"items", {{"type", "array"}, {"minItems", 1}, {"items", number}}},
                 {"description", "one row for each postsynaptic neuron, one number for each presynaptic neuron"}});
  all.push_back(
      closed("from an array file, postsynaptic × presynaptic",
             {{"file", {{"type", "string"}, {"minLength", 1}, {"description", "array file, from this file's folder"}}},
              {"key", described("string", "array within the file (npz)")}},
             {"file"}));
  const Json name = described("string", "name of the other projection");
  const Json scale = {{"type", "number"}, {"default", 1}, {"description", "multiplies the transposed weights"}};
  all.push_back(closed("the transpose of another projection's weights, at every moment",
                       {{"transpose_of", name}, {"gain", scale}}, {"transpose_of"}));
  all.push_back(closed("own magnitudes, with the signs of another projection's transpose",
                       {{"sign_of", name}, {"gain", gain}}, {"sign_of"}));
  all.push_back(
      closed("begin as another projection's weights, and go their own way",
             {{"copy_of", name},
              {"gain", {{"type", "number"}, {"default", 1}, {"description", "multiplies the copied weights"}}}},
             {"copy_of"}));
  all.push_back(closed("of \"connect\": \"pairs\", as the third column of its file lists them",
                       {{"listed", {{"type", "number"}, {"description", "multiplies the listed weights"}}}},
                       {"listed"}));
  return {{"quantity", quantity},
          {"lag", lag},
          {"drawn_weights", {{"anyOf", drawn}}},
          {"weights", {{"anyOf", all}}},
          {"activation", typed(vocabulary.activations, "how a potential becomes a rate", "")}};
}

} // namespace engram::model
