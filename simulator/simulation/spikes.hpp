// Spikes is the spiking part of the time loop: spikes travel, arrive, move the neurons, and cause new spikes.
#pragma once

#include "dynamics/circuit_dynamics.hpp"
#include "dynamics/spike_tape.hpp"
#include "dynamics/spiking_region.hpp"
#include "network/network.hpp"
#include "network/spike_history.hpp"
#include "simulation/failure.hpp"
#include "simulation/short_term.hpp"
#include "simulation/spike_exchange.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace engram::simulation {

/// A spike that a neuron makes between t and t + h is a signal of the step at t + h; with a delay of d steps it acts on
/// its targets from t + h + d h on.
template <class T> class Spikes {
public:
  /// All are kept by reference and must outlive this.
  Spikes(const model::Model &model, network::Network<T> &network, const dynamics::CircuitDynamics<T> &circuit,
         int threads, ranks::Ranks *ranks);
  bool empty() const { return active_.empty(); }
  /// A batch of trials begins. `draws`: by trial, a number for what is random in it; `rows`: which of the task it is.
  void begin(const std::vector<std::uint64_t> &draws, const std::vector<std::size_t> &rows);
  /// Writes what the spiking regions show in this step into the signals.
  void show(network::Signals<T> &signals) const;
  /// Spikes that are due in this step reach their receptors.
  void arrive(std::uint64_t step);
  /// All neurons move from `step` to the next. `slopes`: the gradient will go back through the step; `times`: through
  /// the times of its spikes.
  /// `last`: it is the last move of the trial.
  void move(std::uint64_t step, const network::Signals<T> &signals, bool slopes, bool times, bool last);
  const network::SpikeHistory &history() const { return history_; }
  /// The first number of a state that is not finite.
  std::optional<NonFinite> nonfinite();

  /// For the way back (spike_adjoint.hpp): writes what a step was to the tapes, one for each of active().
  void keep(std::size_t step, std::size_t steps, const network::Signals<T> &signals, bool times,
            std::vector<dynamics::SpikeTape<T>> &tapes) const;

  /// The synapses that one spike passes: those of one neuron and lag.
  struct Row {
    const std::uint64_t *offset; ///< of the first one, and of the one after the last
    const std::uint32_t *target; ///< of all synapses of the projection
    const T *weight;             ///< of all; null: `share` holds the one that all have
    T share;                     ///< by which weights are multiplied
    T *to;                       ///< what reaches the targets, by neuron
    void pass(std::size_t first, std::size_t last) const;
  };

  /// A spiking region.
  struct Active {
    std::size_t region = 0;
    std::unique_ptr<dynamics::SpikingRegion<T>> neurons;
    std::vector<std::size_t> incoming; ///< in Network::sparse
    bool soma = false, traced = false;
    network::Range own; ///< neurons that this rank moves
    T trace_decay = 0, per_trace_ms = 0;
    numeric::Matrix<T> trace;
    std::vector<Row> rows; ///< scratch of arrive(): what is to pass, in its order
  };
  const std::vector<Active> &active() const { return active_; }

  // Where ranks share out the neurons.
  SpikeExchange *exchange() { return exchange_.get(); } ///< null: they do not
  /// The last step of which all spikes are known here: `now`, where no ranks share out the neurons.
  std::uint64_t told(std::uint64_t now) const { return exchange_ ? exchange_->told() : now; }
  /// Signals show who spiked in a step that is not long ago.
  void point(network::Signals<T> &signals, std::uint64_t step) const;
  /// Is anything read of neurons that are shared out, beside their spikes?
  bool gathers() const;
  /// It comes to rank 0 from the others.
  void gather(network::Signals<T> &signals);
  const SpikingTimes &times() const { return times_; }

private:
  void share_out(ranks::Ranks &ranks);
  void show_states(const Active &active, network::RegionSignals<T> &signals) const;
  void arrive(Active &target, std::uint64_t step);
  numeric::Matrix<T> &destination(Active &target, std::size_t projection, std::size_t lag, std::uint64_t step);
  void deliver(const network::SparseProjection<T> &p, std::size_t lag, const network::SpikeLists &spikes,
               const ShortTerm<T> *use, std::uint64_t emitted, network::Range own, numeric::Matrix<T> &out,
               std::vector<Row> &rows) const;
  static void pass(std::vector<Row> &rows);
  double reached(std::uint64_t step) const;

  const model::Model &model_;
  const network::Network<T> &network_;
  const dynamics::CircuitDynamics<T> &circuit_;
  int threads_ = 1;
  std::vector<Active> active_;
  network::SpikeHistory history_;
  /// By sparse projection: what has passed synapses that learn, and is on its way along the dendrite: a ring of steps,
  /// N_post × B; empty where there is no such way.
  std::vector<std::vector<numeric::Matrix<T>>> pending_;
  std::vector<ShortTerm<T>> short_term_;        // by sparse projection; empty ones for those without
  std::vector<dynamics::NamedState<T>> states_; // scratch of nonfinite()
  std::vector<std::uint64_t> draws_, rows_;
  std::uint64_t now_ = 0, used_ = 0; // steps whose spikes short-term plasticity has seen
  std::unique_ptr<SpikeExchange> exchange_;
  SpikingTimes times_;
};

} // namespace engram::simulation
