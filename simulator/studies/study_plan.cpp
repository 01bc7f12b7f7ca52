#include "studies/study_plan.hpp"

#include "input/nearest.hpp"
#include "model/expand.hpp"
#include "studies/setting.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace engram::studies {

using input::Json;

namespace {

// The rules of a model file, by name: their plugins.
std::vector<std::pair<std::string, std::string>> rules_of(const StudyModel &model, const Study &study) {
  auto document = model::with_bases(input::read_text(model.file), model.file, nullptr);
  if (document.value.is_object()) model::apply_settings(document, study.settings);
  std::vector<std::pair<std::string, std::string>> out;
  const Json::json_pointer at("/learning/rules");
  if (!document.value.is_object() || !document.value.contains(at) || !document.value.at(at).is_object()) return out;
  for (const auto &[name, rule] : document.value.at(at).items())
    out.emplace_back(name, rule.is_object() && rule.contains("plugin") && rule.at("plugin").is_string()
                               ? rule.at("plugin").get<std::string>()
                               : "");
  return out;
}

// The rule of the model that an axis swaps: its name and its plugin.
std::pair<std::string, std::string> swapped_rule(const Axis &axis, const StudyModel &model, const Study &study) {
  const auto rules = rules_of(model, study);
  std::vector<std::string> names;
  for (const auto &rule : rules) names.push_back(rule.first);
  input::Problems problems(study.places);
  if (axis.rule.empty() && rules.size() != 1)
    problems.add(axis.place, rules.empty() ? "swaps a rule, and " + model.file + " has none in /learning/rules"
                                           : fmt::format("must say which rule is swapped, as in {{\"{}\": [...]}}: {} "
                                                         "has {}",
                                                         names.front(), model.file, fmt::join(names, ", ")));
  const auto found = axis.rule.empty() ? rules.begin()
                                       : std::find_if(rules.begin(), rules.end(),
                                                      [&](const auto &rule) { return rule.first == axis.rule; });
  if (problems.empty() && found == rules.end())
    problems.add(axis.place, input::unknown("rule", axis.rule, names) + ", in " + model.file);
  problems.raise();
  return *found;
}

// The plugin takes the place of the rule's own, whose parameters and modulators say nothing to it.
std::vector<std::string> swap_settings(const std::pair<std::string, std::string> &rule, const std::string &plugin) {
  if (rule.second == plugin) return {};
  const auto at = input::below("/learning/rules", rule.first);
  return {setting_of(at + "/parameters", nullptr), setting_of(at + "/modulators", nullptr),
          setting_of(at + "/plugin", plugin)};
}

std::size_t depth(const std::string &pointer) {
  return static_cast<std::size_t>(std::count(pointer.begin(), pointer.end(), '/'));
}

// Which value each axis has in a combination.
std::vector<std::size_t> values_of(const Study &study, std::size_t combination) {
  std::vector<std::size_t> out(study.axes.size());
  for (auto group = study.groups.rbegin(); group != study.groups.rend(); ++group) {
    for (const std::size_t axis : group->axes) out[axis] = combination % group->count;
    combination /= group->count;
  }
  return out;
}

} // namespace

std::vector<PlannedRun> plan_runs(const Study &study) {
  // Axes by depth, so that what lies within another is set after it.
  std::vector<std::size_t> order;
  for (std::size_t k = 0; k < study.axes.size(); ++k)
    if (study.axes[k].kind == Axis::Kind::pointer) order.push_back(k);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return depth(study.axes[a].name) < depth(study.axes[b].name); });
  // swapped[axis][model]: its rule that the axis swaps
  std::vector<std::vector<std::pair<std::string, std::string>>> swapped(study.axes.size());
  for (std::size_t k = 0; k < study.axes.size(); ++k)
    if (study.axes[k].kind == Axis::Kind::rule)
      for (const auto &model : study.models) swapped[k].push_back(swapped_rule(study.axes[k], model, study));

  std::vector<PlannedRun> out;
  const std::size_t combinations = study.combinations(), seeds = std::max<std::size_t>(1, study.seeds.size());
  for (std::size_t c = 0; c < combinations; ++c) {
    PlannedRun run;
    run.combination = c;
    run.values = values_of(study, c);
    for (std::size_t k = 0; k < study.axes.size(); ++k)
      if (study.axes[k].kind == Axis::Kind::model) run.model = run.values[k];
    for (std::size_t k = 0; k < study.axes.size(); ++k)
      if (study.axes[k].kind == Axis::Kind::rule)
        for (auto &text : swap_settings(swapped[k][run.model], study.axes[k].values[run.values[k]].get<std::string>()))
          run.settings.push_back(std::move(text));
    // What is set and varied comes after the swap: it may be of the new rule.
    run.settings.insert(run.settings.end(), study.settings.begin(), study.settings.end());
    for (const std::size_t k : order)
      run.settings.push_back(setting_of(study.axes[k].name, study.axes[k].values[run.values[k]]));
    for (std::size_t s = 0; s < seeds; ++s) {
      run.number = out.size() + 1;
      if (!study.seeds.empty()) run.seed = study.seeds[s];
      out.push_back(run);
    }
  }
  return out;
}

std::string described(const PlannedRun &run, const Study &study) {
  std::vector<std::string> parts;
  for (std::size_t k = 0; k < study.axes.size(); ++k)
    parts.push_back(study.axes[k].name + " = " + input::shown(study.axes[k].text(run.values[k])));
  if (run.seed) parts.push_back(fmt::format("seed {}", *run.seed));
  return fmt::format("run {}{}", run.number, parts.empty() ? "" : fmt::format(" ({})", fmt::join(parts, ", ")));
}

namespace {
void add_run_options(std::vector<std::string> &words, const Study &study) {
  words.insert(words.end(), {"--quiet", "--threads", std::to_string(study.threads)});
  if (study.checkpoint) words.insert(words.end(), {"--checkpoint", *study.checkpoint});
}
} // namespace

std::vector<std::string> run_words(const PlannedRun &run, const Study &study, const std::string &program,
                                   const std::string &out) {
  std::vector<std::string> words{program, "run", study.models[run.model].file, "--out", out};
  add_run_options(words, study);
  for (const auto &setting : run.settings) words.insert(words.end(), {"--set", setting});
  if (run.seed) words.insert(words.end(), {"--seed", std::to_string(*run.seed)});
  return words;
}

std::vector<std::string> resume_words(const Study &study, const std::string &program, const std::string &out,
                                      std::size_t epochs) {
  std::vector<std::string> words{program, "run", "--resume", out};
  if (epochs > 0) words.insert(words.end(), {"--until", fmt::format("epochs={}", epochs)});
  add_run_options(words, study);
  return words;
}

} // namespace engram::studies
