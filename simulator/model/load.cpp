#include "model/load.hpp"
#include "model/check_use.hpp"
#include "model/diagnose.hpp"
#include "model/expand.hpp"
#include "model/reader.hpp"

#include <algorithm>

namespace engram::model {
namespace {

Document expanded(const std::string &text, const std::string &path, const LoadOptions &options,
                  std::vector<std::string> *files = nullptr) {
  Document document = with_bases(text, path, files);
  if (!document.value.is_object()) {
    Problems problems(document.places);
    problems.add("", "a model file holds one object");
    problems.raise();
  }
  apply_settings(document, options.settings);
  if (options.seed) {
    document.value["seed"] = *options.seed;
    document.places.set("/seed", {std::make_shared<const std::string>("--seed"), 0});
  }
  return document;
}

} // namespace

void check_all(const Model &model, const Vocabulary &vocabulary, std::uint64_t memory_bytes, Problems &problems) {
  check_circuit(model, vocabulary, problems);
  check_step_order(model, vocabulary, problems);
  check_learning(model, vocabulary, problems);
  check_spikes(model, vocabulary, problems);
  check_task(model, vocabulary, problems);
  check_times(model, vocabulary, problems);
  check_memory(model, vocabulary, memory_bytes, problems);
}

Model load_text(const std::string &text, const std::string &path, const Vocabulary &vocabulary,
                const LoadOptions &options, Places *places) {
  Document document = expanded(text, path, options);
  const Json rules = schema(vocabulary);
  {
    Problems problems(document.places);
    diagnose(rules, rules, document.value, "", problems);
    problems.raise();
  }
  Problems problems(document.places);
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
    if (std::string at, refusal = validate(rules, document.value, &at); !refusal.empty()) problems.add(at, refusal);
  problems.raise();
  model.warnings = problems.warnings();
  if (places) *places = document.places;
  model.file = path;
  try {
    model.expanded = document.value.dump(2);
  } catch (const Json::exception &) { // text of the file is; the folder that its names are resolved against may not be
    throw InputError({{path, 0, "", "a file's path is not valid UTF-8"}});
  }
  return model;
}

Model load(const std::string &path, const Vocabulary &vocabulary, const LoadOptions &options, Places *places) {
  return load_text(read_text(path), path, vocabulary, options, places);
}

std::vector<std::string> plugin_files(const std::string &path, const LoadOptions &options) {
  const Document document = expanded(read_text(path), path, options);
  std::vector<std::string> out;
  const Json learning = document.value.value("learning", Json());
  const Json rules = learning.is_object() ? learning.value("rules", Json()) : Json();
  if (!rules.is_object()) return out;
  for (const Json &rule : rules) {
    const Json plugin = rule.is_object() ? rule.value("plugin", Json()) : Json();
    if (!plugin.is_string()) continue;
    const auto file = plugin.get<std::string>();
    if (is_path(file) && std::find(out.begin(), out.end(), file) == out.end()) out.push_back(file);
  }
  return out;
}

std::vector<std::string> files_read(const std::string &path, const LoadOptions &options) {
  std::vector<std::string> files;
  const Document document = expanded(read_text(path), path, options, &files);
  for (auto &named : files_named(document.value)) files.push_back(std::move(named));
  return files;
}

} // namespace engram::model
