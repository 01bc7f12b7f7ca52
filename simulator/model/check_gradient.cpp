// check_gradient() checks that the gradient of a global rule goes through all that the circuit has.
#include "model/fit.hpp"
#include "model/reader.hpp"

#include <algorithm>

namespace engram::model {
namespace {

const RuleInfo *info_of(const std::string &name, const Model &model, const Vocabulary &vocabulary) {
  for (const auto &rule : model.rules)
    if (rule.name == name) return rule_info(rule.plugin, vocabulary);
  return nullptr;
}

// Do its spikes follow from the circuit?
bool spikes_itself(const Region &region, const Vocabulary &vocabulary) {
  const auto &dynamics = dynamics_of(region, vocabulary);
  return dynamics.spikes && dynamics.receptors;
}

bool jumps_at_spikes(const std::string &signal) {
  return signal == "trace" || signal == "rate" || signal == "potential";
}

// The loss as a function of a signal that jumps at spikes: its slope by the time of the jump is known where it is a
// quadratic one.
void check_judged(const Objective &term, const Named &words, std::size_t judged, const std::string &signal,
                  const char *member, const std::string &needs, const Model &model, const Vocabulary &vocabulary,
                  input::Problems &problems) {
  const auto &region = model.regions[judged];
  if (!spikes_itself(region, vocabulary)) return;
  const std::string at = input::below(term.pointer, member);
  if (signal == "spike")
    problems.add(at, needs + "and 'spike' of '" + region.name +
                         "' lasts a step, however late in it: trace, rate and "
                         "potential do not");
  else if (jumps_at_spikes(signal) && !words.quadratic)
    problems.add(at, needs + "and '" + signal + "' of '" + region.name +
                         "' jumps at spikes: " + those_that(&Named::quadratic, vocabulary.objectives) +
                         " judge it; others judge neurons that it drives, such as leaky ones");
}

// The times of spikes carry the gradient where potentials move steadily, and where all that a spike does lasts.
void check_spike_times(const Rule &rule, const Model &model, const Vocabulary &vocabulary, input::Problems &problems) {
  const std::string needs = "'" + rule.plugin + "' goes through the times of spikes, ";
  for (const auto &region : model.regions) {
    if (!spikes_itself(region, vocabulary)) continue;
    if (const auto &dynamics = dynamics_of(region, vocabulary); dynamics.spike_slopes && !dynamics.spike_times)
      problems.add(rule.pointer + "/plugin", needs + "and when the spikes of '" + region.name + "', which is '" +
                                                 region.dynamics.type + "', come within a step is not known; of " +
                                                 those_that(&Dynamics::spike_times, vocabulary.dynamics) + " it is");
    for (const auto &receptor : region.receptors)
      if (const Named *words = entry_named(receptor.kinetics.type, vocabulary.receptors); words && words->jump)
        problems.add(rule.pointer + "/plugin", needs + "and spikes move the potential of '" + region.name +
                                                   "' at once, by the receptor '" + receptor.name +
                                                   "': let it be a current");
  }
  for (const auto &p : model.projections) {
    if (p.from.region == unresolved || p.to.region == unresolved) continue;
    const auto &from = model.regions[p.from.region], &to = model.regions[p.to.region];
    if (!spikes_itself(from, vocabulary) || carries_spikes(p, model)) continue;
    const std::string at = p.pointer + "/from";
    const auto &dynamics = dynamics_of(to, vocabulary);
    if (dynamics.spikes && !dynamics.receptors) continue; // spikes by chance, through which no gradient goes
    if (p.from.port == "spike")
      problems.add(at, needs + "and a current by 'spike' lasts a step, however late in it: let it come from '" +
                           from.name + ".trace', or go to a receptor");
    else if (jumps_at_spikes(p.from.port) &&
             (p.to.port != "soma" || (to.integrator.type.empty() && !dynamics.receptors)))
      problems.add(at, needs + "and '" + to.name + "' follows '" + p.from.port +
                           "' at once, which jumps at spikes: let it go to the soma of neurons that have a state, such "
                           "as leaky ones");
  }
  for (const auto *term : terms_of(model)) {
    const Named *words = entry_named(term->type, vocabulary.objectives);
    if (!words || term->region == unresolved) continue;
    check_judged(*term, *words, term->region, term->signal, "signal", needs, model, vocabulary, problems);
    if (const auto &from = term->target.from; term->target.kind == Target::Kind::signal && from.region != unresolved)
      check_judged(*term, *words, from.region, from.port, "target", needs, model, vocabulary, problems);
  }
}

} // namespace

// The gradient goes through spikes where they have a slope, and along synapses whose effect adds up.
void check_gradient(const Model &model, const Vocabulary &vocabulary, input::Problems &problems) {
  const Rule *global = nullptr, *by_times = nullptr;
  for (const auto &rule : model.rules)
    if (const RuleInfo *info = rule_info(rule.plugin, vocabulary); info && info->form == RuleInfo::Form::global) {
      if (!global) global = &rule;
      if (!by_times && info->spike_times) by_times = &rule;
    }
  if (!global) return;
  const std::string at = global->pointer + "/plugin",
                    needs = "'" + global->plugin + "' needs a slope of every signal, ";
  for (const auto &region : model.regions) {
    if (!spikes_itself(region, vocabulary)) continue;
    if (!dynamics_of(region, vocabulary).spike_slopes)
      problems.add(at, needs + "and the spikes of '" + region.name + "', which is '" + region.dynamics.type +
                           "', have none; those of " + those_that(&Dynamics::spike_slopes, vocabulary.dynamics) +
                           " do");
    for (const auto &receptor : region.receptors)
      if (receptor.is_conductance() && !dynamics_of(region, vocabulary).conductance_slopes)
        problems.add(at, needs + "and '" + region.name + "' has conductances, through which it is not offered");
  }
  for (const auto &p : model.projections)
    if (std::any_of(p.rules.begin(), p.rules.end(), [&](const std::string &name) {
          const RuleInfo *info = info_of(name, model, vocabulary);
          return info && info->form == RuleInfo::Form::spiking;
        }))
      problems.add(p.pointer + "/rule",
                   "moves weights at each spike, and '" + global->plugin + "' needs weights that stay during a trial");
  for (const auto &p : model.projections)
    if (!is_none(p.short_term, vocabulary.short_term))
      problems.add(at,
                   needs + "and the synapses of '" + p.name + "' depend on their use, through which it is not offered");
  if (by_times) check_spike_times(*by_times, model, vocabulary, problems);
}

} // namespace engram::model
