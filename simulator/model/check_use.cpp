// A model that declares something and never uses it can be run, but its author probably meant something else.
#include "model/check_use.hpp"

#include "model/plastic.hpp"
#include "model/reader.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace engram::model {
namespace {

bool is_called(const Model &model, const std::string &rule) {
  const auto among = [&](const std::vector<std::string> &names) {
    return std::find(names.begin(), names.end(), rule) != names.end();
  };
  return std::any_of(model.projections.begin(), model.projections.end(),
                     [&](const auto &p) { return among(p.rules); }) ||
         std::any_of(model.regions.begin(), model.regions.end(), [&](const auto &r) { return among(r.bias_rules); });
}

void warn_of_rules(const Model &model, const Vocabulary &vocabulary, input::Problems &problems) {
  const auto &trial = model.task.trial;
  for (const auto &rule : model.rules) {
    if (rule.rate == 0 || trial.empty()) continue; // it is not to change anything
    const RuleInfo *info = rule_info(rule.plugin, vocabulary);
    if (!is_called(model, rule.name))
      problems.warn(rule.pointer, "no projection and no bias learns by this rule");
    else if (!ever_plastic(model.task, rule.name))
      problems.warn(rule.pointer,
                    "no phase of the trial is plastic for this rule (\"plastic\"), so nothing learns by it");
    else if (info && info->form != RuleInfo::Form::global && info->called_at == RuleInfo::CalledAt::end_of_trial &&
             !plastic_in(trial.back(), rule.name))
      problems.warn(rule.pointer,
                    fmt::format("'{}' is called at the end of the trial, and the last phase, '{}', is not "
                                "plastic for it, so nothing learns by it",
                                info->name, input::shown(trial.back().name)));
  }
}

bool is_shown(const Model &model, const std::string &array) {
  for (const auto &phase : model.task.trial)
    for (const auto &shown_array : phase.stimuli)
      if (shown_array.array == array) return true;
  return false;
}

bool is_target(const Model &model, const std::string &array) {
  for (const Objective *term : terms_of(model))
    if (term->target.kind == Target::Kind::task
            ? array == "targets"
            : term->target.kind == Target::Kind::array && term->target.array == array)
      return true;
  return false;
}

void warn_of_stimuli(const Model &model, const Vocabulary &vocabulary, input::Problems &problems) {
  const Stimuli &stimuli = model.task.stimuli;
  for (const auto &[name, array] : stimuli.arrays) {
    if (name == "labels" || is_target(model, name) || is_shown(model, name)) continue;
    problems.warn(input::below("/task/stimuli", name), "no phase of the trial shows it (\"stimulus\")");
  }
  if (!stimuli.dataset.empty() && !is_shown(model, "inputs"))
    problems.warn("/task/stimuli/dataset", "no phase of the trial shows its inputs (\"stimulus\")");
  for (std::size_t r = 0; r < model.regions.size(); ++r) {
    const Region &region = model.regions[r];
    if (!dynamics_of(region, vocabulary).stimulus || !is_none(region.noise, vocabulary.noises) ||
        model.task.trial.empty())
      continue;
    const auto &trial = model.task.trial;
    const auto &shows = model.task.environment.shows;
    if (std::find(shows.begin(), shows.end(), std::optional(r)) != shows.end()) continue;
    if (std::none_of(trial.begin(), trial.end(), [&](const Phase &phase) {
          return std::any_of(phase.stimuli.begin(), phase.stimuli.end(), [&](const auto &s) { return s.region == r; });
        }))
      problems.warn(region.pointer, "no phase of the trial shows it a stimulus, so its rates are 0");
  }
}

// What a region is given and has no use for.
void warn_of_regions(const Model &model, const Vocabulary &vocabulary, input::Problems &problems) {
  for (const auto &region : model.regions) {
    const auto &dynamics = dynamics_of(region, vocabulary);
    if (region.initial && !dynamics.state && !(dynamics.spikes && dynamics.receptors))
      problems.warn(region.pointer + "/initial", "'" + dynamics.name + "' has no state that could begin with it");
    if (!is_none(region.noise, vocabulary.noises) && dynamics.given_spikes)
      problems.warn(region.pointer + "/noise",
                    "the spikes of '" + dynamics.name + "' are given, and noise changes none");
  }
}

void warn_of_objective(const Model &model, input::Problems &problems) {
  const auto &trial = model.task.trial;
  if (trial.empty()) return;
  const bool one = model.further_terms.empty();
  for (const Objective *term : terms_of(model)) {
    if (!term->phases.empty()) continue; // it names phases that are there
    if (std::none_of(trial.begin(), trial.end(), [](const Phase &phase) { return phase.objective != 0; }))
      problems.warn(term->pointer, one ? "no phase of the trial delivers it (\"objective\": true), so there is no loss"
                                       : "no phase of the trial delivers it (\"objective\": true), so it has no loss");
  }
}

} // namespace

void check_use(const Model &model, const Vocabulary &vocabulary, input::Problems &problems) {
  warn_of_rules(model, vocabulary, problems);
  warn_of_stimuli(model, vocabulary, problems);
  warn_of_regions(model, vocabulary, problems);
  warn_of_objective(model, problems);
}

} // namespace engram::model
