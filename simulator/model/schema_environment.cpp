// environment_schema() gives the JSON Schema of a task's environment.
#include "model/schema_parts.hpp"

namespace engram::model {
namespace {

// {"CHANNEL": "REGION"}
input::Json channels(const std::vector<Channel> &list, const std::string &description, const std::string &which,
                     std::vector<std::string> *required) {
  input::Json properties = input::Json::object();
  for (const auto &channel : list) {
    properties[channel.name] = input::type_schema("string", which + ": " + channel.help);
    if (required && !channel.optional) required->push_back(channel.name);
  }
  return input::closed(description, std::move(properties), required ? *required : std::vector<std::string>{});
}

} // namespace

input::Json environment_schema(const Vocabulary &vocabulary) {
  input::Json more = input::Json::object();
  for (const auto &words : vocabulary.environments) {
    std::vector<std::string> required;
    more[words.name] = {
        {"trials", {{"type", "integer"}, {"minimum", 1}, {"maximum", 1000000}, {"description", "trials of an epoch"}}},
        {"sees", channels(words.sees, "what it sees of the circuit: the action", "REGION or REGION.SIGNAL", &required)},
        {"shows", channels(words.shows, "which input regions it shows a stimulus to", "input region", nullptr)},
        {"prediction",
         input::one_of_words(expectation_words,
                             "what the reward is compared with in reward_prediction_error: a running mean of the "
                             "reward of a trial, or what was seen of the chosen neuron when it was chosen",
                             expectation_words.front())}};
  }
  input::Json out = typed(vocabulary.environments, "what the circuit acts on, and what answers", more);
  if (out.contains("anyOf")) { // a name alone would not say what it sees
    out["anyOf"].erase(0);
    for (input::Json &branch : out["anyOf"]) branch["required"] = {"type", "trials", "sees"};
  }
  return out;
}

} // namespace engram::model
