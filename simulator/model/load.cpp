#include "model/load.hpp"
#include "input/diagnose.hpp"
#include "model/check_use.hpp"
#include "model/expand.hpp"
#include "model/reader.hpp"

#include <algorithm>

namespace engram::model {
namespace {

input::Document expanded(const std::string &text, const std::string &path, const LoadOptions &options,
                         std::vector<std::string> *files = nullptr) {
  input::Document document = with_bases(text, path, files);
  if (!document.value.is_object()) {
    input::Problems problems(document.places);
    problems.add("", "a model file holds one object");
    problems.raise();
  }
  apply_settings(document, options.settings, options.edits);
  if (options.seed) {
    document.value["seed"] = *options.seed;
    document.places.set("/seed", {std::make_shared<const std::string>("--seed"), 0});
  }
  return document;
}

std::string text_of(const std::string &path, const LoadOptions &options) {
  return options.text ? *options.text : input::read_text(path);
}

} // namespace

void check_all(const Model &model, const Vocabulary &vocabulary, std::uint64_t memory_bytes,
               input::Problems &problems) {
  check_circuit(model, vocabulary, problems);
  check_objective(model, vocabulary, problems);
  check_step_order(model, vocabulary, problems);
  check_learning(model, vocabulary, problems);
  check_spikes(model, vocabulary, problems);
  check_task(model, vocabulary, problems);
  check_parts(model, vocabulary, problems);
  check_environment(model, vocabulary, problems);
  check_times(model, vocabulary, problems);
  check_memory(model, vocabulary, memory_bytes, problems);
}

Model load_text(const std::string &text, const std::string &path, const Vocabulary &vocabulary,
                const LoadOptions &options, input::Places *places) {
  input::Document document = expanded(text, path, options);
  const input::Json rules = schema(vocabulary);
  {
    input::Problems problems(document.places);
    input::diagnose(rules, rules, document.value, "", problems);
    problems.raise();
  }
  input::Problems problems(document.places);
  Model model = read(document.value, vocabulary, problems);
  const bool feedback = document.value.contains("learning") && document.value.at("learning").contains("feedback");
  if (feedback && problems.empty()) {
    write_feedback(document, model, vocabulary, problems);
    if (problems.empty()) model = read(document.value, vocabulary, problems);
  }
  check_all(model, vocabulary, options.memory_bytes, problems);
  check_use(model, vocabulary, problems);
  // The full validator has the last word; what it would refuse has been told in better words above.
  if (problems.empty())
    if (std::string at, refusal = input::validate(rules, document.value, &at); !refusal.empty())
      problems.add(at, refusal);
  problems.raise();
  model.warnings = problems.warnings();
  if (places) *places = document.places;
  model.file = path;
  try {
    model.expanded = document.value.dump(2);
  } catch (const input::Json::exception
               &) { // text of the file is; the folder that its names are resolved against may not be
    throw input::InputError({{path, 0, "", "a file's path is not valid UTF-8"}});
  }
  return model;
}

Model load(const std::string &path, const Vocabulary &vocabulary, const LoadOptions &options, input::Places *places) {
  return load_text(text_of(path, options), path, vocabulary, options, places);
}

std::vector<PluginFile> plugin_files(const std::string &path, const LoadOptions &options) {
  const input::Document document = expanded(text_of(path, options), path, options);
  std::vector<PluginFile> out;
  const auto child = [](const input::Json &holder, const char *key) {
    return holder.is_object() ? holder.value(key, input::Json()) : input::Json();
  };
  const auto add = [&](const input::Json &plugin, const std::string &pointer, PluginKind kind) {
    if (!plugin.is_string()) return;
    const auto file = plugin.get<std::string>();
    const auto is_it = [&](const PluginFile &known) { return known.path == file && known.kind == kind; };
    if (!is_path(file) || std::any_of(out.begin(), out.end(), is_it)) return;
    const auto place = document.places.at(pointer);
    out.push_back({file, kind, {place.file ? *place.file : path, place.line, pointer, ""}});
  };
  const input::Json rules = child(child(document.value, "learning"), "rules");
  if (rules.is_object())
    for (const auto &[name, rule] : rules.items())
      add(child(rule, "plugin"), input::below(input::below("/learning/rules", name), "plugin"), PluginKind::rule);
  const input::Json regions = child(child(document.value, "architecture"), "regions");
  if (regions.is_object())
    for (const auto &[name, region] : regions.items()) {
      const input::Json dynamics = child(region, "dynamics");
      const auto pointer = input::below(input::below("/architecture/regions", name), "dynamics");
      add(dynamics, pointer, PluginKind::dynamics);
      add(child(dynamics, "type"), input::below(pointer, "type"), PluginKind::dynamics);
    }
  const input::Json objective = child(document.value, "objective");
  add(child(objective, "type"), "/objective/type", PluginKind::objective);
  if (objective.is_array())
    for (std::size_t k = 0; k < objective.size(); ++k)
      add(child(objective[k], "type"), input::below(input::below("/objective", k), "type"), PluginKind::objective);
  add(child(child(child(document.value, "task"), "environment"), "type"), "/task/environment/type",
      PluginKind::environment);
  return out;
}

std::vector<std::string> files_read(const std::string &path, const LoadOptions &options) {
  std::vector<std::string> files;
  const input::Document document = expanded(text_of(path, options), path, options, &files);
  for (auto &named : files_named(document.value)) files.push_back(std::move(named));
  return files;
}

} // namespace engram::model
