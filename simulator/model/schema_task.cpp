// These functions give the JSON Schema of learning and of the task.
#include "model/reader.hpp"
#include "model/schema_parts.hpp"

namespace engram::model {

input::Json learning_schema(const Vocabulary &vocabulary) {
  std::vector<std::string> plugins;
  std::string listing = "name of an installed rule, or path of an .so";
  input::Json conditions = input::Json::array();
  for (const auto &rule : vocabulary.rules) {
    plugins.push_back(rule.name);
    listing += "\n" + rule.name + ": " + rule.summary;
    input::Json parameters = input::closed("parameters of " + rule.name, parameter_properties(rule.parameters), {});
    const input::Json plugin = {{"const", rule.name}, {"description", rule.summary}};
    conditions.push_back({{"if", {{"properties", {{"plugin", plugin}}}, {"required", {"plugin"}}}},
                          {"then", {{"properties", {{"parameters", std::move(parameters)}}}}}});
  }
  input::Json plugin_branches = input::Json::array();
  if (!plugins.empty()) plugin_branches.push_back({{"type", "string"}, {"enum", plugins}});
  plugin_branches.push_back({{"type", "string"},
                             {"maxLength", 4096},
                             {"pattern", "\\.so$"},
                             {"description", plugins.empty() ? "the path of an .so (and no rule is installed by name)"
                                                             : "the path of an .so"}});
  input::Json plugin = {{"anyOf", plugin_branches}, {"description", listing}};
  input::Json rule = input::closed(
      "a plugin with its settings",
      {{"plugin", plugin},
       {"rate", {{"type", "number"}, {"minimum", 0}, {"default", 0.01}, {"description", "learning rate"}}},
       {"parameters",
        {{"type", "object"},
         {"additionalProperties", {{"type", {"number", "string"}}}},
         {"description", "the plugin's own parameters"}}},
       {"modulators",
        {{"type", "object"},
         {"additionalProperties", {{"type", "string"}, {"minLength", 1}}},
         {"description", "what the modulators that the rule reads stand for: loss, reward or "
                         "reward_prediction_error of the objective or of the environment, or a region (REGION or "
                         "REGION.SIGNAL), the mean of whose neurons is broadcast"}}},
       {"optimizer", typed_or_default(vocabulary.optimizers, "what is done with the change that the rule wants")},
       {"schedule", typed_or_default(vocabulary.schedules, "how the rate goes down over the epochs")},
       {"weight_decay",
        {{"type", "number"},
         {"minimum", 0},
         {"default", 0},
         {"description", "w -= rate * weight_decay * w at each update"}}},
       {"clip_norm",
        {{"type", "number"},
         {"exclusiveMinimum", 0},
         {"description", "the most that the L2 norm of a change may be, over all projections and biases of the rule; "
                         "a larger change is scaled down"}}},
       {"clip_value",
        {{"type", "number"},
         {"exclusiveMinimum", 0},
         {"description", "the most that the change of one weight may be, up or down"}}},
       {"apply", input::one_of_words({"trial", "step"},
                                     "when the weights move: after each batch of trials, by the mean over its trials "
                                     "and steps, or at each step, by the whole change of that step: the rate then "
                                     "counts per step, and a finer step needs a smaller one",
                                     "trial")}},
      {"plugin"});
  if (!conditions.empty()) rule["allOf"] = conditions;
  const input::Json rules = {
      {"type", "object"}, {"additionalProperties", rule}, {"description", "rules by the name that projections use"}};

  const input::Json weights = input::reference("drawn_weights", "weights of the feedback projections");
  const input::Json gain = {{"type", "number"}, {"minimum", 0}, {"default", 1}, {"description", "of the magnitudes"}};
  std::vector<std::string> names;
  for (const auto &kind : feedback_kinds()) names.push_back(kind.name);
  input::Json kinds = input::Json::array({input::one_of_words(names, "", "")});
  for (const auto &kind : feedback_kinds()) {
    input::Json properties = {{"type", {{"const", kind.name}, {"description", kind.way}}}};
    if (kind.follows.empty()) properties["weights"] = weights;
    if (kind.gain) properties["gain"] = gain;
    kinds.push_back(input::closed(kind.help, std::move(properties), {"type"}));
  }
  const input::Json feedback = {{"anyOf", kinds}, {"description", "writes the projections that carry errors down"}};
  return input::closed("how weights change", {{"rules", rules}, {"feedback", feedback}}, {});
}

namespace {

input::Json count(int minimum, const std::string &description) {
  return {{"type", "integer"}, {"minimum", minimum}, {"maximum", 1000000000000000000}, {"description", description}};
}

const std::vector<std::string> held_out_values{"loss", "accuracy", "reward"};

// How many trials a part takes; `more`: other ways to say it.
input::Json part_schema(const std::string &description, const input::Json &more = input::Json::array()) {
  input::Json ways = {count(0, "this many trials"),
                      {{"type", "number"},
                       {"exclusiveMinimum", 0},
                       {"exclusiveMaximum", 1},
                       {"description", "this share of the trials"}}};
  for (const auto &way : more) ways.push_back(way);
  return {{"anyOf", ways}, {"description", description}};
}

// A word or a number for each trial.
input::Json words_schema(const std::string &description) {
  const input::Json entry = {{"anyOf", {{{"type", "string"}, {"minLength", 1}}, {{"type", "integer"}}}}};
  return {{"anyOf",
           {{{"type", "array"}, {"minItems", 1}, {"items", entry}, {"description", "one for each trial"}},
            input::closed("from an array file",
                          {{"file",
                            {{"type", "string"},
                             {"minLength", 1},
                             {"description", "npy, npz, csv, mat or idx file, from this file's folder"}}},
                           {"key", input::type_schema("string", "array (npz, mat) or column (csv) within the file")}},
                          {"file"})}},
          {"description", description}};
}

input::Json split_schema() {
  const auto type = [](const char *name, const char *description) {
    return input::Json{{"const", name}, {"description", description}};
  };
  const std::string each = "a word or a whole number for each trial";
  return {{"anyOf",
           {input::one_of_words({"random", "stratified"}, "any trials, or of each class the same share", ""),
            input::closed("whole groups: none is in two parts, and counts and shares are of groups",
                          {{"type", type("grouped", "whole groups")}, {"groups", words_schema("group: " + each)}},
                          {"type", "groups"}),
            input::closed("trial by trial",
                          {{"type", type("given", "trial by trial")},
                           {"parts", words_schema("part: " + each + ": training (0), held_out (1) or test (2)")}},
                          {"type", "parts"})}},
          {"default", "random"},
          {"description", "how trials are divided into parts: those that are learned from, held_out, and test"}};
}

input::Json stop_schema() {
  return input::closed(
      "ends learning where held-out trials do not get better",
      {{"held_out", input::one_of_words(held_out_values, "what is looked at, a mean over the held-out trials", "")},
       {"patience", count(1, "epochs without a better value, after which learning ends")},
       {"min_change",
        {{"type", "number"},
         {"minimum", 0},
         {"default", 0},
         {"description", "a value is better where it is by more than this"}}}},
      {"held_out", "patience"});
}

input::Json keep_schema() {
  return {{"anyOf",
           {input::one_of_words({"last", "best"}, "of the last epoch, or of that with the best value", ""),
            input::closed("of the epoch with the best value",
                          {{"best", input::one_of_words(held_out_values, "what is best, of held-out trials", "")}},
                          {"best"})}},
          {"default", "last"},
          {"description", "which weights are kept; the best by the value of `stop`, else by the loss "
                          "(of an environment by the reward), unless `best` names another"}};
}

} // namespace

input::Json task_schema(const Vocabulary &vocabulary) {
  const input::Json number = {{"type", "number"}};
  const input::Json row = {{"type", "array"}, {"minItems", 1}, {"items", number}};
  const input::Json array = {
      {"anyOf",
       {{{"type", "array"},
         {"minItems", 1},
         {"items", {{"anyOf", {number, row}}}},
         {"description", "one row, or one number, for each trial"}},
        input::closed("from an array file",
                      {{"file",
                        {{"type", "string"},
                         {"minLength", 1},
                         {"description",
                          "npy, npz, csv, mat or idx file, or pictures (png, jpg, tif, zip of them), from this file's "
                          "folder"}}},
                       {"key", input::type_schema("string", "array (npz, mat) or columns (csv) within the file")},
                       {"luminance",
                        {{"type", "array"},
                         {"minItems", 2},
                         {"maxItems", 2},
                         {"items", {{"type", "integer"}, {"minimum", 1}, {"maximum", 4096}}},
                         {"description", "the file holds pictures: their luminance on a grid of this height "
                                         "and width"}}}},
                      {"file"})}},
      {"description", "an array with one row for each trial"}};
  const auto described_array = [&](const char *what) {
    input::Json out = array;
    out["description"] = std::string(what) + ": an array with one row for each trial";
    return out;
  };
  const input::Json labels =
      described_array("class of each trial, a whole number from 0 or a one-hot row; in a file also a word");
  std::vector<std::string> datasets;
  std::string listing = "data set by name";
  for (const auto &dataset : vocabulary.datasets) {
    datasets.push_back(dataset.name);
    listing += "\n" + dataset.name + ": " + dataset.help;
  }
  input::Json stimuli = {
      {"type", "object"},
      {"properties",
       {{"dataset",
         datasets.empty() ? input::type_schema("string", listing) : input::one_of_words(datasets, listing, "")},
        {"scale", {{"type", "number"}, {"default", 1}, {"description", "inputs are multiplied by it"}}},
        {"inputs", described_array("what `stimulus` shows unless it names another array")},
        {"targets", described_array("what the objective's region is to do, in place of labels")},
        {"labels", labels}}},
      {"additionalProperties", array},
      {"description", "what is shown: a data set, or arrays by name"}};
  input::Json batch = count(1, "trials simulated together; the weights move after each batch");
  batch["default"] = 1;
  input::Json epochs = count(0, "times that all training trials are shown");
  epochs["default"] = 1;
  const input::Json flag = {{"type", "boolean"}, {"default", false}};
  input::Json phase = input::closed(
      "a stretch of a trial",
      {{"phase", input::type_schema("string", "its name")},
       {"duration", {{"type", "number"}, {"exclusiveMinimum", 0}, {"description", "a multiple of the time step (ms)"}}},
       {"stimulus",
        {{"anyOf",
          {input::type_schema("string", "input region that is shown `inputs`"),
           {{"type", "object"},
            {"additionalProperties", input::type_schema("string", "array that the region is shown")}}}},
         {"description", "which input regions are shown what"}}},
       {"objective",
        {{"anyOf", {flag, input::type_schema("number", "with this strength; below 0: away from the target")}},
         {"default", false},
         {"description", "the objective is delivered (and the loss is read)"}}},
       {"noise",
        {{"type", "boolean"}, {"default", true}, {"description", "noise is injected and synapses are perturbed"}}},
       {"plastic",
        {{"anyOf",
          {flag, {{"type", "array"}, {"minItems", 1}, {"items", input::type_schema("string", "a rule of the model")}}}},
         {"default", false},
         {"description", "rules change weights: all, or those that are named"}}}},
      {"phase", "duration"});
  const input::Json own_part = {{"const", "dataset"}, {"description", "the data set's own test part"}};
  return input::closed(
      "what the circuit does",
      {{"stimuli", stimuli},
       {"environment", environment_schema(vocabulary)},
       {"batch", batch},
       {"epochs", epochs},
       {"shuffle",
        {{"type", "boolean"}, {"default", true}, {"description", "training trials in a new order each epoch"}}},
       {"trial", {{"type", "array"}, {"minItems", 1}, {"items", phase}, {"description", "phases in their order"}}},
       {"held_out", part_schema("trials kept for testing: a count, or a fraction below 1")},
       {"test", part_schema("trials that are run once, when all is learned: a count, a fraction below 1, or "
                            "\"dataset\"",
                            input::Json::array({own_part}))},
       {"split", split_schema()},
       {"evaluate", input::one_of_words({"epoch", "end", "never"}, "when the held-out trials are run", "epoch")},
       {"stop", stop_schema()},
       {"keep", keep_schema()}},
      {"trial"});
}

} // namespace engram::model
