// Spikes is the spiking part of the time loop: spikes travel, arrive, move the neurons, and cause new spikes.
#pragma once

#include "dynamics/circuit.hpp"
#include "dynamics/spike_tape.hpp"
#include "dynamics/spiking_region.hpp"
#include "network/network.hpp"
#include "network/spike_history.hpp"
#include "simulation/failure.hpp"
#include "simulation/short_term.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace engram::simulation {

/// A spike that a neuron makes between t and t + h is a signal of the step at t + h; with a delay of d steps it acts on
/// its targets from t + h + d h on.
template <class T> class Spikes {
public:
  /// All are kept by reference and must outlive this.
  Spikes(const model::Model &model, network::Network<T> &network, const dynamics::Circuit<T> &circuit, int threads);
  bool empty() const { return active_.empty(); }
  /// A batch of trials begins. `draws`: by trial, a number for what is random in it; `rows`: which of the task it is.
  void begin(const std::vector<std::uint64_t> &draws, const std::vector<std::size_t> &rows);
  /// Writes what the spiking regions show in this step into the signals.
  void show(network::Signals<T> &signals) const;
  /// Spikes that are due in this step reach their receptors.
  void arrive(std::uint64_t step);
  /// All neurons move from `step` to the next. `slopes`: the gradient will go back through the step.
  void move(std::uint64_t step, const network::Signals<T> &signals, bool slopes);
  const network::SpikeHistory &history() const { return history_; }
  /// The first number of a state that is not finite.
  std::optional<Astray> astray();

  // For the gradient: what the steps were is kept, and the way back goes through it.
  void keep(std::size_t step, std::size_t steps, const network::Signals<T> &signals);
  void restore(std::size_t step, network::Signals<T> &signals) const;
  void rewind();
  void inject(std::size_t step, network::Signals<T> &d) const;
  void collect(const network::Signals<T> &d);
  /// `change`: where minus the gradient of a projection's synapses is added, or null. `projection`: in
  /// Network::sparse.
  void pull_back(std::size_t step, const std::function<T *(std::size_t projection)> &change);

private:
  struct Active { // a spiking region
    std::size_t region = 0;
    std::unique_ptr<dynamics::SpikingRegion<T>> neurons;
    std::vector<std::size_t> incoming; // in Network::sparse
    bool soma = false, traced = false;
    T trace_decay = 0, per_trace_ms = 0;
    numeric::Matrix<T> trace;
    dynamics::SpikeTape<T> tape; // what the gradient needs of its steps
  };
  void arrive(Active &target, std::uint64_t step);
  void pull_back_synapses(std::size_t projection, std::size_t step, const numeric::Matrix<T> &darrived, T *change);
  numeric::Matrix<T> &destination(Active &target, std::size_t projection, std::size_t lag, std::uint64_t step);
  void deliver(const network::SparseProjection<T> &p, std::size_t lag, const network::SpikeLists &spikes,
               const ShortTerm<T> *use, std::uint64_t emitted, numeric::Matrix<T> &out) const;

  const model::Model &model_;
  const network::Network<T> &network_;
  const dynamics::Circuit<T> &circuit_;
  int threads_ = 1;
  std::vector<Active> active_;
  network::SpikeHistory history_;
  /// By sparse projection: what has passed synapses that learn, and is on its way along the dendrite: a ring of steps,
  /// N_post × B; empty where there is no such way.
  std::vector<std::vector<numeric::Matrix<T>>> pending_;
  /// By region: dL/d(spikes of a step), on its way back through synapses: a ring of steps, N × B; empty where none
  /// learn from it.
  std::vector<std::vector<numeric::Matrix<T>>> dspikes_;
  std::vector<std::size_t> active_at_;          // by region: in active_, or none
  std::vector<ShortTerm<T>> short_term_;        // by sparse projection; empty ones for those without
  std::vector<dynamics::NamedState<T>> states_; // scratch of astray()
  std::vector<std::uint64_t> draws_, rows_;
  std::uint64_t now_ = 0;
};

} // namespace engram::simulation
