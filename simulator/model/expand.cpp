#include "model/expand.hpp"

#include <algorithm>
#include <filesystem>

namespace engram::model {
namespace fs = std::filesystem;
namespace {

std::string absolute(const std::string &file, const std::string &folder) {
  const fs::path path(file);
  std::error_code error;
  const fs::path full = fs::absolute(path.is_absolute() ? path : fs::path(folder) / path, error);
  return (error ? path : full).lexically_normal().string();
}

input::Json *child(input::Json *value, const char *key) {
  if (!value || !value->is_object()) return nullptr;
  const auto found = value->find(key);
  return found == value->end() ? nullptr : &*found;
}

void resolve(input::Json *holder, const char *key, const std::string &folder) {
  input::Json *file = child(holder, key);
  if (file && file->is_string() && !file->get_ref<const std::string &>().empty())
    *file = absolute(file->get<std::string>(), folder);
}

// A plugin's name stays as it is.
void resolve_plugin(input::Json *holder, const char *key, const std::string &folder) {
  const input::Json *plugin = child(holder, key);
  if (plugin && plugin->is_string() && is_path(plugin->get<std::string>())) resolve(holder, key, folder);
}

input::Document read_chain(const std::string &text, const std::string &path, std::vector<std::string> &chain) {
  input::Document own = input::parse(text, path);
  const std::string folder = fs::path(path).parent_path().string();
  input::Json *extends = child(&own.value, "extends");
  std::string base_path;
  if (extends) {
    if (!extends->is_string() || extends->get_ref<const std::string &>().empty()) {
      input::Problems problems(own.places);
      problems.add("/extends", "expected the name of a model file");
      problems.raise();
    }
    base_path = absolute(extends->get<std::string>(), folder);
  }
  resolve_files(own.value, folder);
  if (!extends) return own;

  input::Problems problems(own.places);
  std::error_code error;
  const std::string canonical = fs::weakly_canonical(base_path, error).string();
  if (std::find(chain.begin(), chain.end(), canonical) != chain.end())
    problems.add("/extends", "the file extends itself, by way of '" + input::shown(base_path) + "'");
  if (chain.size() >= 32) problems.add("/extends", "more than 32 files extend each other");
  problems.raise();
  std::string base_text;
  try {
    base_text = input::read_text(base_path);
  } catch (const input::InputError &problem) {
    problems.add("/extends", "'" + input::shown(base_path) + "': " + problem.problems().front().message);
    problems.raise();
  }
  chain.push_back(canonical);
  input::Document merged = read_chain(base_text, base_path, chain);
  own.value.erase("extends");
  // Errors of the whole document are reported at the file that was asked for.
  merged.places.set("", own.places.at(""));
  merge_patch(merged.value, merged.places, own.value, own.places, "");
  return merged;
}

} // namespace

void merge_patch(input::Json &target, input::Places &places, const input::Json &patch,
                 const input::Places &patch_places, const std::string &pointer) {
  if (!patch.is_object()) {
    target = patch;
    places.erase(pointer);
    places.copy(pointer, patch_places);
    return;
  }
  if (!target.is_object()) {
    target = input::Json::object();
    places.erase(pointer);
    places.set(pointer, patch_places.at(pointer));
  }
  for (const auto &[key, value] : patch.items()) {
    const std::string at = input::below(pointer, key);
    if (value.is_null()) {
      target.erase(key);
      places.erase(at);
      continue;
    }
    const bool is_new = !target.contains(key);
    if (is_new) places.set(at, patch_places.at(at));
    merge_patch(target[key], places, value, patch_places, at);
  }
}

bool is_path(const std::string &plugin) {
  return plugin.find('/') != std::string::npos || (plugin.size() > 3 && plugin.ends_with(".so"));
}

void resolve_files(input::Json &model, const std::string &folder) {
  input::Json *learning = child(&model, "learning");
  if (input::Json *projections = child(child(&model, "architecture"), "projections");
      projections && projections->is_array())
    for (input::Json &projection : *projections)
      for (const char *key : {"weights", "connect"}) resolve(child(&projection, key), "file", folder);
  if (input::Json *regions = child(child(&model, "architecture"), "regions"); regions && regions->is_object())
    for (input::Json &region : *regions) {
      resolve(child(&region, "spikes"), "file", folder);
      resolve_plugin(&region, "dynamics", folder); // a name alone, or "type"
      resolve_plugin(child(&region, "dynamics"), "type", folder);
    }
  input::Json *objective = child(&model, "objective");
  resolve_plugin(objective, "type", folder);
  if (objective && objective->is_array())
    for (input::Json &term : *objective) resolve_plugin(&term, "type", folder);
  resolve_plugin(child(child(&model, "task"), "environment"), "type", folder);
  if (input::Json *rules = child(learning, "rules"); rules && rules->is_object())
    for (input::Json &rule : *rules) resolve_plugin(&rule, "plugin", folder);
  if (input::Json *stimuli = child(child(&model, "task"), "stimuli"); stimuli && stimuli->is_object())
    for (input::Json &array : *stimuli) resolve(&array, "file", folder);
  for (const char *key : {"groups", "parts"})
    resolve(child(child(child(&model, "task"), "split"), key), "file", folder);
  resolve(child(&model, "initial"), "run", folder);
}

input::Document with_bases(const std::string &text, const std::string &path, std::vector<std::string> *files) {
  std::error_code error;
  std::vector<std::string> chain{fs::weakly_canonical(path.empty() ? "." : path, error).string()};
  input::Document document = read_chain(text, path, chain);
  if (files) *files = std::move(chain);
  return document;
}

std::vector<std::string> files_named(const input::Json &model) {
  std::vector<std::string> out;
  const auto add = [&](const input::Json &value) {
    if (value.is_string() && fs::path(value.get<std::string>()).is_absolute()) out.push_back(value.get<std::string>());
  };
  const auto walk = [&](const auto &self, const input::Json &value) -> void {
    for (const auto &item : value.items()) {
      const std::string &key = item.key();
      const input::Json &below = item.value();
      if (value.is_object() && (key == "file" || key == "plugin")) add(below);
      if (value.is_object() && (key == "dynamics" || key == "type") && below.is_string() &&
          is_path(below.get<std::string>()))
        add(below);
      if (below.is_structured()) self(self, below);
    }
  };
  walk(walk, model);
  if (const auto initial = model.find("initial"); initial != model.end() && initial->is_object())
    if (const auto run = initial->find("run"); run != initial->end()) add(*run);
  return out;
}

} // namespace engram::model
