// These functions make what a rule is handed, as engram/plugin.h says: here alone, for the run and for check-rule. Each
// form of rule has a file of its own: call_factored.hpp, call_tile.hpp, call_spikes.hpp, call_global.hpp.
//
// Who calls a rule brings the memory and a way to call:
//   Calls  calls(callback, words…) calls one callback with (words…, message), and returns whether it went well.
//          calls.refuse(why) says what is wrong with what a callback gave, and returns false. Both may throw instead.
//   Lists  lists(name, entries, count) returns where a list of `count` entries is handed to the callback. The run hands
//          it where it stands (InPlace); check-rule hands a copy that ends at memory that cannot be read.
#pragma once

#include <engram/plugin.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

namespace engram::learning {

/// The index of the scalar into the tables of callbacks.
template <class T> constexpr int precision_of() { return std::is_same_v<T, float> ? ENGRAM_SINGLE : ENGRAM_DOUBLE; }

/// Where in a trial a call stands.
struct Moment {
  std::size_t step = 0, phase = 0, phases = 1;
  double step_ms = 1;
  bool plastic = false, end_of_phase = false, end_of_trial = false;
  double objective = 0;                         ///< strength with which it is delivered
  const std::vector<bool> *may_learn = nullptr; ///< by rule of the model; null or empty: all
};

/// Trials of a batch that stand side by side: first … first + count − 1.
struct TrialRange {
  std::size_t first = 0, count = 0;
};

/// Does the model's rule `which` change weights now?
bool learns(const Moment &moment, std::size_t which);

/// Is a local rule called now? `plastic`: it may change weights. Where it may not, a rule without state has nothing to
/// do; a spiking one is called in every step all the same.
bool is_called(const engram_rule &rule, const Moment &moment, bool plastic);

/// `parameters` and `modulators` in the order of the table.
engram_moment_info moment_info(const engram_rule &rule, const Moment &moment, const double *parameters,
                               const void *const *modulators, std::size_t trials, bool plastic);

/// Which entries of its table a rule finds in each list that it is handed, in the order of the list.
struct TableOrder {
  explicit TableOrder(const engram_rule &rule);
  std::vector<std::size_t> pre_signals, post_signals;
  std::vector<std::size_t> pre_states, post_states; ///< of neurons; then, on the presynaptic side, of pairs of them
  std::vector<std::size_t> synapse_states;
};

/// Does this state of the rule, an entry of its table, begin as the weight of its synapse?
inline bool begins_as_weight(const engram_rule &rule, const engram_state &state) {
  return rule.state_from_weight != nullptr && rule.state_from_weight[&state - rule.states] != 0;
}

/// A list of addresses, one for each entry.
template <class Address, std::size_t most> struct AddressList {
  std::array<Address, most> at{};
  std::size_t count = 0;
  void add(Address address) { at[count++] = address; }
};
using SignalList = AddressList<const void *, ENGRAM_MAX_SIGNALS>;
using StateList = AddressList<void *, ENGRAM_MAX_STATES>;
using ModulatorList = AddressList<const void *, ENGRAM_MAX_MODULATORS>;

/// The addresses of entries of the table: address(k) is that of entry k.
template <class List, class Address> List address_list(const std::vector<std::size_t> &order, Address &&address) {
  List list;
  for (const std::size_t k : order) list.add(address(k));
  return list;
}

/// One side of a projection, or the part of it that a tile holds.
struct NeuronLists {
  std::size_t neurons = 0; ///< N
  std::size_t trials = 0;  ///< B
  std::size_t stride = 0;  ///< from trial to trial
  SignalList signals;      ///< each N × B
  StateList states;        ///< each N × B, or N × 1 where trials share it, or N × N of pairs
};

/// The lists of a run are handed where they stand.
struct InPlace {
  template <class Entry> Entry *operator()(const char *, Entry *entries, std::size_t) const { return entries; }
};
inline constexpr InPlace in_place;

/// A side as callbacks are handed it. `place`: ENGRAM_PRE or ENGRAM_POST. It points into `side` or to where `lists` put
/// its lists.
template <class Lists> engram_neurons neurons_of(const NeuronLists &side, std::uint32_t place, Lists &lists) {
  const bool pre = place == ENGRAM_PRE;
  engram_neurons view{};
  view.struct_size = sizeof view;
  view.neurons = side.neurons;
  view.trials = side.trials;
  view.stride = side.stride;
  view.signals =
      lists(pre ? "the presynaptic signals" : "the postsynaptic signals", side.signals.at.data(), side.signals.count);
  view.state =
      lists(pre ? "the presynaptic states" : "the postsynaptic states", side.states.at.data(), side.states.count);
  return view;
}

/// Synaptic and spiking rules: pre_state, then post_state. Each moves the states of its own side. False when one fails.
template <class Callbacks, class Calls, class Lists>
bool call_sides(const Callbacks &callbacks, const engram_moment_info &now, const NeuronLists &pre,
                const NeuronLists &post, Calls &calls, Lists &lists) {
  if (callbacks.pre_state) {
    const auto side = neurons_of(pre, ENGRAM_PRE, lists);
    if (!calls(callbacks.pre_state, &now, &side)) return false;
  }
  if (callbacks.post_state) {
    const auto side = neurons_of(post, ENGRAM_POST, lists);
    if (!calls(callbacks.post_state, &now, &side)) return false;
  }
  return true;
}

} // namespace engram::learning
