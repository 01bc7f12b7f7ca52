// call_spikes() calls a spiking rule where a spike reaches synapses. The order of a step is that of engram/plugin.h.
#pragma once

#include "learning/call.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace engram::learning {

/// Synapses that carry spikes, each at a place of its own.
template <class T> struct SynapsePlaces {
  const T *weights = nullptr; ///< by place
  StateList states;           ///< each by place
};

/// The synapses of one neuron, which its spike reaches.
struct NeuronSynapses {
  std::uint32_t neuron = 0;
  std::size_t count = 0;
  const std::uint32_t *others = nullptr; ///< by synapse: the neuron at its other end
  std::size_t first = 0;                 ///< of a presynaptic neuron: its synapses stand side by side from this place
  const std::uint32_t *places = nullptr; ///< of a postsynaptic neuron: the place of each; null of a presynaptic one
};

/// Calls `callback` for the synapses of a neuron, if it has any. `change`: by synapse, of `row.count`; set to 0 before.
template <class T, class Calls, class Lists>
bool call_row(engram_at_spike callback, const engram_moment_info &now, const engram_neurons &pre,
              const engram_neurons &post, const SynapsePlaces<T> &all, const NeuronSynapses &row, T *change,
              Calls &calls, Lists &lists) {
  if (row.count == 0) return true;
  std::fill_n(change, row.count, T(0));
  std::array<void *, ENGRAM_MAX_STATES> states; // NOLINT: filled as far as it is handed
  for (std::size_t k = 0; k < all.states.count; ++k) states[k] = static_cast<T *>(all.states.at[k]) + row.first;
  engram_row view{};
  view.struct_size = sizeof view;
  view.synapses = row.count;
  view.neuron = row.neuron;
  view.others = row.others;
  view.places = row.places;
  view.pre = pre;
  view.post = post;
  view.weights = all.weights + row.first;
  view.state = lists("the synaptic states", std::as_const(states).data(), all.states.count);
  view.change = change;
  return calls(callback, &now, &view);
}

/// Calls a rule in a step. `pre` and `post` are both sides as they are now. False when a callback fails. `step` is the
/// step of a projection:
///   step.states_moved()              pre_state and post_state are done
///   step.lags()                      how many delays its synapses have
///   step.see(lag)                    from now on rows are of this delay, and see both sides as it lets them
///   step.arrive(on_pre or on_post, place)   a row for each spike of that side that reaches its synapses now; a bool
///   step.spikes(place)               the neurons of a side that spike now, ascending, each as often as it does: a span
///   step.sweep_is_due()              an interval ends, or the trial does
///   step.sweep(sweep)                a row for each presynaptic neuron; a bool
template <class Step, class Calls, class Lists>
bool call_spikes(const engram_spike_callbacks &callbacks, const engram_moment_info &now, const NeuronLists &pre,
                 const NeuronLists &post, Step &step, Calls &calls, Lists &lists) {
  if (!call_sides(callbacks, now, pre, post, calls, lists)) return false;
  step.states_moved();
  for (std::size_t lag = 0; lag < step.lags(); ++lag) {
    step.see(lag);
    if (callbacks.on_pre && !step.arrive(callbacks.on_pre, ENGRAM_PRE)) return false;
    if (callbacks.on_post && !step.arrive(callbacks.on_post, ENGRAM_POST)) return false;
  }
  const auto spiked = [&](engram_spiked callback, const NeuronLists &side, std::uint32_t place) {
    const std::span<const std::uint32_t> who = step.spikes(place);
    if (!callback || who.empty()) return true;
    const auto view = neurons_of(side, place, lists);
    return calls(callback, &now, &view, lists("the neurons that spike", who.data(), who.size()), who.size());
  };
  if (!spiked(callbacks.pre_spike, pre, ENGRAM_PRE) || !spiked(callbacks.post_spike, post, ENGRAM_POST)) return false;
  if (!callbacks.sweep || !step.sweep_is_due()) return true;
  for (std::size_t lag = 0; lag < step.lags(); ++lag) {
    step.see(lag);
    if (!step.sweep(callbacks.sweep)) return false;
  }
  return true;
}

/// Steps from sweep to sweep, at least 1; 0 when the rule has none. The parameter becomes the time (ms) that they take:
/// the rule is told what is done.
std::uint64_t sweep_steps(const engram_rule &rule, double step_ms, std::vector<double> &parameters);

/// Steps by which synapses see state `k` of the table late: at least 1 where its parameter is positive, else 0.
std::uint64_t late_steps(const engram_rule &rule, std::size_t k, double step_ms, const std::vector<double> &parameters);

} // namespace engram::learning
