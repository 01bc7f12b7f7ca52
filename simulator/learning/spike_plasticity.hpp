// SpikePlasticity applies spiking rules to a network. A rule is called where a spike reaches a synapse, so silent
// synapses cost nothing.
#pragma once

#include "learning/call_spikes.hpp"
#include "learning/plasticity.hpp"
#include "network/spike_history.hpp"

#include <engram/plugin.h>

#include <vector>

namespace engram::learning {

template <class T> class SpikePlasticity {
public:
  /// Attaches the rules of all sparse projections. `rules`: the plugin of each of model.rules.
  /// Errors: RuleFailure for a plugin without this precision.
  SpikePlasticity(const model::Model &model, network::Network<T> &network,
                  const std::vector<const engram_rule *> &rules, int threads);
  SpikePlasticity(const SpikePlasticity &) = delete;
  SpikePlasticity &operator=(const SpikePlasticity &) = delete;

  bool empty() const { return attached_.empty(); }
  /// From now on changes are summed and weights stay as they are, or (`on` false) weights move again.
  void measure(bool on) { measuring_ = on; }
  /// The changes summed since discard(), mean over trials and sum over rules, before rates and bounds: one for each
  /// synapse of the projection with this index; empty where no such rule is.
  Matrix<T> change(std::size_t index) const;
  void discard();
  /// The states of rules that outlive a trial, as the weights do. Empty before the first trial.
  std::vector<std::vector<T>> shared_states() const;
  void set_shared_states(const std::vector<std::vector<T>> &states);
  /// The same, each by its name. Valid as long as this is.
  std::vector<Kept> kept();
  /// Errors: RuleFailure where a state of a rule is not finite.
  void check_states() const;
  /// The epoch, from 0, whose rates hold from now on.
  void begin_epoch(std::size_t epoch);
  /// A trial begins. Errors: RuleFailure when there is more than one.
  void begin(std::size_t trials);
  /// The step's spikes meet their synapses, and weights move at once.
  void call(const Moment &moment, const network::Signals<T> &signals, const network::SpikeHistory &spikes,
            const Modulators<T> &modulators);

private:
  struct Side {                       // of a projection; lists are in the order in which callbacks are handed them
    std::vector<std::size_t> signals; // of network::Signal
    std::vector<const engram_state *> declarations; // by state
    std::vector<std::vector<T>> now;                // by state: N
    std::vector<std::uint64_t> late;                // by state: steps by which its synapses see it late
    std::vector<std::vector<std::vector<T>>> past;  // by step of a ring, by state; empty where nobody asks for the past
    std::size_t neurons = 0;
  };
  struct Attached {
    std::size_t projection = 0, rule_index = 0; // in Network::sparse; in Model::rules
    const engram_rule *rule = nullptr;
    const engram_spike_callbacks *callbacks = nullptr;
    std::vector<double> parameters;
    Side pre, post;
    std::vector<const engram_state *> synapse_declarations;
    std::vector<std::vector<T>> synapse; // by state: one for each synapse
    T rate = 0, low = 0, high = 0;       // of the changes, and bounds of the weights
    std::uint64_t sweep_every = 0;       // steps; 0: no sweeps
    std::vector<double> cut_short;       // parameters of a sweep at the end of a trial, within an interval
    std::vector<std::vector<T>> change;  // by thread's tile: scratch
    std::vector<std::string> failures;   // by tile
    std::vector<T> total;                // by synapse: changes, when measuring
    std::size_t trials = 0;              // in which
  };
  struct Step; // of one rule: what call_spikes() asks for
  void attach(std::size_t projection, std::size_t which, const engram_rule &rule);
  void begin(Side &side);
  void move(Attached &a, const NeuronSynapses &row, const std::vector<T> &change, std::string &failure);
  [[noreturn]] void fail(const Attached &a, const std::string &what) const;

  const model::Model &model_;
  network::Network<T> &network_;
  template <class Any, class Visit> static void each_shared(Any &attached, Visit &&visit);

  std::vector<Attached> attached_;
  int threads_ = 1;
  bool measuring_ = false;
};

} // namespace engram::learning
