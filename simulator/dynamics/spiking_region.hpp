// A SpikingRegion defines how the neurons of one region move and when they spike.
#pragma once

#include "dynamics/receptors.hpp"
#include "dynamics/region_dynamics.hpp"
#include "dynamics/step_failure.hpp"
#include "network/network.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

namespace engram::dynamics {

using network::SpikeLists;

/// The inputs of a step of a spiking region, beside its own state.
template <class T> struct StepInput {
  const Matrix<T> *soma = nullptr;                   ///< N × B: current (pA); null: none
  const Matrix<T> *apical = nullptr;                 ///< the same into the apical compartment
  std::uint64_t step = 0;                            ///< within the trial
  const std::vector<std::uint64_t> *draws = nullptr; ///< by trial: a number for what is random in it
  const std::vector<std::uint64_t> *rows = nullptr;  ///< by trial: a number of it that is the same in every epoch
  bool gain = false, drive = false;                  ///< will show(), or slopes(), be asked for it?
  bool tape = false;                                 ///< will keep() be asked for the step?
  bool events = false;                               ///< will events() be asked for?
  int threads = 1;
  network::Range
      own{}; ///< neurons to move, by regions whose entry says that they are divided; the others stay as they are
};

/// Slopes of a step, N × B. With z the spikes, a the adaptation and ψ the surrogate slope of a spike by the potential
/// beyond threshold (Neftci, Mostafa & Zenke 2019, IEEE Signal Process Mag 36:51).
template <class T> struct StepSlopes {
  Matrix<T> gain;       ///< ψ, by which z of this step follows from the potential before a reset
  Matrix<T> keeps;      ///< ∂ potential after a reset / ∂ potential before: 0 where it was reset to a value
  Matrix<T> drop;       ///< by which a spike lowers the potential, where resets are differentiated; empty: they are not
  Matrix<T> carries;    ///< ∂v(t + h) / ∂v(t); 1 where the neuron is held: its potential stays as it is
  Matrix<T> by_current; ///< ∂v(t + h) / ∂(current of the step)
  Matrix<T> adaptation, adaptation_decay; ///< β and ρ: z = H(v − θ − β a), a(t + h) = ρ a(t) + z(t); empty: none
  Matrix<T> drive_carries, drive_by_current; ///< the same of the drive, which nothing holds; empty: nobody reads it
};

/// How a receptor that is a current acts on the next step, for the way back. With x and g as in Receptor, after the
/// arrivals at t: v(t + h) takes by_x x + by_g g, unless the neuron is held; x decays, and g(t + h) = decay (g + rise
/// x).
template <class T> struct ReceptorSlopes {
  typename Receptor<T>::Kind kind = Receptor<T>::Kind::exponential;
  T decay = 0, rise = 0;         ///< of delta, decay is 0: it is spent in the step
  numeric::Vector<T> by_x, by_g; ///< N; by_g of alpha alone
  /// Of neurons with a tape of their own: x and g are part of drive and conductance by these factors.
  T by_drive = 0, by_conductance = 0;
  T tau = 0;               ///< ms
  numeric::Vector<T> push; ///< N: mV/ms by which a unit of the current moves the potential, 1 / C
};

/// A spike of the last step, for a gradient that goes through its time. The potential reached the threshold at a time s
/// within the step, which follows from the state with which the step began. The spike acts at the end of the step.
template <class T> struct Crossing {
  std::size_t place = 0;    ///< of the neuron in an N × B matrix
  bool released = false;    ///< above threshold when it was let go: s is the time of that
  T by_potential = 0;       ///< ∂s/∂v, ms/mV
  T by_current = 0;         ///< ∂s/∂(current of the step), ms/pA
  T by_adaptation = 0;      ///< ∂s/∂a, ms
  T later_adaptation = 0;   ///< ∂a/∂s of any time after the spike: 1 / adaptation_tau, 1/ms
  std::size_t receptor = 0; ///< in StepEvents::by_receptor: ∂s/∂x and ∂s/∂g of each receptor, ms/pA
  T fall = 0;               ///< mV: the potential after the reset, less that before
  T climb = 0;              ///< mV/ms: the slope of the potential before the reset
};

/// A neuron that was held until the last step began, and the slope with which its potential then moved, mV/ms.
template <class T> struct Release {
  std::size_t place = 0;
  T slope = 0;
};

/// Of the last step, neurons in ascending order within a trial.
template <class T> struct StepEvents {
  std::vector<Crossing<T>> crossings;
  std::vector<T> by_receptor;
  std::vector<Release<T>> releases;
  void clear() {
    crossings.clear();
    by_receptor.clear();
    releases.clear();
  }
};

/// What a step of neurons with a tape of their own leaves for the way back. K states: N K × B.
template <class T> struct StepKept {
  Matrix<T> start, reached;                   ///< states as it began, and as it ended, before a reset
  Matrix<T> drive, conductance, apical, held; ///< N × B, through the step; apical may be empty
  Matrix<T> spiked;                           ///< N × B: 1 where a neuron spiked at its end
  std::vector<T> pieces;                      ///< ms, in which it was taken; empty: there was no step
};

/// dL/d(states), N K × B, and dL/d(what reached the neurons through the step), N × B.
template <class T> struct StepCotangents { Matrix<T> state, drive, conductance, apical; };

/// A state of the neurons by the name that messages give it.
template <class T> struct NamedState {
  const char *name;
  const T *values; ///< N × B, column by column; null: it is 0
};

/// Matrices, not neurons: every function moves N × B at once. Times in ms, potentials in mV.
template <class T> class SpikingRegion {
public:
  virtual ~SpikingRegion() = default;
  /// B trials begin. `spikes`: who spikes at time 0.
  virtual void begin(std::size_t trials, SpikeLists &spikes) = 0;
  /// From a time t to t + h. What arrived at the receptors by t acts from t on; spikes are those of t + h.
  virtual void step(const StepInput<T> &in, SpikeLists &spikes) = 0;
  /// Signals of the present state: potential, gain and drive, where they are wanted.
  virtual void show(RegionSignals<T> &, SignalSet) const {}

  /// Appends the states of its neurons, beside those of the receptors, in the order in which its dynamics lists them.
  virtual void states(std::vector<NamedState<T>> &) const {}

  /// How the step from the present state on depends on it; empty where the gradient does not go through its spikes.
  /// `drive`: is that signal read? `times`: the gradient goes through the times of spikes.
  virtual void slopes(StepSlopes<T> &, bool /*drive*/, bool /*times*/) const {}
  /// Of its receptors, where the gradient goes through them; the same in every step.
  virtual std::vector<ReceptorSlopes<T>> receptor_slopes() const { return {}; }
  /// The events of the last step; empty unless it was asked for them, and at the beginning of trials.
  virtual const StepEvents<T> &events() const {
    static const StepEvents<T> none;
    return none;
  }

  /// Has it a tape of its own? Then slopes() says `gain` alone, and the functions below take steps back.
  virtual bool keeps_steps() const { return false; }
  /// What the last step left.
  virtual void keep(StepKept<T> &) const {}
  /// d.state: from dL/d(reached) to dL/d(start); sets the others.
  virtual void step_back(const StepKept<T> &, StepCotangents<T> & /*d*/) const {}
  /// From dL/d(states after spikes and resets) to dL/d(reached). `gain` is ψ; `dspikes`: dL/d(spikes), N × B.
  virtual void fire_back(const StepKept<T> &, const Matrix<T> & /*gain*/, const Matrix<T> & /*dspikes*/,
                         Matrix<T> & /*dstate*/) const {}

  /// Where the weights of spikes that arrive are added: N × B.
  Matrix<T> &arriving(std::size_t receptor) { return receptors_[receptor].x; }
  /// x and g of a receptor, each N × B; null where there is none.
  std::array<const T *, 2> receptor_states(std::size_t receptor) const {
    const auto &r = receptors_[receptor];
    return {r.x.is_empty() ? nullptr : r.x.memptr(), r.g.is_empty() ? nullptr : r.g.memptr()};
  }

protected:
  std::vector<Receptor<T>> receptors_;
};

/// A parameter of a region: one value for each neuron, or one for all. A value for all is repeated over one block of
/// neurons, so that loops read both alike.
template <class T> class PerNeuron {
public:
  static constexpr std::size_t block = 256; ///< neurons that a loop takes at once
  PerNeuron() = default;
  PerNeuron(const model::Region &region, const char *name, std::uint64_t seed);
  /// f of the values.
  template <class F> PerNeuron map(F f) const {
    PerNeuron out = *this;
    for (auto &x : out.values_) x = static_cast<T>(f(static_cast<double>(x)));
    return out;
  }
  template <class F> static PerNeuron of(F f, const PerNeuron &a, const PerNeuron &b);
  bool same() const { return same_; }
  /// Values of the neurons from `first` on, a multiple of the block.
  const T *at(std::size_t first) const { return values_.data() + (same_ ? 0 : first); }
  T value(std::size_t neuron) const { return same_ ? values_[0] : values_[neuron]; }
  std::size_t count() const { return values_.size(); }

private:
  bool same_ = true;
  std::vector<T> values_;
};

template <class T> PerNeuron<T>::PerNeuron(const model::Region &region, const char *name, std::uint64_t seed) {
  const auto &q = region.dynamics.at(name);
  same_ = q.kind == model::Quantity::Kind::constant;
  if (same_) {
    values_.assign(block, static_cast<T>(q.a));
    return;
  }
  const auto drawn = network::values_of<T>(q, region.size, seed, numeric::name_key(region.name + "." + name));
  values_.assign(drawn.begin(), drawn.end());
}

template <class T> template <class F> PerNeuron<T> PerNeuron<T>::of(F f, const PerNeuron &a, const PerNeuron &b) {
  PerNeuron out;
  out.same_ = a.same_ && b.same_;
  out.values_.resize(std::max(a.same_ ? 0 : a.count(), b.same_ ? 0 : b.count()));
  if (out.same_) out.values_.resize(block);
  for (std::size_t i = 0; i < out.values_.size(); ++i)
    out.values_[i] =
        static_cast<T>(f(static_cast<double>(a.value(a.same_ ? 0 : i)), static_cast<double>(b.value(b.same_ ? 0 : i))));
  return out;
}

} // namespace engram::dynamics
