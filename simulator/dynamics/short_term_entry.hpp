// An entry is all that the simulator knows of one short-term plasticity: its words, and how it is made.
#pragma once

#include "model/model.hpp"
#include "model/vocabulary.hpp"
#include "network/signals.hpp"
#include "numeric/in_both.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace engram::dynamics {

/// How the synapses of one projection change by their own use. All synapses of a presynaptic neuron have the same
/// history, so the state is the neuron's.
template <class T> class ShortTermPlasticity {
public:
  /// What is released is kept for `longest_delay` steps.
  explicit ShortTermPlasticity(std::size_t longest_delay) : ring_(longest_delay + 1) {}
  virtual ~ShortTermPlasticity() = default;
  /// B trials begin.
  virtual void begin(std::size_t trials) {
    for (auto &step : ring_) step.assign(trials, {});
  }
  /// The spikes of a step: what each releases is kept for the steps in which it arrives.
  virtual void use(const network::SpikeLists &spikes, std::uint64_t step) = 0;
  /// Share of its weight with which the k-th spike of trial b of `step` acts.
  T released(std::uint64_t step, std::size_t b, std::size_t k) const { return ring_[step % ring_.size()][b][k]; }

protected:
  std::vector<std::vector<std::vector<T>>> ring_; ///< by step, trial, spike
};

/// `pres`: presynaptic neurons.
template <class T>
using MakeShortTerm = std::unique_ptr<ShortTermPlasticity<T>> (*)(const model::Typed &entry, std::size_t pres,
                                                                  std::size_t longest_delay, double step_ms);

/// One kind. short_term/NAME.cpp defines `ShortTermEntry NAME_short_term()`, and CMake makes the list of these files.
struct ShortTermEntry {
  model::Named words;
  int place = 1000;                      ///< lists show entries by place, and those of one place by name
  numeric::InBoth<MakeShortTerm> make{}; ///< null where words.is_none
};

/// Those that engram comes with.
const std::vector<ShortTermEntry> &short_term_entries();

/// That of a projection, or null. Errors: Broken where no entry has its name, which the checks of the model
/// exclude.
template <class T>
std::unique_ptr<ShortTermPlasticity<T>> short_term_of(const model::Typed &model, std::size_t pres,
                                                      std::size_t longest_delay, double step_ms);

} // namespace engram::dynamics
