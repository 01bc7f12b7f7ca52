// schema() puts the JSON Schema of a whole model file together.
#include "model/load.hpp"
#include "model/schema_parts.hpp"

#include <map>

namespace engram::model {

nlohmann::ordered_json schema(const Vocabulary &vocabulary) {
  // By integrator, the dynamics whose own it is.
  std::map<std::string, std::string> own;
  for (const auto &dynamics : vocabulary.dynamics)
    if (!dynamics.integrator.empty())
      own[dynamics.integrator] += (own[dynamics.integrator].empty() ? "" : ", ") + dynamics.name;
  std::string integrator = "how states move by one step; unless it is given";
  for (const auto &[name, kinds_of] : own) integrator += ", " + name + " for " + kinds_of;
  input::Json time = input::closed(
      "time",
      {{"step", {{"type", "number"}, {"exclusiveMinimum", 0}, {"default", 1}, {"description", "time step (ms)"}}},
       {"integrator", typed(vocabulary.integrators, integrator)}},
      {});

  const input::Json signals = {
      {"type", "array"}, {"minItems", 1}, {"items", {{"type", "string"}}}, {"description", "signals that are kept"}};
  const input::Json index = {{"type", "integer"}, {"minimum", 0}, {"maximum", 1000000000000000000}};
  const input::Json trials = {
      {"anyOf",
       {input::one_of_words({"training", "held_out", "test", "all"}, "", ""),
        {{"type", "array"}, {"minItems", 1}, {"items", index}, {"description", "these trials, from 0"}}}},
      {"description", "which trials are kept"}};
  const auto epochs_from = [&](int first, const std::string &description) -> input::Json {
    input::Json epoch = index;
    epoch["minimum"] = first;
    return {{"anyOf",
             {input::one_of_words({"all"}, "", ""),
              {{"type", "array"}, {"minItems", 1}, {"items", epoch}, {"description", "these epochs"}},
              input::closed("each k-th epoch",
                            {{"every",
                              {{"type", "integer"},
                               {"minimum", 1},
                               {"maximum", 1000000000},
                               {"description", "from epoch to epoch"}}}},
                            {"every"})}},
            {"description", description}};
  };
  const input::Json kept = input::closed(
      "what is kept of a region",
      {{"signals", signals},
       {"trials", trials},
       {"every",
        {{"type", "integer"},
         {"minimum", 1},
         {"maximum", 1000000000},
         {"default", 1},
         {"description", "each k-th step"}}},
       {"from", {{"type", "number"}, {"minimum", 0}, {"default", 0}, {"description", "start within the trial (ms)"}}},
       {"to", {{"type", "number"}, {"minimum", 0}, {"description", "end within the trial (ms)"}}},
       {"neurons",
        {{"type", "array"},
         {"minItems", 1},
         {"items", index},
         {"description", "these neurons of the region, from 0; unless given, all"}}},
       {"epochs", epochs_from(1, "the epochs whose trials are kept; unless given, the last")}},
      {"signals"});
  const input::Json synapse = {{"type", "array"}, {"minItems", 2}, {"maxItems", 2}, {"items", index}};
  const input::Json kept_weights = input::closed(
      "what is kept of the weights of a projection",
      {{"weights",
        {{"anyOf",
          {input::one_of_words({"all", "statistics"}, "", ""),
           {{"type", "array"},
            {"minItems", 1},
            {"items", synapse},
            {"description", "these synapses, each [postsynaptic, presynaptic neuron]"}}}},
         {"description", "which weights are kept, or what is kept of them"}}},
       {"quantiles",
        {{"type", "array"},
         {"items", {{"type", "number"}, {"minimum", 0}, {"maximum", 1}}},
         {"description", "of the statistics; unless given, 0.05, 0.25, 0.5, 0.75 and 0.95"}}},
       {"epochs", epochs_from(0, "the epochs after which they are kept, 0 before the first; unless given, all")}},
      {"weights"});
  const input::Json record = {{"type", "object"},
                              {"additionalProperties", {{"anyOf", {signals, kept, kept_weights}}}},
                              {"description", "what is kept, by region or projection"}};

  const input::Json text = {{"type", "string"}, {"minLength", 1}};
  const auto texts = [&](const char *description) -> input::Json {
    return {{"anyOf", {text, {{"type", "array"}, {"minItems", 1}, {"items", text}}}}, {"description", description}};
  };
  const auto one_text = [&](const char *description) {
    input::Json out = text;
    out["description"] = description;
    return out;
  };
  const input::Json session =
      input::closed("who runs it and where, for the run file",
                    {{"experimenter", texts("a name or several, each \"Last, First\"")},
                     {"institution", one_text("where it is run")},
                     {"lab", one_text("whose laboratory it is")},
                     {"keywords", texts("a word or several, beside \"simulation\" and \"engram\"")},
                     {"publications", texts("what it belongs to, one or several, each \"doi:…\"")}},
                    {});

  const input::Json initial = input::closed(
      "what the circuit begins with",
      {{"run",
        {{"type", "string"},
         {"minLength", 1},
         {"description", "a run file, from this file's folder: its weights, by the projections' names"}}}},
      {"run"});

  input::Json root = input::closed(
      "a circuit, what it learns, and what it does",
      {{"$schema", input::type_schema("string", "the schema that an editor goes by")},
       {"name", input::type_schema("string", "one line")},
       {"description", input::type_schema("string", "what the model is for, and where it comes from")},
       {"extends", input::type_schema("string", "a model file that this one changes (merge patch, RFC 7396)")},
       {"seed",
        {{"type", "integer"},
         {"minimum", 0},
         {"maximum", 9000000000000000000},
         {"default", 1},
         {"description", "of all randomness"}}},
       {"precision", input::one_of_words({"single", "double"}, "of the whole run", "double")},
       {"time", time},
       {"architecture", architecture_schema(vocabulary)},
       {"objective", objective_schema()},
       {"learning", learning_schema(vocabulary)},
       {"task", task_schema(vocabulary)},
       {"initial", initial},
       {"record", record},
       {"session", session}},
      {"architecture"});
  input::Json out = {{"$schema", "http://json-schema.org/draft-07/schema#"}, {"title", "engram model"}};
  out.update(root);
  out["definitions"] = definitions(vocabulary);
  out["definitions"]["objective_term"] = objective_term(vocabulary);
  return out;
}

} // namespace engram::model
