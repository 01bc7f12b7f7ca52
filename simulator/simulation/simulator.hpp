// A Simulator runs trials by a model, batch after batch, and lets its weights learn.
#pragma once

#include "simulation/adjoint.hpp"
#include "simulation/forward.hpp"

#include <utility>
#include <vector>

namespace engram::simulation {

template <class T> class Simulator {
public:
  /// `rules`: the plugin of each of model.rules. `recorded`: signals that an observer reads, by region; may be empty.
  /// `entries`, `task_entries`: the dynamics, terms and environments that the model may name. The model, the network,
  /// the trials, the plugins and the entries must outlive the simulator. `ranks`: those that share out the spiking
  /// neurons, whose network holds the synapses onto its own ones; all make the same calls. Errors:
  /// numeric::WrongProduct, when the BLAS of this machine computes wrong.
  Simulator(const model::Model &model, network::Network<T> &network, const task::Trials &trials,
            const std::vector<const engram_rule *> &rules, std::vector<dynamics::SignalSet> recorded, int threads,
            const dynamics::DynamicsEntries &entries = dynamics::dynamics_entries(),
            const task::TaskEntries &task_entries = task::task_entries(), ranks::Ranks *ranks = nullptr);
  Simulator(const Simulator &) = delete;
  Simulator &operator=(const Simulator &) = delete;

  /// The flag that it points to must outlive the simulator.
  void watch(Watch watch) {
    watch_ = std::move(watch);
    if (auto *exchange = forward_.exchange()) exchange->watch(watch_.stop);
  }
  /// For who reads the weights in the midst of a batch: takes back what a rule added to them for a phase.
  void take_back() { plasticity_.perturb(false, 0); }
  /// Simulates the trials; with batch.learn, moves the weights. Denormals count as zero within, on all its threads and
  /// in plugins; the caller's own mode is restored. Errors: RunFailure, learning::RuleFailure.
  Outcome run(const Batch &batch, Observer<T> *observer = nullptr);
  /// Simulates and calls the rules, but leaves the weights as they are: read change(), then discard(). Rules that are
  /// called at spikes see one trial after the other.
  Outcome measure(const Batch &batch);
  /// The change that the rules of the projection with this index want since discard(): mean over trials (and steps),
  /// sum over its rules. N_post × N_pre, or one for each synapse of a sparse one.
  Matrix<T> change(std::size_t projection);
  void discard();

  /// The memory that stays from batch to batch beside the weights: states of rules, expectations of reward. Empty at
  /// first.
  struct Memory {
    std::vector<Matrix<T>> rules;
    std::vector<std::vector<T>> spike_rules;
    std::vector<Judge<T>> judge;
  };
  Memory remember() const {
    return {plasticity_.shared_states(), spike_plasticity_.shared_states(), forward_.expectations()};
  }
  void recall(const Memory &memory) {
    plasticity_.set_shared_states(memory.rules);
    spike_plasticity_.set_shared_states(memory.spike_rules);
    forward_.set_expectations(memory.judge);
  }

  /// All that learning keeps from batch to batch beside the weights: that, and the memory of optimizers. Valid as long
  /// as the simulator is. With the weights and the number of epochs done it is the whole state of a run between epochs:
  /// random numbers are counters.
  std::vector<learning::Kept> kept();

  /// Errors: RunFailure where weights that learn are not finite.
  void check_weights(std::size_t epoch);
  /// Is the run to end, because this process or another rank was asked to? Among ranks all make this call.
  bool is_stopped();
  /// Where the time of spiking neurons went since this was made; null without any.
  const SpikingTimes *spiking_times() const { return forward_.spikes() ? &forward_.spikes()->times() : nullptr; }
  /// Steps from one exchange of spikes to the next; 0: no ranks share out the neurons.
  std::size_t interval() { return forward_.exchange() ? forward_.exchange()->interval() : 0; }

  learning::Plasticity<T> &plasticity() { return plasticity_; }
  const task::Schedule &schedule() const { return setup_.schedule; }

private:
  template <class F> void together(F &&work);
  Outcome simulate(const Batch &batch, Observer<T> *observer);
  Tape<T> *tape_for(const Batch &batch);
  bool call_global(std::size_t steps);

  Setup<T> setup_;
  learning::Plasticity<T> plasticity_;
  learning::SpikePlasticity<T> spike_plasticity_;
  Forward<T> forward_;
  Watch watch_;
  Adjoint<T> adjoint_;
};

} // namespace engram::simulation
