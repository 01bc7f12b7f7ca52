// Short-term plasticity lets synapses tire and recover by their own use. The model is that of Tsodyks, Uziel & Markram
// 2000, J Neurosci 20:RC50, for instantaneous inactivation, with u as in Mongillo, Barak & Tsodyks 2008, Science
// 319:1543.
#pragma once

#include "model/model.hpp"
#include "network/signals.hpp"

#include <cstdint>
#include <vector>

namespace engram::simulation {

/// Of one projection: all synapses of a presynaptic neuron have the same history, so the state is the neuron's.
template <class T> class ShortTerm {
public:
  ShortTerm() = default;
  ShortTerm(const model::Typed &said, std::size_t pres, std::size_t longest_delay, double step_ms);
  bool none() const { return pres_ == 0; }
  void begin(std::size_t trials);
  /// The spikes of a step: what each releases is kept for the steps in which it arrives.
  void use(const network::SpikeLists &spikes, std::uint64_t step);
  /// Share of its weight with which the k-th spike of trial b of `step` acts: u x.
  T released(std::uint64_t step, std::size_t b, std::size_t k) const { return ring_[step % ring_.size()][b][k]; }

private:
  struct State {
    double x = 1, u = 0;
    std::uint64_t last = 0; // step of the last spike
    bool fresh = true;      // none so far
  };
  std::size_t pres_ = 0;
  double use_ = 0.5, recover_ = 0, facilitate_ = 0; // per step: 1 / τ
  bool facilitates_ = false;
  std::vector<std::vector<State>> states_;        // by trial
  std::vector<std::vector<std::vector<T>>> ring_; // by step, trial, spike
};

} // namespace engram::simulation
