// This describes the form of a study's file as a JSON Schema.
#include "input/schema_words.hpp"
#include "studies/study.hpp"

namespace engram::studies {

using input::closed;
using input::Json;
using input::one_of_words;
using input::type_schema;

namespace {

Json with_words(Json schema, const std::string &description) {
  schema["description"] = description;
  return schema;
}

Json whole_number(std::int64_t minimum, std::int64_t maximum, const std::string &description) {
  return {{"type", "integer"}, {"minimum", minimum}, {"maximum", maximum}, {"description", description}};
}

Json words(const std::string &description) {
  return {{"type", "array"},
          {"minItems", 1},
          {"items", {{"type", "string"}, {"minLength", 1}}},
          {"description", description}};
}

// An object whose keys are pointers into the model.
Json by_pointer(const Json &value, const std::string &description) {
  return {{"type", "object"},
          {"propertyNames", {{"pattern", "^/."}, {"description", "a pointer into the model, as /task/batch"}}},
          {"additionalProperties", value},
          {"description", description}};
}

Json interval(const std::string &description, bool sample) {
  Json keys = {{"from", type_schema("number", "the least value")}, {"to", type_schema("number", "the greatest value")}};
  if (sample)
    keys["scale"] =
        one_of_words({"linear", "log"}, "values are spread evenly by their size, or by their logarithm", "linear");
  else
    keys["count"] = whole_number(2, 100'000, "how many values, both ends among them");
  keys["whole"] = with_words(type_schema("boolean", ""), "values are rounded to whole numbers (default: false)");
  return closed(description, std::move(keys),
                sample ? std::vector<std::string>{"from", "to"} : std::vector<std::string>{"from", "to", "count"});
}

Json sample_schema() {
  return {{"anyOf",
           {interval("where values lie", true),
            closed("values of which each is as likely",
                   {{"values", {{"type", "array"}, {"minItems", 1}, {"description", "the values"}}}}, {"values"})}}};
}

Json axis_schema() {
  const Json list = {{"type", "array"}, {"minItems", 1}, {"description", "the values"}};
  return {
      {"anyOf",
       {list, closed("values that are written out", {{"values", list}}, {"values"}),
        closed("values at equal steps", {{"range", interval("its ends and the number of values", false)}}, {"range"}),
        closed("values at equal ratios", {{"log_range", interval("its ends and the number of values", false)}},
               {"log_range"}),
        closed("values that are drawn, as \"search\" says", {{"sample", sample_schema()}}, {"sample"})}}};
}

Json models_schema() {
  const Json file = {{"type", "string"}, {"minLength", 1}};
  return {{"anyOf",
           {words("model files, from this file's folder"),
            {{"type", "object"}, {"minProperties", 1}, {"additionalProperties", file}}}},
          {"description",
           "several models in the place of \"model\": a list, or an object whose keys are their names in "
           "the tables"}};
}

} // namespace

Json study_schema() {
  constexpr std::int64_t largest_seed = 9'000'000'000'000'000'000; // as in a model file
  const Json seed = {{"type", "integer"}, {"minimum", 0}, {"maximum", largest_seed}};
  Json keys = {
      {"name", type_schema("string", "of the study (default: the file's name)")},
      {"description", type_schema("string", "what it is for; of no effect")},
      {"model", with_words({{"type", "string"}, {"minLength", 1}}, "the model file, from this file's folder")},
      {"models", models_schema()},
      {"set",
       by_pointer(Json::object(), "values that are the same in all runs, as --set /pointer=value replaces them")},
      {"vary", by_pointer(axis_schema(), "what is varied: pointers into the model, and their values. All are crossed "
                                         "with each other, but for those of \"zip\" and of \"search\"")},
      {"rules",
       {{"anyOf",
         {words("plugins that take the place of the model's only rule"),
          {{"type", "object"},
           {"minProperties", 1},
           {"additionalProperties", words("plugins that take the place of this rule of /learning/rules")}}}},
        {"description", "rules to swap: a list, or an object by names in /learning/rules. The rate and the optimizer "
                        "stay; the parameters and the modulators of another plugin go"}}},
      {"zip",
       {{"type", "array"},
        {"items", {{"type", "array"}, {"minItems", 2}, {"items", {{"type", "string"}}}}},
        {"description", "groups of what moves together, value by value: pointers of \"vary\", \"model\", \"rule\" "
                        "(of several that are swapped \"rule NAME\")"}}},
      {"search",
       closed("how the pointers with \"sample\" are drawn: all together, and crossed with the others",
              {{"method",
                one_of_words({"random", "latin_hypercube"},
                             "independent, or one value in each of as many parts of equal probability", "random")},
               {"count", whole_number(1, 100'000, "how many samples")},
               {"seed", with_words(seed, "of what is drawn (default: 1)")}},
              {"count"})},
      {"seeds",
       {{"anyOf",
         {{{"type", "integer"}, {"minimum", 1}, {"maximum", 100'000}},
          {{"type", "array"}, {"minItems", 1}, {"items", seed}}}},
        {"description", "of each combination: a number of seeds, 1, 2, …, or a list (default: the model's own)"}}},
      {"runs",
       closed("how each run is done",
              {{"epochs", whole_number(1, 1'000'000'000, "the same as \"set\" of /task/epochs")},
               {"threads", whole_number(1, 1024, "of a run (default: 1): cores / threads runs go on at once")},
               {"checkpoint",
                {{"type", "string"},
                 {"pattern", "^(auto|none|epoch|every=(epoch|(?=[0-9.]*[1-9])[0-9]+([.][0-9]+)?(s|min|h)))$"},
                 {"description", "what --checkpoint of run takes: auto (the default), epoch, none, every=60s"}}}},
              {})},
      {"best",
       closed("by what the best combination is chosen, as the mean over its seeds",
              {{"by", one_of_words({"held_out accuracy", "held_out loss", "held_out reward", "training accuracy",
                                    "training loss", "training reward"},
                                   "the measure (default: the first of these that all runs have)", "")},
               {"at", one_of_words({"end", "best_epoch"}, "after the last epoch, or at each run's best one", "end")}},
              {})}};
  Json out = closed("a study: many runs of models in which something is varied", std::move(keys), {});
  out["$schema"] = "http://json-schema.org/draft-07/schema#";
  return out;
}

} // namespace engram::studies
