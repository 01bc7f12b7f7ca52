// architecture_schema() is the JSON Schema of regions and projections.
#include "model/schema_parts.hpp"

namespace engram::model {
namespace {

input::Json rules_schema() {
  return {{"anyOf",
           {{{"type", {"string", "null"}}}, {{"type", "array"}, {"minItems", 1}, {"items", {{"type", "string"}}}}}},
          {"description", "rule of the model by which it learns, or several; null: none"}};
}

input::Json region_schema(const Vocabulary &vocabulary) {
  std::vector<Named> kinds;
  input::Json more = input::Json::object();
  std::map<std::string, std::vector<std::string>> required;
  for (const auto &dynamics : vocabulary.dynamics) {
    kinds.push_back({dynamics.name, dynamics.help, dynamics.reference, dynamics.parameters});
    if (dynamics.keys) {
      more[dynamics.name] = dynamics.keys();
      required[dynamics.name] = dynamics.required;
    }
    for (const auto &none : dynamics.not_offered)
      more[dynamics.name][none.name] = {{"not", input::Json::object()}, {"description", "not offered: " + none.reason}};
    if (!dynamics.activation) continue;
    input::Json activation = input::reference("activation", "how a potential becomes a rate");
    if (!dynamics.default_activation.empty()) activation["default"] = dynamics.default_activation;
    more[dynamics.name]["activation"] = activation;
  }
  input::Json bias = {
      {"anyOf",
       {{{"$ref", "#/definitions/quantity"}},
        input::closed("a bias that learns",
                      {{"initial", input::reference("quantity", "bias before learning")}, {"rule", rules_schema()}},
                      {"initial", "rule"})}},
      {"description", "input that each neuron has always: the weight of a synapse from a neuron of rate 1"},
      {"default", 0}};
  const input::Json initial = {
      {"anyOf",
       {{{"$ref", "#/definitions/quantity"}},
        input::one_of_words(
            {"feedforward"},
            "the steady state of a feedforward sweep: as if what the first phase shows had been there for "
            "long, and nothing had reached the apical compartments",
            "")}},
      {"description", "state at the start of each trial (0, or the resting potential, unless given)"}};
  const input::Json receptors = {
      {"type", "object"},
      {"propertyNames", {{"pattern", "^[A-Za-z0-9_-]+$"}, {"maxLength", 64}}},
      {"additionalProperties", typed(vocabulary.receptors, "what a spike that arrives does")},
      {"description", "of spiking regions: receptors by name, which projections target as "
                      "REGION.NAME"}};
  const input::Json ms = {{"type", "number"}, {"minimum", 0}};
  const input::Json train = input::closed(
      "a regular train",
      {{"first", {{"type", "number"}, {"minimum", 0}, {"description", "its first spike (ms)"}}},
       {"every", {{"type", "number"}, {"exclusiveMinimum", 0}, {"description", "its period (ms)"}}},
       {"count", {{"type", "integer"}, {"minimum", 0}, {"maximum", 10000000}, {"description", "how many spikes"}}}},
      {"first", "every", "count"});
  const input::Json times = {{"type", "array"},
                             {"minItems", 1},
                             {"items", {{"anyOf", {{{"type", "array"}, {"items", ms}}, train}}}},
                             {"description",
                              "by neuron: times in ms from the beginning of a trial, or a regular train; each spike "
                              "acts in the step that holds it, several in one step as several"}};
  const input::Json spikes = {
      {"anyOf",
       {times,
        input::closed("from a file: units of an NWB file, or an array of rows (neuron, ms)",
                      {{"file", {{"type", "string"}, {"minLength", 1}, {"description", "from this file's folder"}}},
                       {"key", input::type_schema("string", "array within the file")}},
                      {"file"})}},
      {"description", "of " + those_that(&Dynamics::given_spikes, vocabulary.dynamics) + ": when its neurons spike"}};
  return input::closed(
      "a group of neurons of one kind",
      {{"description", input::type_schema("string", "what it stands for")},
       {"size", {{"type", "integer"}, {"minimum", 1}, {"maximum", 1000000000000000000}, {"description", "neurons"}}},
       {"dynamics", typed(kinds, "how its neurons move", more, required)},
       {"bias", bias},
       {"noise", typed_or_default(vocabulary.noises, "what is injected into each neuron at each step")},
       {"initial", initial},
       {"receptors", receptors},
       {"spikes", spikes}},
      {"size", "dynamics"});
}

input::Json projection_schema(const Vocabulary &vocabulary) {
  input::Json weights = input::reference("weights", "weights at the beginning");
  weights["default"] = {{"normal", {{"gain", 1}}}};
  const input::Json number = {{"type", "number"}};
  input::Json constraints = input::closed(
      "kept after each update",
      {{"sign",
        input::one_of_words({"excitatory", "inhibitory", "keep"},
                            "Dale's law: no weight below 0, none above 0, or each keeps the sign it began with", "")},
       {"minimum", input::type_schema("number", "no weight below it")},
       {"maximum", input::type_schema("number", "no weight above it")},
       {"norm",
        {{"type", "number"}, {"exclusiveMinimum", 0}, {"description", "L2 norm of the weights onto each neuron"}}},
       {"mask", {{"type", "boolean"}, {"default", false}, {"description", "synapses of initial weight 0 stay at 0"}}}},
      {});
  const input::Json delay = {
      {"anyOf",
       {{{"$ref", "#/definitions/lag"}},
        input::closed("of spikes: two parts of the way, which a rule that pairs spikes tells apart",
                      {{"axonal", input::reference("lag", "ms from the soma to the synapse")},
                       {"dendritic", input::reference("lag", "ms from the synapse to the soma it acts on")}},
                      {})}},
      {"default", 0},
      {"description", "ms; a multiple of the time step; of spikes also drawn for each synapse, to the nearest step"}};
  return input::closed(
      "synapses from one region's signal to another's compartment",
      {{"name",
        {{"type", "string"}, {"minLength", 1}, {"maxLength", 200}, {"description", "made from its ends if not given"}}},
       {"description", input::type_schema("string", "what it stands for")},
       {"from",
        input::type_schema("string", "region, or region.signal (default signal: rate; of spiking regions: spike)")},
       {"to", input::type_schema("string", "region, or region.compartment (default: soma), or region.receptor")},
       {"connect", typed_or_default(vocabulary.patterns, "which neurons are joined")},
       {"weights", weights},
       {"delay", delay},
       {"short_term", typed_or_default(vocabulary.short_term, "how synapses change by their own use, within a trial")},
       {"rule", rules_schema()},
       {"constraints", constraints}},
      {"from", "to"});
}

} // namespace

input::Json architecture_schema(const Vocabulary &vocabulary) {
  input::Json regions = {{"type", "object"},
                         {"minProperties", 1},
                         {"propertyNames", {{"pattern", "^[A-Za-z0-9_-]+$"}, {"maxLength", 64}}},
                         {"additionalProperties", region_schema(vocabulary)},
                         {"description", "regions by name (letters, digits, _ and -)"}};
  input::Json projections = {
      {"type", "array"}, {"items", projection_schema(vocabulary)}, {"description", "what joins the regions"}};
  return input::closed("the circuit: regions and what joins them", {{"regions", regions}, {"projections", projections}},
                       {"regions"});
}

} // namespace engram::model
