#include "input/diagnose.hpp"
#include "input/nearest.hpp"
#include "studies/axis_values.hpp"
#include "studies/setting.hpp"
#include "studies/study.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

namespace engram::studies {

using input::below;
using input::Json;

namespace {

namespace fs = std::filesystem;

std::string from_folder_of(const std::string &study, const std::string &file) {
  std::error_code error;
  const fs::path path(file);
  const auto full = fs::absolute(path.is_absolute() ? path : fs::path(study).parent_path() / path, error);
  return (error ? path : full).lexically_normal().string();
}

void read_models(Study &study, input::Problems &problems) {
  const Json &all = study.document;
  if (all.contains("model") == all.contains("models"))
    return problems.add(all.contains("model") ? "/model" : "",
                        all.contains("model") ? "excludes 'models'" : "the key 'model' is missing, or 'models'");
  const auto add = [&](const std::string &label, const Json &file, const std::string &place) {
    if (file.get<std::string>().find('\0') != std::string::npos) problems.add(place, "has a NUL in it");
    study.models.push_back({label, from_folder_of(study.file, file.get<std::string>()), place});
  };
  if (all.contains("model")) return add(fs::path(all.at("model").get<std::string>()).stem(), all.at("model"), "/model");
  const Json &models = all.at("models");
  if (models.is_object()) {
    for (const auto &[label, file] : models.items()) add(label, file, below("/models", label));
  } else {
    std::set<std::string> stems, files;
    for (const auto &file : models) stems.insert(fs::path(file.get<std::string>()).stem());
    for (std::size_t k = 0; k < models.size(); ++k) {
      const auto file = models[k].get<std::string>();
      if (!files.insert(file).second) problems.add(below("/models", k), "stands here twice");
      add(stems.size() == models.size() ? fs::path(file).stem().string() : file, models[k], below("/models", k));
    }
  }
  Axis axis{Axis::Kind::model, "model", "/models", {}, {}};
  for (const auto &model : study.models) axis.values.emplace_back(model.label);
  study.axes.push_back(std::move(axis));
}

void read_rules(Study &study, input::Problems &problems) {
  if (!study.document.contains("rules")) return;
  const Json &rules = study.document.at("rules");
  const auto add = [&](const std::string &name, const Json &plugins, const std::string &place) {
    const std::string column = rules.size() == 1 || name.empty() ? "rule" : "rule " + name;
    study.axes.push_back({Axis::Kind::rule, column, place, name, axis_values(plugins, {}, column, place, problems)});
  };
  if (rules.is_array()) return add("", rules, "/rules");
  for (const auto &[name, plugins] : rules.items()) add(name, plugins, below("/rules", name));
}

Search read_search(const Json &all) {
  Search out;
  if (!all.contains("search")) return out;
  const Json &given = all.at("search");
  if (given.value("method", "random") == "latin_hypercube") out.method = Search::Method::latin_hypercube;
  out.count = given.at("count").get<std::size_t>();
  out.seed = given.value("seed", std::uint64_t{1});
  return out;
}

// Reads "vary". Returns which axes are sampled.
std::vector<std::size_t> read_varied(Study &study, input::Problems &problems) {
  std::vector<std::size_t> drawn;
  const auto search = read_search(study.document);
  if (study.document.contains("vary"))
    for (const auto &[pointer, given] : study.document.at("vary").items()) {
      const auto place = below("/vary", pointer);
      if (given.is_object() && given.contains("sample")) drawn.push_back(study.axes.size());
      study.axes.push_back(
          {Axis::Kind::pointer, pointer, place, {}, axis_values(given, search, pointer, place, problems)});
    }
  if (study.document.contains("search") && drawn.empty())
    problems.add("/search", "says how values are drawn, and no pointer of 'vary' has a 'sample'");
  return drawn;
}

// One group for each axis that stands alone, for those that are drawn, and for each of "zip"; at the place of its first
// axis.
void make_groups(Study &study, const std::vector<std::size_t> &drawn, input::Problems &problems) {
  std::vector<AxisGroup> together;
  if (!drawn.empty()) together.push_back({drawn, 0});
  std::set<std::size_t> taken(drawn.begin(), drawn.end());
  std::vector<std::string> names;
  for (const auto &axis : study.axes) names.push_back(axis.name);
  const Json zip = study.document.value("zip", Json::array());
  for (std::size_t g = 0; g < zip.size(); ++g) {
    AxisGroup group;
    for (std::size_t k = 0; k < zip[g].size(); ++k) {
      const auto place = below(below("/zip", g), k);
      const auto name = zip[g][k].get<std::string>();
      const auto found = std::find(names.begin(), names.end(), name);
      const auto which = static_cast<std::size_t>(found - names.begin());
      if (found == names.end()) {
        problems.add(place, input::unknown("axis", name, names));
      } else if (std::find(drawn.begin(), drawn.end(), which) != drawn.end()) {
        problems.add(place, "is drawn by 'search', together with all that is drawn");
      } else if (!taken.insert(which).second) {
        problems.add(place, "stands in 'zip' twice");
      } else {
        group.axes.push_back(which);
        const std::size_t first = study.axes[group.axes.front()].values.size();
        if (study.axes[which].values.size() != first)
          problems.add(place, fmt::format("has {} values, and '{}', with which it moves, has {}",
                                          study.axes[which].values.size(), study.axes[group.axes.front()].name, first));
      }
    }
    if (!group.axes.empty()) together.push_back(std::move(group));
  }
  for (std::size_t k = 0; k < study.axes.size(); ++k) {
    if (!taken.contains(k)) together.push_back({{k}, 0});
  }
  std::sort(together.begin(), together.end(), [](const AxisGroup &a, const AxisGroup &b) {
    return *std::min_element(a.axes.begin(), a.axes.end()) < *std::min_element(b.axes.begin(), b.axes.end());
  });
  for (auto &group : together) group.count = study.axes[group.axes.front()].values.size();
  study.groups = std::move(together);
}

void read_seeds(Study &study, input::Problems &problems) {
  if (!study.document.contains("seeds")) return;
  const Json &seeds = study.document.at("seeds");
  if (seeds.is_number()) {
    for (std::uint64_t k = 1; k <= seeds.get<std::uint64_t>(); ++k) study.seeds.push_back(k);
    return;
  }
  std::set<std::uint64_t> seen;
  for (std::size_t k = 0; k < seeds.size(); ++k) {
    const auto seed = seeds[k].get<std::uint64_t>();
    if (!seen.insert(seed).second)
      problems.add(below("/seeds", k), fmt::format("has the seed {} twice: the same run would be counted twice", seed));
    study.seeds.push_back(seed);
  }
}

// Is `inner` within `outer`, or the same?
bool lies_within(const std::string &inner, const std::string &outer) {
  return inner.starts_with(outer) && (inner.size() == outer.size() || inner[outer.size()] == '/');
}

// Would a value of the axis put something at the pointer, or replace what is there?
bool sets(const Axis &axis, const std::string &pointer) {
  return std::any_of(axis.values.begin(), axis.values.end(), [&](const Json &value) {
    const Json::json_pointer rest(pointer.substr(axis.name.size()));
    return !value.is_object() || value.contains(rest);
  });
}

// Would `value` at the pointer say which plugin the rule of that name is ("": any rule)?
bool names_plugin(const std::string &pointer, const Json &value, const std::string &rule) {
  const std::string all = "/learning/rules";
  if (lies_within(all, pointer)) return true; // the rules as a whole
  if (!pointer.starts_with(all + "/")) return false;
  const auto end = std::min(pointer.size(), pointer.find('/', all.size() + 1));
  if (!rule.empty() && pointer.substr(0, end) != below(all, rule)) return false;
  return end == pointer.size() ? !value.is_object() || value.contains("plugin") : pointer.substr(end) == "/plugin";
}

// A word of a command line has at most 128 KiB on Linux.
void check_length(const std::string &pointer, const Json &value, const std::string &place, input::Problems &problems) {
  constexpr std::size_t most = 100'000;
  if (setting_of(pointer, value).size() > most)
    problems.add(place,
                 fmt::format("is longer than {} bytes, which is too much for a command line: put it into a file, "
                             "or into a model",
                             most));
}

// What would be varied in vain, or set by two.
void check_pointers(const Study &study, input::Problems &problems) {
  const Json set = study.document.value("set", Json::object());
  for (const auto &axis : study.axes) {
    if (axis.kind == Axis::Kind::rule)
      for (const auto &[pointer, value] : set.items())
        if (names_plugin(pointer, value, axis.rule)) problems.add(below("/set", pointer), "is varied by 'rules'");
    if (axis.kind != Axis::Kind::pointer) continue;
    if (std::string why; !is_pointer(axis.name, why)) {
      problems.add(axis.place, why);
      continue;
    }
    for (const auto &value : axis.values) check_length(axis.name, value, axis.place, problems);
    if (lies_within("/seed", axis.name)) problems.add(axis.place, "is varied by 'seeds'");
    if (study.document.contains("runs") && study.document.at("runs").contains("epochs") &&
        lies_within("/task/epochs", axis.name))
      problems.add(axis.place, "is set by 'epochs' of 'runs'");
    for (const auto &[pointer, value] : set.items())
      if (lies_within(pointer, axis.name)) problems.add(below("/set", pointer), "is varied by 'vary' " + axis.name);
    for (const auto &other : study.axes) {
      if (other.kind == Axis::Kind::pointer && &other != &axis && lies_within(other.name, axis.name) &&
          sets(axis, other.name))
        problems.add(other.place, "lies within " + axis.name + ", whose values set it too");
      if (other.kind == Axis::Kind::rule && std::any_of(axis.values.begin(), axis.values.end(), [&](const Json &value) {
            return names_plugin(axis.name, value, other.rule);
          }))
        problems.add(axis.place, "is varied by 'rules' too");
    }
  }
}

void read_settings(Study &study, input::Problems &problems) {
  const Json &all = study.document;
  if (all.contains("set"))
    for (const auto &[pointer, value] : all.at("set").items()) {
      if (std::string why; !is_pointer(pointer, why)) problems.add(below("/set", pointer), why);
      if (pointer == "/seed" && !study.seeds.empty()) problems.add(below("/set", pointer), "is varied by 'seeds'");
      check_length(pointer, value, below("/set", pointer), problems);
      study.settings.push_back(setting_of(pointer, value));
    }
  if (!all.contains("runs")) return;
  const Json &runs = all.at("runs");
  study.threads = runs.value("threads", 1);
  if (runs.contains("checkpoint")) study.checkpoint = runs.at("checkpoint").get<std::string>();
  if (!runs.contains("epochs")) return;
  if (all.contains("set") && all.at("set").contains("/task/epochs"))
    problems.add(below("/set", "/task/epochs"), "is set by 'epochs' of 'runs' too");
  study.settings.push_back(setting_of("/task/epochs", runs.at("epochs")));
}

void read_best(Study &study) {
  if (!study.document.contains("best")) return;
  const Json &best = study.document.at("best");
  study.best.at_best_epoch = best.value("at", "end") == "best_epoch";
  for (std::size_t k = 0; k < measure_count; ++k)
    if (best.value("by", "") == name_of(static_cast<Measure>(k), ' ')) study.best.by = static_cast<Measure>(k);
}

// What chooses the best says too much of it.
void refuse_test(const Json &document, input::Problems &problems) {
  if (!document.is_object() || !document.contains("best") || !document.at("best").is_object()) return;
  const auto by = document.at("best").value("by", Json());
  if (by.is_string() && by.get<std::string>().starts_with("test"))
    problems.add("/best/by", input::shown(by.dump()) + " would choose by the trials of the test, which then no longer "
                                                       "say how good the choice is: held-out trials choose");
  problems.raise();
}

void check_size(const Study &study, input::Problems &problems) {
  double runs = study.seeds.empty() ? 1 : static_cast<double>(study.seeds.size());
  for (const auto &group : study.groups) runs *= static_cast<double>(group.count);
  if (runs > static_cast<double>(most_runs))
    problems.add("", fmt::format("asks for {:g} runs, and a study has at most {}", runs, most_runs));
}

} // namespace

Study read_study(const std::string &path) { return read_study_text(input::read_text(path), path); }

Study read_study_text(const std::string &text, const std::string &path) {
  auto document = input::parse(text, path);
  Study study;
  study.file = path;
  study.document = std::move(document.value);
  study.places = std::move(document.places);
  input::Problems problems(study.places);
  refuse_test(study.document, problems);
  const Json schema = study_schema();
  input::diagnose(schema, schema, study.document, "", problems);
  problems.raise();
  if (std::string at, refusal = input::validate(schema, study.document, &at); !refusal.empty()) {
    problems.add(at, refusal);
    problems.raise();
  }
  study.name = study.document.value("name", fs::path(path).stem().string());
  read_models(study, problems);
  read_rules(study, problems);
  const auto drawn = read_varied(study, problems);
  read_seeds(study, problems);
  read_settings(study, problems);
  read_best(study);
  problems.raise();
  make_groups(study, drawn, problems);
  check_pointers(study, problems);
  check_size(study, problems);
  problems.raise();
  return study;
}

} // namespace engram::studies
