#include "recordings/config.hpp"

#include "input/diagnose.hpp"
#include "input/nearest.hpp"
#include "recordings/config_methods.hpp"
#include "recordings/method_entry.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

namespace engram::recordings {

using input::below;
using input::Json;

namespace {

std::string resolved(const std::string &file, const std::string &config) {
  const std::filesystem::path path(file);
  return path.is_absolute() ? file : (std::filesystem::path(config).parent_path() / path).string();
}

Names read_names(const Json &value, const std::string &config) {
  Names names;
  if (value.is_array())
    names.written = value.get<std::vector<std::string>>();
  else
    names.from = {value.contains("file") ? resolved(value.at("file").get<std::string>(), config) : "",
                  value.at("key").get<std::string>()};
  return names;
}

StimulusSource read_stimulus(const Json &value, const std::string &pointer, const std::string &config,
                             input::Problems &problems) {
  StimulusSource out;
  out.series = value.value("series", "");
  if (value.contains("file")) out.array.file = resolved(value.at("file").get<std::string>(), config);
  out.array.key = value.value("key", "");
  out.rate = value.value("rate", 0.0);
  out.start = value.value("start", 0.0);
  if (value.contains("image")) {
    out.height = value.at("image").at(0).get<std::size_t>();
    out.width = value.at("image").at(1).get<std::size_t>();
  }
  out.pieces = value.value("pieces", "");
  out.axes = value.value("axes", std::vector<std::string>{});
  if (std::set<std::string>(out.axes.begin(), out.axes.end()).size() < out.axes.size())
    problems.add(pointer + "/axes", "has an axis twice");
  if (!out.axes.empty() && std::find(out.axes.begin(), out.axes.end(), "sample") == out.axes.end())
    problems.add(pointer + "/axes", "has no 'sample'");
  if (value.contains("file") && value.contains("series")) problems.add(pointer + "/series", "excludes 'file'");
  if (value.contains("file") && !value.contains("rate")) problems.add(pointer + "/file", "needs a 'rate'");
  for (const char *key : {"key", "rate", "start", "pieces", "axes"})
    if (value.contains(key) && !value.contains("file")) problems.add(pointer + "/" + key, "is of a 'file'");
  return out;
}

PositionSource read_position(const Json &value, const std::string &pointer, const std::string &config,
                             input::Problems &problems) {
  PositionSource out;
  out.series = value.value("series", "");
  out.arena = value.value("arena", std::vector<double>{});
  if (value.contains("file")) out.array.file = resolved(value.at("file").get<std::string>(), config);
  out.array.key = value.value("key", "");
  out.direction = value.value("direction", "");
  out.times = value.value("times", "");
  out.rate = value.value("rate", 0.0);
  out.start = value.value("start", 0.0);
  out.per_metre = value.value("per_metre", out.per_metre);
  for (const char *key : {"times", "rate", "start", "per_metre"})
    if (value.contains(key) && !out.of_arrays())
      problems.add(pointer + "/" + key, "is of an array: 'key', 'file' or 'direction'");
  if (out.of_arrays() && !out.series.empty()) problems.add(pointer + "/series", "excludes arrays");
  if (out.of_arrays() && value.contains("times") == value.contains("rate"))
    problems.add(pointer, "needs either 'times' or a 'rate'");
  if (value.contains("start") && !value.contains("rate")) problems.add(pointer + "/start", "is of a 'rate'");
  if (!out.arena.empty() && !(out.arena[0] < out.arena[1] && out.arena[2] < out.arena[3]))
    problems.add(pointer + "/arena", "must end after it begins");
  return out;
}

SpikesSource read_spikes(const Json &value, const std::string &pointer, const std::string &config,
                         input::Problems &problems) {
  SpikesSource out;
  out.given = true;
  out.unit = value.value("unit", "");
  out.rate = value.value("rate", 0.0);
  out.layout = value.value("layout", "");
  if (value.contains("clusters")) {
    const Json &clusters = value.at("clusters");
    if (clusters.contains("file")) out.clusters.file = resolved(clusters.at("file").get<std::string>(), config);
    out.clusters.key = clusters.value("key", "");
    if (clusters.empty()) problems.add(pointer + "/clusters", "needs a 'file', a 'key', or both");
    if (value.contains("layout"))
      problems.add(pointer + "/layout", "excludes 'clusters', with which times are one list");
  }
  out.observed = value.value("observed", std::vector<double>{});
  if (!out.observed.empty() && !(out.observed[0] < out.observed[1]))
    problems.add(pointer + "/observed", "must end after it begins");
  if (out.rate > 0 && !out.unit.empty() && out.unit != "samples")
    problems.add(pointer + "/rate", "is of times in samples");
  return out;
}

SeriesSource read_series(const Json &value) {
  SeriesSource out;
  out.rate = value.at("rate").get<double>();
  out.start = value.value("start", out.start);
  out.unit = value.value("unit", "");
  return out;
}

// An axis that is none of responses needs a place in 'at'.
void check_axes(const Source &source, const std::string &pointer, input::Problems &problems) {
  static const std::vector<std::string> known{"condition", "neuron", "repeat", "time", "trial"};
  const auto has = [&](const std::string &axis) {
    return std::find(source.axes.begin(), source.axes.end(), axis) != source.axes.end();
  };
  for (std::size_t k = 0; k < source.axes.size(); ++k)
    if (std::find(known.begin(), known.end(), source.axes[k]) == known.end() &&
        !source.arrays.at.contains(source.axes[k]))
      problems.add(below(pointer + "/axes", k),
                   input::unknown("axis", source.axes[k], known) + "; an axis of another name needs its place in 'at'");
  for (const auto &[axis, place] : source.arrays.at) {
    if (!has(axis)) problems.add(pointer + "/at/" + axis, "is no axis in 'axes'");
    if (std::find(known.begin(), known.end(), axis) != known.end())
      problems.add(pointer + "/at/" + axis, "is an axis of responses: give the axis in 'axes' another name");
  }
  if (has("trial") && source.arrays.labels.empty())
    problems.add(pointer + "/axes", "has 'trial', which needs 'labels'");
  if (has("trial") && (has("condition") || has("repeat")))
    problems.add(pointer + "/axes", "has 'trial', whose labels make conditions and repeats");
  if (!source.arrays.labels.empty() && !has("trial") && source.arrays.trial_spikes.empty())
    problems.add(pointer + "/labels", "is of an axis 'trial', or of the spikes of trials");
  if (!source.arrays.size.empty() &&
      (has("trial") || std::count(source.axes.begin(), source.axes.end(), "neuron") != 2))
    problems.add(pointer + "/size", "is of pictures: 'axes' with two axes 'neuron', their rows and columns");
  if (source.series.given() && !source.axes.empty() && !has("time"))
    problems.add(pointer + "/axes", "has no 'time', along which samples of a 'series' follow each other");
  if (!source.arrays.ticks.empty() && !has("time")) problems.add(pointer + "/frames", "is of an axis 'time'");
}

Source read_source(const Json &value, const std::string &pointer, const std::string &config,
                   input::Problems &problems) {
  Source out;
  out.pointer = pointer;
  out.file = resolved(value.at("file").get<std::string>(), config);
  out.name = value.value("name", "");
  out.subject = value.value("subject", "");
  if (value.contains("conditions")) out.conditions = read_names(value.at("conditions"), config);
  out.signals = value.value("signals", std::vector<std::string>{});
  out.events = value.value("events", "trials");
  out.condition = value.value("condition", "");
  if (value.contains("window")) {
    out.start = value.at("window").at(0).get<double>();
    out.stop = value.at("window").at(1).get<double>();
    if (!(*out.start < *out.stop)) problems.add(pointer + "/window", "must end after it begins");
  }
  if (value.contains("bin")) out.bin = value.at("bin").get<double>();
  if (value.contains("units")) {
    out.unit_column = value.at("units").at("column").get<std::string>();
    out.unit_is = value.at("units").at("is").get<std::string>();
  }
  out.areas = value.value("areas", "");
  out.sweeps = value.value("sweeps", false);
  if (out.sweeps && !value.contains("threshold"))
    problems.add(pointer + "/sweeps", "needs a 'threshold', by which spikes are found");
  if (value.contains("threshold")) out.threshold = value.at("threshold").get<double>();
  if (value.contains("stimulus"))
    out.stimulus = read_stimulus(value.at("stimulus"), pointer + "/stimulus", config, problems);
  if (value.contains("position"))
    out.position = read_position(value.at("position"), pointer + "/position", config, problems);
  if (value.contains("spikes")) out.spikes = read_spikes(value.at("spikes"), pointer + "/spikes", config, problems);
  for (const char *key : {"axes", "rdm", "rdms", "conditions", "signals", "events", "condition", "window", "bin",
                          "threshold", "sweeps", "labels", "columns", "trial_spikes", "frames", "series"})
    if (out.spikes.given && value.contains(key))
      problems.add(pointer + "/" + key, "excludes 'spikes', which are spike trains without events");
  if (out.spikes.given && !out.stimulus.series.empty())
    problems.add(pointer + "/stimulus/series", "is of an NWB file: beside 'spikes' a stimulus is a 'file'");
  if (out.spikes.given && !out.position.series.empty())
    problems.add(pointer + "/position/series", "is of an NWB file: beside 'spikes' a position is arrays");
  out.key = value.value("key", "");
  out.axes = value.value("axes", std::vector<std::string>{});
  out.arrays = read_array_source(value, pointer, problems);
  if (value.contains("series")) out.series = read_series(value.at("series"));
  for (const char *key : {"columns", "trial_spikes", "frames", "size", "rdm", "rdms", "window", "bin", "where", "over"})
    if (out.series.given() && !out.spikes.given && value.contains(key))
      problems.add(pointer + "/" + key, "excludes 'series', an array that is a time series");
  check_axes(out, pointer, problems);
  if (value.contains("rdm")) out.rdms = {{value.at("rdm").get<std::string>()}};
  if (value.contains("rdms")) out.rdms = value.at("rdms").get<std::vector<std::vector<std::string>>>();
  if (value.contains("rdm") && value.contains("rdms")) problems.add(pointer + "/rdm", "excludes 'rdms'");
  if (!out.rdms.empty() && !out.key.empty()) problems.add(pointer + "/key", "excludes dissimilarities that are given");
  return out;
}

} // namespace

Config load_config(const std::string &path, const MethodEntries &entries) {
  const auto document = input::parse(input::read_text(path), path);
  const Json schema = config_schema(entries);
  input::Problems problems(document.places);
  input::diagnose(schema, schema, document.value, "", problems);
  problems.raise();
  if (std::string at, refusal = input::validate(schema, document.value, &at); !refusal.empty()) {
    problems.add(at, refusal);
    problems.raise();
  }
  const Json &value = document.value;
  const auto places = std::make_shared<const input::Places>(document.places);
  Config out;
  out.file = path;
  out.name = value.value("name", std::filesystem::path(path).stem().string());
  for (const auto &[side, sources] : {std::pair{"circuits", &out.circuits}, {"recordings", &out.recordings}}) {
    if (!value.contains(side)) continue;
    for (std::size_t k = 0; k < value.at(side).size(); ++k) {
      sources->push_back(read_source(value.at(side)[k], below(std::string("/") + side, k), path, problems));
      sources->back().places = places;
    }
  }
  if (value.contains("methods"))
    for (std::size_t k = 0; k < value.at("methods").size(); ++k)
      out.methods.push_back(read_method(value.at("methods")[k], below("/methods", k), entries, problems));
  out.bootstrap = value.value("bootstrap", out.bootstrap);
  out.permutations = value.value("permutations", out.permutations);
  out.confidence = value.value("confidence", out.confidence);
  out.seed = value.value("seed", out.seed);
  problems.raise();
  return out;
}

} // namespace engram::recordings
