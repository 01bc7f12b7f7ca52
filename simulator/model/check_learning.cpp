// check_learning() checks that rules fit their projections, the objective and each other.
#include "input/nearest.hpp"
#include "model/fit.hpp"
#include "model/reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

namespace engram::model {
namespace {

// `loss`, `reward`: is there an objective; is there an objective or an environment?
void check_modulators(const Rule &rule, const RuleInfo &info, bool loss, bool reward, input::Problems &problems) {
  const auto among = [](const std::string &name, const std::vector<std::string> &names) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  const std::string at = rule.pointer + "/modulators";
  for (const auto &modulator : rule.modulators)
    if (!among(modulator.name, info.modulators))
      problems.add(input::below(at, modulator.name),
                   info.modulators.empty()
                       ? "'" + info.name + "' reads no modulator"
                       : input::unknown("modulator", input::shown(modulator.name), info.modulators));
  for (const auto &name : info.modulators) {
    const auto modulator = std::find_if(rule.modulators.begin(), rule.modulators.end(),
                                        [&](const Modulator &one) { return one.name == name; });
    const std::string given = modulator == rule.modulators.end() ? name : modulator->given;
    if (given.empty()) continue; // a region's
    if (!among(given, objective_modulators))
      problems.add(rule.pointer, "'" + info.name + "' reads the modulator '" + name +
                                     "': \"modulators\" must say what it is, a region's signal or '" +
                                     objective_modulators.back() + "'");
    else if (!(given == objective_modulators.front() ? loss : reward) && (reward || !info.taught))
      problems.add(rule.pointer + "/plugin",
                   "'" + info.name + "' reads '" + given + "', which takes an objective, and the model has none");
  }
}

// An environment gives rewards, which is what a scalar delivers. The choice, which it may show to a region, is what
// attention is about: the circuit's wiring takes it to the apical compartments.
bool rewards_teach(const RuleInfo &info, const Model &model, const Vocabulary &vocabulary) {
  if (info.delivery == Objective::Delivery::scalar) return true;
  if (info.delivery != Objective::Delivery::attention) return false;
  const Named *words = entry_named(model.task.environment.kind.type, vocabulary.environments);
  if (!words) return false;
  for (std::size_t k = 0; k < words->shows.size(); ++k)
    if (words->shows[k].name == "choice" && model.task.environment.shows[k]) return true;
  return false;
}

void check_rule(const Rule &rule, const RuleInfo &info, const Model &model, const Vocabulary &vocabulary,
                input::Problems &problems) {
  const std::string plugin = rule.pointer + "/plugin";
  const bool objective = !model.objective.type.empty();
  // A scalar is a modulator, and may come from a region instead.
  const bool elsewhere =
      info.delivery == Objective::Delivery::scalar && !info.modulators.empty() &&
      std::all_of(info.modulators.begin(), info.modulators.end(), [&](const std::string &name) {
        return std::any_of(rule.modulators.begin(), rule.modulators.end(),
                           [&](const auto &modulator) { return modulator.name == name && modulator.given.empty(); });
      });
  const bool environment = model.task.environment.given();
  if (environment && info.form == RuleInfo::Form::global && !objective)
    problems.add(plugin, "'" + info.name +
                             "' takes the gradient of an objective back through the trial, and there is none through "
                             "the rewards of the environment '" +
                             model.task.environment.kind.type +
                             "': give it a term of the objective, whose target the environment may give");
  else if (info.taught && !elsewhere && !(environment && rewards_teach(info, model, vocabulary))) {
    const std::string needs = "'" + info.name + "' needs an objective whose delivery is '" +
                              word_of(info.delivery, delivery_words) + "', and ";
    if (!objective)
      problems.add(plugin,
                   needs +
                       (!environment ? "the model has none"
                        : info.delivery == Objective::Delivery::attention
                            ? "an environment takes its place where it shows its choice: \"shows\": { \"choice\": …, "
                              "the input region that is shown it"
                            : "the rewards of an environment are none: a term of the objective may have a target that "
                              "the environment gives"));
    else if (const auto terms = terms_of(model);
             std::none_of(terms.begin(), terms.end(), [&](const auto *one) { return one->delivery == info.delivery; }))
      problems.add(plugin, needs + (terms.size() > 1
                                        ? "none of the terms' is"
                                        : "this one's is '" + word_of(model.objective.delivery, delivery_words) + "'"));
  }
  check_modulators(rule, info, objective, objective || environment, problems);
  if (model.single ? !info.single : !info.double_)
    problems.add(plugin, "'" + info.name + "' does not offer " + (model.single ? "single" : "double") + " precision");
  // Below this, numbers count as zero while engram computes, and zero is no limit.
  const double least = model.single ? double{std::numeric_limits<float>::min()} : std::numeric_limits<double>::min();
  for (const auto &[key, limit] : {std::pair{"/clip_norm", rule.clip_norm}, {"/clip_value", rule.clip_value}})
    if (limit && *limit < least)
      problems.add(rule.pointer + key, fmt::format("{:g} counts as 0 in {} precision: the least is {:g}", *limit,
                                                   model.single ? "single" : "double", least));
  if (rule.clip_norm && rule.clip_value)
    problems.add(rule.pointer + "/clip_value", "'clip_norm' and 'clip_value' do not go together");
  if (info.form == RuleInfo::Form::spiking && (rule.clip_norm || rule.clip_value))
    problems.add(rule.pointer + (rule.clip_norm ? "/clip_norm" : "/clip_value"),
                 "the weights of '" + info.name + "' move at each spike: there is no change of a batch to clip");
  if (info.form == RuleInfo::Form::global && rule.apply == Rule::Apply::step)
    problems.add(rule.pointer + "/apply",
                 "'" + info.name + "' looks back over the whole trial, so its changes cannot be applied at each step");
}

const Rule *rule_named(const Model &model, const std::string &name) {
  const auto found =
      std::find_if(model.rules.begin(), model.rules.end(), [&](const Rule &rule) { return rule.name == name; });
  return found == model.rules.end() ? nullptr : &*found;
}

// The rule that `name` calls, or null after telling that there is none.
const RuleInfo *called(const std::string &name, const std::string &pointer, const Model &model,
                       const Vocabulary &vocabulary, input::Problems &problems) {
  if (const Rule *rule = rule_named(model, name)) return rule_info(rule->plugin, vocabulary);
  problems.add(pointer, input::unknown("rule", input::shown(name), rule_names(model)));
  return nullptr;
}

// Rules of one circuit that exclude each other.
void check_together(const Model &model, const Vocabulary &vocabulary, input::Problems &problems) {
  struct Standing {
    const Rule *rule;
    const RuleInfo *info;
    std::string pointer;
  };
  std::vector<Standing> all;
  const auto stand = [&](const std::vector<std::string> &names, const std::string &pointer) {
    std::size_t perturbing = 0;
    for (const auto &name : names) {
      const Rule *rule = rule_named(model, name);
      const RuleInfo *info = rule ? rule_info(rule->plugin, vocabulary) : nullptr;
      if (!info) continue;
      all.push_back({rule, info, pointer});
      if (info->perturbs && ++perturbing > 1)
        problems.add(pointer, "a projection takes one rule that perturbs it at most");
    }
  };
  for (const auto &projection : model.projections) stand(projection.rules, projection.pointer + "/rule");
  for (const auto &region : model.regions) stand(region.bias_rules, region.pointer + "/bias/rule");
  const auto global = std::find_if(all.begin(), all.end(),
                                   [](const Standing &one) { return one.info->form == RuleInfo::Form::global; });
  std::set<const Rule *> seen; // what is wrong with a rule's own words is told once, wherever it stands
  for (const auto &[rule, info, pointer] : all) {
    const bool at_each_step = rule->apply == Rule::Apply::step && seen.insert(rule).second;
    if (info->perturbs && at_each_step)
      problems.add(rule->pointer + "/apply",
                   "'" + info->name + "' perturbs weights for a phase, so its changes cannot be applied at each step");
    if (info->form == RuleInfo::Form::global && info->name != global->info->name)
      problems.add(pointer, "'" + info->name + "' takes a trial back, and so does '" + global->info->name + "' at " +
                                global->pointer + ": a model has one such rule");
    if (global == all.end() || info->form == RuleInfo::Form::global || info->form == RuleInfo::Form::spiking) continue;
    const std::string needs = "'" + global->info->name + "' needs weights that stay during a trial";
    if (info->perturbs) problems.add(pointer, needs + ", and '" + info->name + "' perturbs them");
    if (at_each_step)
      problems.add(rule->pointer + "/apply",
                   needs + ", so the changes of '" + info->name + "' cannot be applied at each step");
  }
}

// The rules of one projection or bias: `pre` is null for a bias.
void check_attached(const std::vector<std::string> &names, const Region *pre, const Region *post,
                    const std::string &pointer, const Model &model, const Vocabulary &vocabulary,
                    input::Problems &problems) {
  std::size_t global = 0;
  for (std::size_t k = 0; k < names.size(); ++k) {
    const std::string at = names.size() == 1 ? pointer : input::below(pointer, k);
    if (std::find(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(k), names[k]) !=
        names.begin() + static_cast<std::ptrdiff_t>(k))
      problems.add(at, "the rule stands here a second time");
    const RuleInfo *info = called(names[k], at, model, vocabulary, problems);
    if (!info || !post) continue;
    for (const auto &missing : missing_signals(*info, pre, *post, vocabulary))
      problems.add(at, missing_text(*info, missing));
    if (info->form == RuleInfo::Form::global && ++global > 1)
      problems.add(at, "a projection takes one global rule at most");
    if (info->form == RuleInfo::Form::spiking && !pre)
      problems.add(at, "'" + info->name + "' is called where a spike reaches a synapse, and no spike reaches a bias");
  }
}

// Rules that are called at spikes learn in synapses that carry spikes, and no others do.
void check_form(const Projection &projection, const Model &model, const Vocabulary &vocabulary,
                input::Problems &problems) {
  const bool spikes = carries_spikes(projection, model);
  for (std::size_t k = 0; k < projection.rules.size(); ++k) {
    const Rule *rule = rule_named(model, projection.rules[k]);
    const RuleInfo *info = rule ? rule_info(rule->plugin, vocabulary) : nullptr;
    if (!info) continue;
    const std::string at = projection.pointer + "/rule" + (projection.rules.size() == 1 ? "" : "/" + std::to_string(k));
    const bool spiking = info->form == RuleInfo::Form::spiking;
    if (info->form == RuleInfo::Form::global) continue; // whether the gradient gets there is asked elsewhere
    if (spiking != spikes)
      problems.add(at,
                   "'" + info->name + "' is called " +
                       (spiking ? "where a spike reaches a synapse, and this projection carries none: let it target "
                                  "a receptor"
                                : "at the step's signals, and this projection carries spikes: it takes rules whose "
                                  "form is 'spiking'"));
    if (spiking && spikes && model.task.batch != 1)
      problems.add("/task/batch", "'" + info->name + "' learns from one trial at a time: it must be 1");
    const Named *optimizer = entry_named(rule->optimizer.type, vocabulary.optimizers);
    if (spiking && optimizer && !optimizer->adds_change)
      problems.add(rule->pointer + "/optimizer", "the weights of '" + info->name + "' move at each spike: " +
                                                     those_that(&Named::adds_change, vocabulary.optimizers) + " alone");
    if (spiking && rule->weight_decay != 0)
      problems.add(rule->pointer + "/weight_decay", "not offered for a rule that is called at spikes");
  }
}

} // namespace

void check_learning(const Model &model, const Vocabulary &vocabulary, input::Problems &problems) {
  for (const auto &rule : model.rules)
    if (const RuleInfo *info = rule_info(rule.plugin, vocabulary)) check_rule(rule, *info, model, vocabulary, problems);
  for (const auto &projection : model.projections) {
    const bool bound = projection.from.region != unresolved && projection.to.region != unresolved;
    if (bound) check_form(projection, model, vocabulary, problems);
    check_attached(projection.rules, bound ? &model.regions[projection.from.region] : nullptr,
                   bound ? &model.regions[projection.to.region] : nullptr, projection.pointer + "/rule", model,
                   vocabulary, problems);
  }
  for (const auto &region : model.regions)
    check_attached(region.bias_rules, nullptr, &region, region.pointer + "/bias/rule", model, vocabulary, problems);
  check_together(model, vocabulary, problems);
  check_gradient(model, vocabulary, problems);
  for (std::size_t k = 0; k < model.task.trial.size(); ++k) {
    const auto &names = model.task.trial[k].plastic_rules;
    for (std::size_t n = 0; n < names.size(); ++n)
      called(names[n], input::below(input::below("/task/trial", k) + "/plastic", n), model, vocabulary, problems);
  }
}

} // namespace engram::model
