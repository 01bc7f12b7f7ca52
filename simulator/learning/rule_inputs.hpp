// These functions collect what a rule is shown beside the weights and states of its own projection: signals,
// modulators, parameters.
#pragma once

#include "dynamics/region_dynamics.hpp"
#include "error/error.hpp"
#include "learning/call.hpp"
#include "network/network.hpp"

#include <engram/plugin.h>
#include <string>
#include <string_view>
#include <vector>

namespace engram::learning {

/// A rule failed while it ran, or gave numbers that are not finite: exit code 1.
class RuleFailure : public Failed {
public:
  using Failed::Failed;
};

/// By region: the signals that the rules of its projections read, or that are broadcast to rules.
template <class T>
std::vector<dynamics::SignalSet> signals_read(const model::Model &model, const network::Network<T> &network,
                                              const std::vector<const engram_rule *> &rules);

/// What is made of a loss; each 1 × B.
template <class T> struct Judged { numeric::Matrix<T> loss, reward, reward_prediction_error; };

/// Broadcast to all synapses: of the objective, which is the weighted sum of its terms, and of regions.
template <class T> struct Modulators : Judged<T> {
  std::vector<Judged<T>> terms; ///< of each term by itself
  /// Of regions, by rule of the model and its modulators that the file says; empty where the objective's is meant.
  std::vector<std::vector<numeric::Matrix<T>>> regions;
};

/// Takes the modulators that are regions' from the signals of the step: the mean over the neurons.
template <class T>
void broadcast(const model::Model &model, const network::Signals<T> &signals, Modulators<T> &modulators);

/// The index of a signal that a rule names. Errors: RuleFailure for one that no region has.
std::size_t signal_of(const engram_signal &signal);

/// The values of a rule's parameters in the order of its table: those that the model gives, else the defaults.
std::vector<double> parameters_of(const engram_rule &rule, const model::Rule &model_rule);

/// The modulators that a rule declares, in its order. `model_rule`: the rule in the words of the model, number `which`
/// of Model::rules. Calls fail(text), which must throw, for one that is unknown.
template <class T, class Fail>
ModulatorList modulators_of(const engram_rule &rule, const model::Rule &model_rule, std::size_t which,
                            const Modulators<T> &modulators, Fail &&fail) {
  ModulatorList out;
  for (std::size_t k = 0; k < rule.modulator_count; ++k) {
    std::string_view name = rule.modulators[k];
    const void *found = nullptr;
    const Judged<T> *of = &modulators;
    for (std::size_t m = 0; m < model_rule.modulators.size(); ++m) {
      if (model_rule.modulators[m].name != name) continue;
      name = model_rule.modulators[m].given;
      if (name.empty()) found = modulators.regions[which][m].memptr();
      if (model_rule.modulators[m].term) of = &modulators.terms.at(*model_rule.modulators[m].term);
      break;
    }
    if (!found)
      found = name == "loss"                      ? of->loss.memptr()
              : name == "reward"                  ? of->reward.memptr()
              : name == "reward_prediction_error" ? of->reward_prediction_error.memptr()
                                                  : nullptr;
    if (!found) fail("reads an unknown modulator '" + std::string(name) + "'");
    out.add(found);
  }
  return out;
}

} // namespace engram::learning
