#include "cli/fidelity_plan.hpp"

#include "input/input_error.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>

namespace engram::cli {
namespace {
namespace fs = std::filesystem;

// Settings that put `rule` (of the model's own, or a plugin) wherever the model learns.
std::vector<std::string> with_rule(const model::Model &model, const std::string &rule) {
  std::vector<std::string> settings;
  std::string replaced;
  const auto put = [&](const std::string &pointer, const std::vector<std::string> &rules) {
    if (rules.empty()) return;
    settings.push_back(pointer + "/rule=" + rule);
    if (replaced.empty()) replaced = rules.front();
  };
  for (const auto &p : model.projections) put(p.pointer, p.rules);
  for (const auto &region : model.regions) put(region.pointer + "/bias", region.bias_rules);
  if (settings.empty())
    throw input::InputError(model.file +
                            ": /architecture/projections: nothing learns here, so there is nothing to measure");
  if (model.objective.type.empty())
    throw input::InputError(model.file + ": there is no /objective, and without one no gradient to measure against");
  // It alone stands in /learning/rules: those that are not used any more could ask for another delivery. Where the
  // model does not name it, it learns at the rate and by the optimiser of the rule whose place it takes.
  const auto all = nlohmann::ordered_json::parse(model.expanded)["learning"]["rules"];
  auto entry = all.contains(rule) ? all[rule] : all[replaced];
  if (!all.contains(rule) && entry["plugin"] != rule) {
    entry["plugin"] = rule;
    entry.erase("parameters");
    entry.erase("modulators");
  }
  settings.push_back("/learning/rules=null");
  settings.push_back("/learning/rules=" + nlohmann::ordered_json{{rule, entry}}.dump());
  for (std::size_t k = 0; k < model.task.trial.size(); ++k)
    if (!model.task.trial[k].plastic_rules.empty())
      settings.push_back("/task/trial/" + std::to_string(k) + "/plastic=true");
  return settings;
}

// The rule by which the reference learns: the model's own name for backprop, where it has one.
std::string reference_rule(const model::Model &model) {
  for (const auto &rule : model.rules)
    if (rule.plugin == "backprop") return rule.name;
  return "backprop";
}

std::vector<std::string> joined(std::vector<std::string> a, const std::vector<std::string> &b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

// A model learns by backprop in the trial that it has. The gradient is that of the whole trial: it is wanted too where
// no phase of MODEL is plastic.
Source reference_of(const Context &context, const std::string &file, const model::LoadOptions &load) {
  Source source{"backprop", file, load};
  const auto read = session::read_model(file, load, context.folders, context.listener);
  source.load.settings = joined(load.settings, with_rule(read.model, reference_rule(read.model)));
  const auto &trial = read.model.task.trial;
  if (!trial.empty() && std::none_of(trial.begin(), trial.end(), [](const auto &phase) { return phase.plastic; }))
    source.load.settings.push_back("/task/trial/" + std::to_string(trial.size() - 1) + "/plastic=true");
  return source;
}

// Phases in which the objective moves the circuit, or noise does, are there for the rule. The loss itself is that of
// the circuit left alone: read where the first of those phases begins, with nothing delivered to what could still
// change it.
Source own_reference_of(const Context &context, const std::string &file, const model::LoadOptions &load) {
  auto source = reference_of(context, file, load);
  const auto read = session::read_model(file, load, context.folders, context.listener);
  const auto expanded = nlohmann::ordered_json::parse(read.model.expanded);
  auto trial = nlohmann::ordered_json::array();
  for (auto phase : expanded["task"]["trial"]) {
    const auto &objective = phase.value("objective", nlohmann::ordered_json(false));
    const bool judged = objective.is_number() ? objective != 0 : objective == true;
    phase["noise"] = false;
    phase["plastic"] = judged;
    phase["objective"] = judged;
    if (judged) phase["duration"] = read.model.time.step;
    trial.push_back(phase);
    if (judged) break;
  }
  // The settings that put the rule in place come after: they name phases of the trial that was.
  std::vector<std::string> settings = load.settings;
  for (const auto &setting : source.load.settings)
    if (!setting.starts_with("/task/trial/") && std::find(settings.begin(), settings.end(), setting) == settings.end())
      settings.push_back(setting);
  settings.push_back("/task/trial=" + trial.dump());
  settings.emplace_back("/objective/delivery=vector");
  source.load.settings = std::move(settings);
  return source;
}

// "models/digits/bcm.json" is called "bcm"; where that is taken, by its folder too.
std::string label_of(const std::string &file, const std::vector<Candidate> &taken) {
  const fs::path path(file);
  const auto stem = path.stem().string();
  const bool known = std::any_of(taken.begin(), taken.end(), [&](const auto &c) { return c.source.label == stem; });
  return known ? path.parent_path().filename().string() + "/" + stem : stem;
}

} // namespace

FidelityPlan fidelity_plan(const Context &context, const std::string &file, const model::LoadOptions &load,
                           const std::vector<std::string> &rules, const std::vector<std::string> &models) {
  FidelityPlan plan;
  plan.references.push_back(reference_of(context, file, load));
  const auto given = session::read_model(file, load, context.folders, context.listener);
  for (const auto &rule : rules) {
    Source source{rule, file, load};
    const auto &own = given.model.rules;
    if (std::none_of(own.begin(), own.end(), [&](const auto &r) { return r.name == rule; }))
      learning::RuleLibrary(context.folders.plugins).find(rule); // told as an unknown rule, not as a fault of the file
    source.load.settings = joined(load.settings, with_rule(given.model, rule));
    plan.candidates.push_back({source, 0});
  }
  std::vector<std::string> reference_words{file};
  for (const auto &said : models) {
    const auto equals = said.find('=');
    const std::string path = said.substr(0, equals);
    model::LoadOptions as_model;
    as_model.seed = load.seed;
    as_model.settings = {given.model.single ? "/precision=single" : "/precision=double"}; // that of MODEL
    Candidate candidate{{label_of(path, plan.candidates), path, as_model}, 0};
    if (equals != std::string::npos) {
      candidate.own = said.substr(equals + 1) == "own";
      const auto word = said.substr(equals + 1) == "own" ? said : said.substr(equals + 1);
      const auto found = std::find(reference_words.begin(), reference_words.end(), word);
      candidate.reference = static_cast<std::size_t>(found - reference_words.begin());
      if (found == reference_words.end()) {
        reference_words.push_back(word);
        plan.references.push_back(word == said ? own_reference_of(context, path, as_model)
                                               : reference_of(context, word, as_model));
      }
    }
    plan.candidates.push_back(candidate);
  }
  if (plan.candidates.empty()) { // the model as it is
    std::string label;
    for (const auto &rule : given.model.rules) label += (label.empty() ? "" : "+") + rule.plugin;
    plan.candidates.push_back({{label, file, load}, 0});
  }
  return plan;
}

// What the settings that put a rule into the file break is told of the rule, not of settings that nobody gave.
session::LoadedModel load_source(const Context &context, const Source &source) {
  try {
    return session::load_model(source.file, source.load, context.folders, context.listener);
  } catch (const input::InputError &error) {
    std::string text = error.what();
    const std::string from = "--set: ", to = source.file + " with " + source.label + ": ";
    for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
      text.replace(at, from.size(), to);
    throw input::InputError(text);
  }
}

} // namespace engram::cli
