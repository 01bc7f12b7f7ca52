// These functions gather what a rule may sense of the circuit beyond its own weights and states: signals and
// modulators.
#pragma once

#include "network/network.hpp"

#include <bitset>
#include <engram/plugin.h>
#include <stdexcept>
#include <string>
#include <vector>

namespace engram::learning {

/// A rule failed while it ran, or gave numbers that are not finite: exit code 1.
class RuleFailure : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// By region: the signals that the rules of its projections read, or that are broadcast to rules.
template <class T>
std::vector<std::bitset<network::signal_count>> signals_read(const model::Model &model,
                                                             const network::Network<T> &network,
                                                             const std::vector<const engram_rule *> &rules);

/// Broadcast to all synapses; each 1 × B.
template <class T> struct Modulators {
  numeric::Matrix<T> loss, reward, reward_prediction_error;
  /// Of regions, by rule of the model and its modulators that the file says; empty where the objective's is meant.
  std::vector<std::vector<numeric::Matrix<T>>> regions;
};

/// Takes the modulators that are regions' from the signals of the step: the mean over the neurons.
template <class T>
void broadcast(const model::Model &model, const network::Signals<T> &signals, Modulators<T> &modulators);

/// The index of a signal that a rule names. Errors: RuleFailure for one that no region has.
std::size_t signal_of(const engram_signal &said);

} // namespace engram::learning
