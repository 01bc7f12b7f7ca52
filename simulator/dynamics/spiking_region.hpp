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
  std::uint64_t step = 0;                            ///< within the trial
  const std::vector<std::uint64_t> *draws = nullptr; ///< by trial: a number for what is random in it
  const std::vector<std::uint64_t> *rows = nullptr;  ///< by trial: a number of it that is the same in every epoch
  bool gain = false, drive = false;                  ///< will show() be asked for it?
  int threads = 1;
};

/// Slopes of a step, N × B. With z the spikes, a the adaptation and ψ the surrogate slope of a spike by the potential
/// beyond threshold (Neftci, Mostafa & Zenke 2019, IEEE Signal Process Mag 36:51).
template <class T> struct StepSlopes {
  Matrix<T> gain;       ///< ψ, by which z of this step follows from the potential before a reset
  Matrix<T> keeps;      ///< ∂ potential after a reset / ∂ potential before: 0 where it was reset to a value
  Matrix<T> drop;       ///< by which a spike lowers the potential, where resets are differentiated; empty: they are not
  Matrix<T> carries;    ///< ∂v(t + h) / ∂v(t); 0 where the neuron is held
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
};

/// A state of the neurons by the name that messages give it.
template <class T> struct NamedState {
  const char *name;
  const T *values; ///< N × B, column by column
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

  /// Appends the states of its neurons, beside those of the receptors.
  virtual void states(std::vector<NamedState<T>> &) const {}

  /// How the step from the present state on depends on it; empty where the gradient does not go through its spikes.
  /// `drive`: is that signal read?
  virtual void slopes(StepSlopes<T> &, bool /*drive*/) const {}
  /// Of its receptors, where the gradient goes through them; the same in every step.
  virtual std::vector<ReceptorSlopes<T>> receptor_slopes() const { return {}; }

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
