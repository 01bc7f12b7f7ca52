#include "input/schema_words.hpp"

#include <utility>

namespace engram::input {

Json type_schema(const char *type, const std::string &description) {
  return {{"type", type}, {"description", description}};
}

Json one_of_words(const std::vector<std::string> &words, const std::string &description, const std::string &initial) {
  Json out = type_schema("string", description);
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

namespace {
Json with_description(Json value, const char *description) {
  value["description"] = description;
  return value;
}
} // namespace

Json normal_distribution(const std::string &owner, const Json &number, const Json &sd, bool from_minimum) {
  Json values = {{"mean", with_description(number, "mean")}, {"sd", with_description(sd, "standard deviation")}};
  if (from_minimum)
    values["minimum"] = with_description(number, "what falls below it is drawn again; unless given there is none");
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

} // namespace engram::input
