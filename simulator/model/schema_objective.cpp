// objective_schema() is the schema of the objective: of a term, or of a list of terms, which are summed.
#include "model/schema_parts.hpp"

namespace engram::model {
namespace {

// What "target" of a term may be; null where it takes none.
input::Json target_schema(Compared compared) {
  const std::string given = "an array of /task/stimuli (frame by frame; entries that are missing, NaN, are left out), "
                            "a region's signal in the same step (REGION or REGION.SIGNAL), or a target that the "
                            "environment gives";
  input::Json out = {{"type", "string"}, {"minLength", 1}};
  if (compared != Compared::signal)
    out = {{"anyOf",
            {std::move(out),
             input::closed("what the environment of the task gives",
                           {{"environment", {{"type", "string"}, {"minLength", 1}, {"description", "a target of it"}}}},
                           {"environment"})}}};
  switch (compared) {
  case Compared::given:
    out["description"] = "what the signal is compared with: " + given;
    out["default"] = "targets";
    return out;
  case Compared::array:
    out["description"] = "an array of /task/stimuli, frame by frame, or a target that the environment gives";
    out["default"] = "targets";
    return out;
  case Compared::signal:
    out["description"] = "the signal that is to be reconstructed (REGION or REGION.SIGNAL)";
    return out;
  case Compared::later:
    out["description"] = "what is predicted: " + given + "; the signal itself unless given";
    return out;
  case Compared::nothing:
  case Compared::classes:
  case Compared::before:
    break;
  }
  return nullptr;
}

input::Json keys_of(const Named &kind) {
  input::Json out = {
      {"name",
       {{"type", "string"},
        {"pattern", "^[A-Za-z0-9_-]+$"},
        {"maxLength", 64},
        {"description", "a name of letters, digits, '_' and '-'; the term's type unless given"}}},
      {"region", input::type_schema("string", "region that it looks at")},
      {"signal", {{"type", "string"}, {"default", "rate"}, {"description", "of the region, which is judged"}}},
      {"weight", {{"type", "number"}, {"default", 1}, {"description", "by which the term enters the sum"}}},
      {"phases",
       {{"type", "array"},
        {"minItems", 1},
        {"items", input::type_schema("string", "a phase of the trial")},
        {"description", "in which the term is judged and delivered; those with \"objective\" unless given"}}},
      {"delivery",
       input::one_of_words(delivery_words,
                           "how it reaches the circuit: -dL/dr into the region's apical compartment (vector) or soma "
                           "(nudge), one number for each trial, the region held at its target, or 1 into the apical "
                           "compartment of the chosen neuron (attention)",
                           delivery_words.front())},
      {"strength", {{"type", "number"}, {"default", 1}, {"description", "multiplies what is delivered"}}},
      {"prediction",
       input::one_of_words(prediction_words,
                           "what the reward is compared with in reward_prediction_error: a running mean over batches, "
                           "one for each trial, the reward of the same trial in the phase before, the chosen neuron's "
                           "rate, or the probability of its choice",
                           prediction_words.front())}};
  const auto target = target_schema(kind.compared);
  if (!target.is_null()) out["target"] = target;
  if (kind.compared == Compared::given || kind.compared == Compared::array || kind.compared == Compared::later ||
      kind.compared == Compared::signal)
    out["delay"] = {{"type", "number"},
                    {"minimum", 0},
                    {"default", 0},
                    {"description", "the signal of so long ago is compared with the target of now (ms; a multiple of "
                                    "the time step): a delay makes it a prediction"}};
  return out;
}

} // namespace

input::Json objective_term(const Vocabulary &vocabulary) {
  input::Json more = input::Json::object();
  for (const auto &kind : vocabulary.objectives) more[kind.name] = keys_of(kind);
  input::Json term = typed(vocabulary.objectives, "what the circuit is to achieve", more);
  if (!term.contains("anyOf")) return term; // there is none
  term["anyOf"].erase(0);                   // a name alone would not say which region
  for (std::size_t k = 0; k < vocabulary.objectives.size(); ++k) {
    auto &branch = term["anyOf"][k];
    branch["required"] = {"type", "region"};
    if (vocabulary.objectives[k].compared == Compared::signal) branch["required"].push_back("target");
    if (vocabulary.objectives[k].compared == Compared::later) branch["required"].push_back("delay");
  }
  return term;
}

input::Json objective_schema() {
  const input::Json term = {{"$ref", "#/definitions/objective_term"}};
  return {{"anyOf",
           {term,
            {{"type", "array"},
             {"minItems", 1},
             {"maxItems", 64},
             {"items", term},
             {"description", "terms, whose weighted sum is the objective; choices are those of the first"}}}},
          {"description", "what the circuit is to achieve: a term, or a list of terms, which are summed"}};
}

} // namespace engram::model
