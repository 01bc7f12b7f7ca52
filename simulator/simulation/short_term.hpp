// ShortTerm lets the synapses of a projection change by their own use.
#pragma once

#include "dynamics/short_term_entry.hpp"

#include <cstdint>
#include <memory>

namespace engram::simulation {

/// Of one projection.
template <class T> class ShortTerm {
public:
  ShortTerm() = default;
  ShortTerm(const model::Typed &model, std::size_t pres, std::size_t longest_delay, double step_ms)
      : plasticity_(dynamics::short_term_of<T>(model, pres, longest_delay, step_ms)) {}
  bool none() const { return !plasticity_; }
  void begin(std::size_t trials) { plasticity_->begin(trials); }
  /// The spikes of a step: what each releases is kept for the steps in which it arrives.
  void use(const network::SpikeLists &spikes, std::uint64_t step) { plasticity_->use(spikes, step); }
  /// Share of its weight with which the k-th spike of trial b of `step` acts: u x.
  T released(std::uint64_t step, std::size_t b, std::size_t k) const { return plasticity_->released(step, b, k); }

private:
  std::unique_ptr<dynamics::ShortTermPlasticity<T>> plasticity_; // null: none
};

} // namespace engram::simulation
