#include "fidelity/plan.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>

namespace engram::fidelity {
namespace {
using Json = nlohmann::ordered_json;
using Edits = std::vector<model::Edit>;

std::string plastic_of(std::size_t phase) { return "/task/trial/" + std::to_string(phase) + "/plastic"; }

// The changes that put `rule` (of the model's own, or a plugin) wherever the model learns.
Edits with_rule(const model::Model &model, const std::string &rule) {
  Edits edits;
  std::string replaced;
  const auto put = [&](const std::string &pointer, const std::vector<std::string> &rules) {
    if (rules.empty()) return;
    edits.push_back({pointer + "/rule", rule});
    if (replaced.empty()) replaced = rules.front();
  };
  for (const auto &p : model.projections) put(p.pointer, p.rules);
  for (const auto &region : model.regions) put(region.pointer + "/bias", region.bias_rules);
  if (edits.empty())
    throw input::InputError(model.file +
                            ": /architecture/projections: nothing learns here, so there is nothing to measure");
  if (model.objective.type.empty())
    throw input::InputError(model.file + ": there is no /objective, and without one no gradient to measure against");
  // It alone stands in /learning/rules: those that are not used any more could ask for another delivery. Where the
  // model does not name it, it learns at the rate and by the optimiser of the rule whose place it takes.
  const auto all = Json::parse(model.expanded)["learning"]["rules"];
  auto entry = all.contains(rule) ? all[rule] : all[replaced];
  if (!all.contains(rule) && entry["plugin"] != rule) {
    entry["plugin"] = rule;
    entry.erase("parameters");
    entry.erase("modulators");
  }
  auto alone = Json::object();
  alone[rule] = std::move(entry);
  edits.push_back({"/learning/rules", nullptr});
  edits.push_back({"/learning/rules", std::move(alone)});
  for (std::size_t k = 0; k < model.task.trial.size(); ++k)
    if (!model.task.trial[k].plastic_rules.empty()) edits.push_back({plastic_of(k), true});
  return edits;
}

// The rule by which the reference learns: the model's own name for it, where it has one.
std::string reference_rule(const model::Model &model, const std::string &exact) {
  for (const auto &rule : model.rules)
    if (rule.plugin == exact) return rule.name;
  return exact;
}

// A model learns by the exact gradient in the trial that it has. The gradient is that of the whole trial: it is wanted
// too where no phase of MODEL is plastic.
Source reference_of(const model::Model &model, const std::string &exact, const model::LoadOptions &overrides) {
  Source source{exact, model.file, overrides};
  auto &edits = source.overrides.edits;
  edits = with_rule(model, reference_rule(model, exact));
  const auto &trial = model.task.trial;
  if (!trial.empty() && std::none_of(trial.begin(), trial.end(), [](const auto &phase) { return phase.plastic; }))
    edits.push_back({plastic_of(trial.size() - 1), true});
  return source;
}

// Phases in which the objective moves the circuit, or noise does, are there for the rule. The loss itself is that of
// the circuit left alone: read where the first of those phases begins, with nothing delivered to what could still
// change it.
Source own_reference_of(const model::Model &model, const std::string &exact, const model::LoadOptions &overrides) {
  auto source = reference_of(model, exact, overrides);
  const auto expanded = Json::parse(model.expanded);
  auto trial = Json::array();
  for (auto phase : expanded["task"]["trial"]) {
    const auto &objective = phase.value("objective", Json(false));
    const bool judged = objective.is_number() ? objective != 0 : objective == true;
    phase["noise"] = false;
    phase["plastic"] = judged;
    phase["objective"] = judged;
    if (judged) phase["duration"] = model.time.step;
    trial.push_back(phase);
    if (judged) break;
  }
  // What puts the rule in place names phases of the trial that was.
  auto &edits = source.overrides.edits;
  std::erase_if(edits, [](const model::Edit &edit) { return edit.pointer.starts_with("/task/trial/"); });
  edits.push_back({"/task/trial", std::move(trial)});
  for (const auto *term : model::terms_of(model)) edits.push_back({term->pointer + "/delivery", "vector"});
  return source;
}

// "models/digits/bcm.json" is called "bcm"; where that is taken, by its folder too.
std::string label_of(const std::string &file, const std::vector<Candidate> &taken) {
  const std::filesystem::path path(file);
  const auto stem = path.stem().string();
  const bool known = std::any_of(taken.begin(), taken.end(), [&](const auto &c) { return c.source.label == stem; });
  return known ? path.parent_path().filename().string() + "/" + stem : stem;
}

void check_gives_gradient(const std::string &rule, const learning::RuleLibrary &library) {
  const auto is_global = [](const model::RuleInfo &info) { return info.form == model::RuleInfo::Form::global; };
  if (is_global(library.info(rule))) return;
  std::string those;
  for (const auto &info : library.list())
    if (is_global(info)) those += (those.empty() ? "" : ", ") + info.name;
  throw input::InputError("engram: --reference: '" + rule + "' gives no gradient; these do: " + those);
}

} // namespace

FidelityPlan fidelity_plan(const model::Model &given, const model::LoadOptions &overrides, const std::string &exact,
                           const std::vector<std::string> &rules, const std::vector<std::string> &models,
                           const session::Folders &folders, const session::Listener &listener) {
  FidelityPlan plan;
  const auto &file = given.file;
  check_gives_gradient(exact, learning::RuleLibrary(folders.plugins));
  plan.references.push_back(reference_of(given, exact, overrides));
  for (const auto &rule : rules) {
    Source source{rule, file, overrides};
    const auto &own = given.rules;
    if (std::none_of(own.begin(), own.end(), [&](const auto &r) { return r.name == rule; }))
      learning::RuleLibrary(folders.plugins).find(rule); // told as an unknown rule, not as a fault of the file
    source.overrides.edits = with_rule(given, rule);
    plan.candidates.push_back({source, 0});
  }
  std::vector<std::string> reference_words{file};
  for (const auto &argument : models) {
    const auto equals = argument.find('=');
    const std::string path = argument.substr(0, equals);
    model::LoadOptions as_model;
    as_model.seed = overrides.seed;
    as_model.settings = {given.single ? "/precision=single" : "/precision=double"}; // that of MODEL
    Candidate candidate{{label_of(path, plan.candidates), path, as_model}, 0};
    if (equals != std::string::npos) {
      candidate.own = argument.substr(equals + 1) == "own";
      const auto word = candidate.own ? argument : argument.substr(equals + 1);
      const auto found = std::find(reference_words.begin(), reference_words.end(), word);
      candidate.reference = static_cast<std::size_t>(found - reference_words.begin());
      if (found == reference_words.end()) {
        reference_words.push_back(word);
        const auto read = session::read_model(candidate.own ? path : word, as_model, folders, listener);
        plan.references.push_back(candidate.own ? own_reference_of(read.model, exact, as_model)
                                                : reference_of(read.model, exact, as_model));
      }
    }
    plan.candidates.push_back(candidate);
  }
  if (plan.candidates.empty()) { // the model as it is
    std::string label;
    for (const auto &rule : given.rules) label += (label.empty() ? "" : "+") + rule.plugin;
    plan.candidates.push_back({{label, file, overrides}, 0});
  }
  return plan;
}

session::LoadedModel load_source(const Source &source, const session::Folders &folders,
                                 const session::Listener &listener) {
  try {
    return session::load_model(source.file, source.overrides, folders, listener);
  } catch (const input::InputError &error) {
    auto problems = error.problems();
    for (auto &problem : problems)
      if (problem.file == "--set") problem.file = source.file + " with " + source.label; // nobody gave that setting
    throw input::InputError(problems);
  }
}

} // namespace engram::fidelity
