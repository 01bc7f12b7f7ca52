// This describes the form of a comparison file as a JSON Schema.
#include "input/schema_words.hpp"
#include "recordings/config_methods.hpp"
#include "recordings/method_entry.hpp"

namespace engram::recordings {

using input::closed;
using input::Json;
using input::one_of_words;
using input::type_schema;

namespace {

Json text(const std::string &description) { return type_schema("string", description); }

Json texts(const std::string &description) {
  return {{"type", "array"}, {"minItems", 1}, {"items", {{"type", "string"}}}, {"description", description}};
}

Json count(std::int64_t minimum, std::int64_t maximum, const std::string &description) {
  return {{"type", "integer"}, {"minimum", minimum}, {"maximum", maximum}, {"description", description}};
}

Json numbers(int count, const std::string &description) {
  return {{"type", "array"},
          {"minItems", count},
          {"maxItems", count},
          {"items", {{"type", "number"}}},
          {"description", description}};
}

Json positive_number(const std::string &description) {
  return {{"type", "number"}, {"exclusiveMinimum", 0}, {"description", description}};
}

Json stimulus_schema(const Json &file) {
  return closed(
      "what was shown while the spikes were recorded (default: the series under stimulus/presentation)",
      {{"series", text("time series by name")},
       {"file", file},
       {"key", text("array within that file: samples x values, or samples x height x width")},
       {"rate", positive_number("of the array's samples, Hz")},
       {"axes",
        {{"type", "array"},
         {"minItems", 1},
         {"maxItems", 3},
         {"items", {{"enum", {"sample", "row", "column"}}}},
         {"description", "of the array, in its order (default: samples, rows, columns)"}}},
       {"pieces", text("array within that file: the piece that each sample is of, as the number of a sound")},
       {"start", type_schema("number", "of the array's first sample, ms (default: 0)")},
       {"image",
        {{"type", "array"},
         {"minItems", 2},
         {"maxItems", 2},
         {"items", count(1, 1000000, "")},
         {"description", "height and width of the picture that the values of a sample are, row by row (default: the "
                         "last two of three axes)"}}}},
      {});
}

Json position_schema(const Json &file) {
  return closed("where the animal was: a time series of the file, or arrays",
                {{"series", text("SpatialSeries by name (default: the only one)")},
                 {"arena", numbers(4, "cm: x from and to, y from and to (default: where the animal went)")},
                 {"file", file},
                 {"key", text("array: samples x one or two coordinates")},
                 {"direction", text("array beside it: direction of the head, degrees")},
                 {"times", text("array beside it: s")},
                 {"rate", positive_number("of the arrays' samples, Hz, in the place of times")},
                 {"start", type_schema("number", "of the first sample, ms (default: 0)")},
                 {"per_metre", positive_number("units of the array in a metre (default: 100)")}},
                {});
}

Json spikes_schema(const Json &file) {
  return closed(
      "the file holds spike times: text, npy, npz, mat, HDF5; a folder of phy and a SONATA file need no more than {}",
      {{"unit", one_of_words({"s", "ms", "us", "samples"}, "of the times (default: as the file says)", "")},
       {"rate", positive_number("of times in samples, Hz (default: as the file says)")},
       {"layout",
        one_of_words({"rows", "column", "pairs"},
                     "a train in each row or line; one train; rows of unit and time (default: what is plain)", "")},
       {"clusters",
        closed("the unit of each of the times", {{"file", file}, {"key", text("array within that file")}}, {})},
       {"observed", numbers(2, "from and to, in ms (default: as the file says, else first to last spike)")}},
      {});
}

Json series_schema() {
  return closed("the array is a time series at equal steps, of which one axis is 'time'; samples of another condition, "
                "trial or repeat do not follow on",
                {{"rate", positive_number("of the samples, Hz")},
                 {"start", type_schema("number", "of the first sample, ms (default: 0)")},
                 {"unit", text("of the values")}},
                {"rate"});
}

Json source_schema() {
  const Json file = {{"type", "string"}, {"minLength", 1}, {"description", "from this file's folder"}};
  const Json names = {
      {"anyOf",
       {texts("a name for each condition"),
        closed("in a file", {{"file", file}, {"key", text("array of text or numbers within it")}}, {"key"})}},
      {"description", "names of the conditions, in their order"}};
  Json keys = {
      {"file", file},
      {"name", text("of the area")},
      {"subject", text("whose it is: rsa takes areas of one name and several subjects together")},
      {"conditions", names},
      {"signals", texts("time series by name, or \"units\"")},
      {"events", text("table of intervals (default: trials)")},
      {"condition", text("column of the events that names the condition (default: what is obvious, with a note)")},
      {"window",
       numbers(
           2, "from and to, in ms from the beginning of an event (default: as long as the shortest event that lasts at "
              "least half as long as the median of its condition)")},
      {"bin", positive_number("ms")},
      {"units",
       closed("those of this kind", {{"column", text("of the units")}, {"is", text("its value")}}, {"column", "is"})},
      {"areas", text("column of the units: an area for each of its values")},
      {"threshold", type_schema("number", "mV: the signals are membrane potentials, and a spike rises to it")},
      {"sweeps",
       type_schema("boolean", "the potentials are sweeps of one cell: units of one area, beside the current that each "
                              "received, a series of the same name with 'Stimulus' in it (default: false)")},
      {"stimulus", stimulus_schema(file)},
      {"position", position_schema(file)},
      {"spikes", spikes_schema(file)},
      {"series", series_schema()},
      {"key", text("array within the file, or population of spikes")},
      {"axes",
       {{"type", "array"},
        {"minItems", 1},
        {"maxItems", 12},
        {"items", {{"type", "string"}, {"minLength", 1}}},
        {"description",
         "what the axes of the array are, in their order: condition, neuron, repeat, time, trial (which "
         "has 'labels'), or a name whose place is given in 'at'; one that stands several times is "
         "numbered through all of them (default: condition, neuron, repeat, time, as many as there are)"}}},
      {"rdm", text("array within the file: dissimilarities, square or as the upper triangle")},
      {"rdms",
       {{"type", "array"},
        {"minItems", 1},
        {"items", texts("arrays whose mean is a subject's dissimilarities")},
        {"description", "dissimilarities of several subjects"}}}};
  keys.update(array_source_schema());
  return closed("an area of a circuit or of a brain", keys, {"file"});
}

} // namespace

Json config_schema(const MethodEntries &entries) {
  const auto sources = [](const std::string &description) {
    return Json{{"type", "array"}, {"minItems", 1}, {"items", source_schema()}, {"description", description}};
  };
  Json schema = closed(
      "what of circuits is compared with what of recordings",
      {{"$schema", text("the schema of this file, for an editor")},
       {"name", text("of the comparison")},
       {"circuits", sources("regions: rows of the result")},
       {"recordings", sources("areas: columns of the result")},
       {"methods",
        {{"type", "array"},
         {"minItems", 1},
         {"items", method_schema(entries)},
         {"description", "default: all that apply"}}},
       {"bootstrap", count(0, 10000000, "resamples for the intervals (default: 1000)")},
       {"permutations", count(0, 10000000, "for a null distribution (default: 0)")},
       {"confidence",
        {{"type", "number"}, {"exclusiveMinimum", 0}, {"exclusiveMaximum", 1}, {"description", "default: 0.95"}}},
       {"seed", count(0, 1000000000000000000, "default: 1")}},
      {"circuits"});
  schema["$schema"] = "http://json-schema.org/draft-07/schema#";
  return schema;
}

} // namespace engram::recordings
