#include "recordings/array_source.hpp"

#include "input/schema_words.hpp"

namespace engram::recordings {

using input::below;
using input::closed;
using input::Json;
using input::type_schema;

namespace {

Json key_schema(const std::string &description) {
  Json out = type_schema("string", description);
  out["minLength"] = 1;
  return out;
}

Json keys_by_name(const std::string &description) {
  return {
      {"type", "object"}, {"minProperties", 1}, {"additionalProperties", key_schema("")}, {"description", description}};
}

Json filter_schema() {
  const Json number = {{"type", "number"}}, text = {{"type", "string"}};
  return closed("trials whose value is as said",
                {{"key", key_schema("array with a value for each trial")},
                 {"over", key_schema("array that it is divided by")},
                 {"is",
                  {{"anyOf",
                    {number,
                     text,
                     {{"type", "array"}, {"minItems", 1}, {"items", number}},
                     {{"type", "array"}, {"minItems", 1}, {"items", text}}}},
                   {"description", "this value, or one of these: numbers, or words"}}},
                 {"from", type_schema("number", "this or more")},
                 {"above", type_schema("number", "more than this")},
                 {"to", type_schema("number", "this or less")},
                 {"below", type_schema("number", "less than this")}},
                {"key"});
}

Filter read_filter(const Json &value, const std::string &pointer, input::Problems &problems) {
  Filter out;
  out.key = value.at("key").get<std::string>();
  out.over = value.value("over", "");
  if (value.contains("is")) {
    const Json list = value.at("is").is_array() ? value.at("is") : Json::array({value.at("is")});
    if (list.front().is_string())
      out.words = list.get<std::vector<std::string>>();
    else
      out.is = list.get<std::vector<double>>();
  }
  out.from = value.value("from", out.from);
  out.above = value.value("above", out.above);
  out.to = value.value("to", out.to);
  out.below = value.value("below", out.below);
  if (value.size() == (value.contains("over") ? 2u : 1u)) problems.add(pointer + "/key", "is compared with nothing");
  for (const char *key : {"over", "from", "above", "to", "below"})
    if (!out.words.empty() && value.contains(key))
      problems.add(pointer + "/" + key, "is of numbers, and 'is' of words");
  return out;
}

std::vector<std::string> one_or_more(const Json &value) {
  return value.is_array() ? value.get<std::vector<std::string>>() : std::vector<std::string>{value.get<std::string>()};
}

std::vector<std::pair<std::string, std::string>> named_keys(const Json &value) {
  std::vector<std::pair<std::string, std::string>> out;
  for (const auto &[name, key] : value.items()) out.emplace_back(name, key.get<std::string>());
  return out;
}

} // namespace

Json array_source_schema() {
  const Json filter = filter_schema();
  return {{"columns", keys_by_name("a table of trials: for each column its name, and the array that holds its values")},
          {"where",
           {{"type", "array"},
            {"minItems", 1},
            {"items", {{"anyOf", {filter, {{"type", "array"}, {"minItems", 1}, {"items", filter}}}}}},
            {"description", "trials, or events of an NWB file, that are looked at; of a list within the list, one is "
                            "enough"}}},
          {"labels",
           {{"anyOf", {key_schema(""), {{"type", "array"}, {"minItems", 1}, {"items", key_schema("")}}}},
            {"description", "array, or arrays, whose values name the condition of each trial"}}},
          {"missing", key_schema("name of the condition of trials without a label (default: they are left out)")},
          {"over", key_schema("array by which the response of each trial is divided, as its duration")},
          {"size",
           {{"type", "array"},
            {"minItems", 2},
            {"maxItems", 2},
            {"items", {{"type", "integer"}, {"minimum", 1}}},
            {"description", "rows and columns to which pictures are averaged, whose pixels are neurons: two axes "
                            "'neuron' in 'axes'"}}},
          {"at",
           {{"type", "object"},
            {"minProperties", 1},
            {"additionalProperties", {{"type", "integer"}, {"minimum", 1}}},
            {"description", "which place, from 1, of an axis that has a name of its own in 'axes'"}}},
          {"trial_spikes",
           closed("spike times of each trial, which become responses in 'window' and 'bin'",
                  {{"key", key_schema("cells, each with the times of one trial")},
                   {"align", key_schema("array with the time of each trial's event, on the same clock (default: 0)")},
                   {"clock", {{"type", "number"}, {"exclusiveMinimum", 0}, {"description", "time stamps a second"}}}},
                  {"key", "clock"})},
          {"frames",
           closed("when the bins of an axis 'time' were taken, on a clock that began with the position",
                  {{"ticks", key_schema("array of time stamps")},
                   {"zero", key_schema("array whose first time stamp is that of the first position")},
                   {"every", {{"type", "integer"}, {"minimum", 1}, {"description", "ticks a frame (default: 1)"}}},
                   {"clock", {{"type", "number"}, {"exclusiveMinimum", 0}, {"description", "time stamps a second"}}}},
                  {"ticks", "zero", "clock"})}};
}

ArraySource read_array_source(const Json &source, const std::string &pointer, input::Problems &problems) {
  ArraySource out;
  if (source.contains("columns")) out.columns = named_keys(source.at("columns"));
  if (source.contains("where")) {
    const Json &list = source.at("where");
    for (std::size_t k = 0; k < list.size(); ++k) {
      const std::string at = below(pointer + "/where", k);
      out.where.emplace_back();
      if (list[k].is_object()) out.where.back().push_back(read_filter(list[k], at, problems));
      for (std::size_t i = 0; list[k].is_array() && i < list[k].size(); ++i)
        out.where.back().push_back(read_filter(list[k][i], below(at, i), problems));
    }
  }
  if (source.contains("labels")) out.labels = one_or_more(source.at("labels"));
  out.missing_label = source.value("missing", "");
  out.over = source.value("over", "");
  out.size = source.value("size", std::vector<std::size_t>{});
  if (source.contains("at"))
    for (const auto &[axis, place] : source.at("at").items()) out.at[axis] = place.get<std::size_t>();
  if (source.contains("trial_spikes")) {
    const Json &spikes = source.at("trial_spikes");
    out.trial_spikes = spikes.at("key").get<std::string>();
    out.align = spikes.value("align", "");
    out.clock = spikes.at("clock").get<double>();
    if (out.labels.empty()) problems.add(pointer + "/trial_spikes", "needs 'labels', which name a trial's condition");
    if (!source.contains("window")) problems.add(pointer + "/trial_spikes", "needs a 'window' around each event");
    for (const char *key : {"key", "axes"})
      if (source.contains(key)) problems.add(pointer + "/" + key, "excludes 'trial_spikes'");
  }
  if (source.contains("frames")) {
    const Json &frames = source.at("frames");
    out.ticks = frames.at("ticks").get<std::string>();
    out.zero = frames.at("zero").get<std::string>();
    out.every = frames.value("every", std::size_t{1});
    out.clock = frames.at("clock").get<double>();
    if (source.contains("trial_spikes")) problems.add(pointer + "/frames", "excludes 'trial_spikes'");
  }
  const bool trials = out.given();
  const auto file = source.at("file").get<std::string>();
  const bool events = file.ends_with(".nwb") || file.ends_with(".h5") || file.ends_with(".hdf5"); // it may have some
  if (source.contains("where") && !trials && !events)
    problems.add(pointer + "/where",
                 "is of trials: of 'columns', of responses with 'labels', or of the events of an NWB file");
  for (const char *key : {"missing", "over"})
    if (source.contains(key) && !trials)
      problems.add(pointer + "/" + key, "is of trials: of 'columns', or of responses with 'labels'");
  if (!out.columns.empty() && (source.contains("labels") || source.contains("axes")))
    problems.add(pointer + "/columns", "excludes 'labels' and 'axes'");
  return out;
}

} // namespace engram::recordings
