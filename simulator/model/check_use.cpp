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

// By a modulator, or by a region that may have been shown it.
bool reads_reward(const Rule &rule, const RuleInfo &info) {
  return std::any_of(info.modulators.begin(), info.modulators.end(), [&](const std::string &name) {
    const auto given = std::find_if(rule.modulators.begin(), rule.modulators.end(),
                                    [&](const Modulator &one) { return one.name == name; });
    const std::string &what = given == rule.modulators.end() ? name : given->given;
    return what == "reward" || what == "reward_prediction_error" || what.empty();
  });
}

void warn_of_rewards(const Model &model, const Vocabulary &vocabulary, input::Problems &problems) {
  if (!model.task.environment.given()) return;
  for (const Objective *term : terms_of(model)) // it teaches otherwise
    if (term->target.kind == Target::Kind::environment) return;
  bool learns = false;
  for (const auto &rule : model.rules) {
    const RuleInfo *info = rule_info(rule.plugin, vocabulary);
    if (!info || rule.rate == 0 || !is_called(model, rule.name) || !ever_plastic(model.task, rule.name)) continue;
    if (reads_reward(rule, *info)) return;
    learns = true;
  }
  if (learns)
    problems.warn(
        "/task/environment",
        "no rule that learns reads its rewards ('reward' or 'reward_prediction_error'), so they teach nothing");
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

void warn_of_background(const Region &region, const Receptor &receptor, input::Problems &problems) {
  if (!receptor.kinetics.parameters.contains("background_rate")) return;
  const bool rate = receptor.kinetics.number("background_rate") != 0;
  const bool weight = receptor.kinetics.number("background_weight") != 0;
  if (rate == weight) return;
  problems.warn(input::below(region.pointer + "/receptors", receptor.name),
                rate ? "its background has a rate and no weight (\"background_weight\"), so it does nothing"
                     : "its background has a weight and no rate (\"background_rate\"), so it does nothing");
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
    for (const auto &receptor : region.receptors) warn_of_background(region, receptor, problems);
  }
}

// The least that is known of it: what is drawn from a normal distribution may be anything.
double least_of(const Quantity &q) {
  switch (q.kind) {
  case Quantity::Kind::values:
    return q.values.empty() ? 0 : *std::min_element(q.values.begin(), q.values.end());
  case Quantity::Kind::normal:
    return 0;
  default:
    return q.a;
  }
}

// Each trial begins with nothing on the way.
void warn_of_delays(const Model &model, input::Problems &problems) {
  double whole = 0;
  for (const auto &phase : model.task.trial) whole += phase.duration;
  for (const auto &p : model.projections)
    if (const double least = least_of(p.axonal) + least_of(p.dendritic); least >= whole && whole > 0)
      problems.warn(p.pointer + "/delay",
                    fmt::format("{:g} ms is no shorter than a trial, {:g} ms, so nothing arrives", least, whole));
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
  warn_of_rewards(model, vocabulary, problems);
  warn_of_stimuli(model, vocabulary, problems);
  warn_of_regions(model, vocabulary, problems);
  warn_of_delays(model, problems);
  warn_of_objective(model, problems);
}

} // namespace engram::model
