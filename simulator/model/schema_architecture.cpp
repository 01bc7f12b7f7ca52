#include "model/schema_parts.hpp"

namespace engram::model {
namespace {

Json rules_schema() {
  return {{"anyOf",
           {{{"type", {"string", "null"}}}, {{"type", "array"}, {"minItems", 1}, {"items", {{"type", "string"}}}}}},
          {"description", "rule of the model by which it learns, or several; null: none"}};
}

Json region_schema(const Vocabulary &vocabulary) {
  std::vector<Named> kinds;
  Json more = Json::object();
  for (const auto &dynamics : vocabulary.dynamics) {
    kinds.push_back({dynamics.name, dynamics.help, dynamics.reference, dynamics.parameters});
    if (!dynamics.activation) continue;
    Json activation = reference("activation", "how a potential becomes a rate");
    if (!dynamics.default_activation.empty()) activation["default"] = dynamics.default_activation;
    more[dynamics.name]["activation"] = activation;
  }
  Json bias = {{"anyOf",
                {{{"$ref", "#/definitions/quantity"}},
                 closed("a bias that learns",
                        {{"initial", reference("quantity", "bias before learning")}, {"rule", rules_schema()}},
                        {"initial", "rule"})}},
               {"description", "input that each neuron has always: the weight of a synapse from a neuron of rate 1"},
               {"default", 0}};
  Json initial = reference("quantity", "state at the start of each trial");
  initial["default"] = 0;
  return closed(
      "a group of neurons of one kind",
      {{"description", described("string", "what it stands for")},
       {"size", {{"type", "integer"}, {"minimum", 1}, {"maximum", 1000000000000000000}, {"description", "neurons"}}},
       {"dynamics", typed(kinds, "how its neurons move", "", more)},
       {"bias", bias},
       {"noise", typed(vocabulary.noises, "what is injected into each neuron at each step", "none")},
       {"initial", initial}},
      {"size", "dynamics"});
}

Json projection_schema(const Vocabulary &vocabulary) {
  Json weights = reference("weights", "weights at the beginning");
  weights["default"] = {{"normal", {{"gain", 1}}}};
  const Json number = {{"type", "number"}};
  Json constraints = closed(
      "kept after each update",
      {{"sign", one_of_words({"excitatory", "inhibitory", "keep"},
                             "Dale's law: no weight below 0, none above 0, or each keeps the sign it began with", "")},
       {"minimum", described("number", "no weight below it")},
       {"maximum", described("number", "no weight above it")},
       {"norm",
        {{"type", "number"}, {"exclusiveMinimum", 0}, {"description", "L2 norm of the weights onto each neuron"}}},
       {"mask", {{"type", "boolean"}, {"default", false}, {"description", "synapses of initial weight 0 stay at 0"}}}},
      {});
  return closed(
      "synapses from one region's signal to another's compartment",
      {{"name",
        {{"type", "string"}, {"minLength", 1}, {"maxLength", 200}, {"description", "made from its ends if not given"}}},
       {"description", described("string", "what it stands for")},
       {"from", described("string", "region, or region.signal (default signal: rate)")},
       {"to", described("string", "region, or region.compartment (default compartment: soma)")},
       {"connect", typed(vocabulary.patterns, "which neurons are joined", "dense")},
       {"weights", weights},
       {"delay",
        {{"type", "number"}, {"minimum", 0}, {"default", 0}, {"description", "a multiple of the time step (ms)"}}},
       {"rule", rules_schema()},
       {"constraints", constraints}},
      {"from", "to"});
}

} // namespace

Json architecture_schema(const Vocabulary &vocabulary) {
  Json regions = {{"type", "object"},
                  {"minProperties", 1},
                  {"propertyNames", {{"pattern", "^[A-Za-z0-9_-]+$"}, {"maxLength", 64}}},
                  {"additionalProperties", region_schema(vocabulary)},
                  {"description", "regions by name (letters, digits, _ and -)"}};
  Json projections = {
      {"type", "array"}, {"items", projection_schema(vocabulary)}, {"description", "what joins the regions"}};
  return closed("the circuit: regions and what joins them", {{"regions", regions}, {"projections", projections}},
                {"regions"});
}

} // namespace engram::model
