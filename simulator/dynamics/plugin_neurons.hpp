// PluginNeurons holds the neurons of a region that a plugin moves: its table, their constants, and calls of its
// functions.
#pragma once

#include "dynamics/drawn.hpp"
#include "dynamics/host_table.hpp"
#include "dynamics/plugin_dynamics.hpp"
#include "numeric/call_plugin.hpp"

#include <engram/dynamics.h>

#include <cstring>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace engram::dynamics {

template <class T> class PluginNeurons {
public:
  /// Draws the parameters by the seed. Errors: PluginFailure.
  PluginNeurons(const engram_dynamics &table, const model::Region &region, std::uint64_t seed);
  PluginNeurons(const PluginNeurons &) = delete;
  PluginNeurons &operator=(const PluginNeurons &) = delete;

  const engram_dynamics &table() const { return table_; }
  const engram_neuron_callbacks &calls() const { return calls_; }
  Population population(std::size_t trials) const {
    return {{sizeof(engram_population), neurons_, trials, places_.data(), per_neuron_.data()}, own_of(table_)};
  }
  /// Constant k of a neuron.
  T constant(std::size_t k, std::size_t neuron) const { return values_[k][per_neuron_[k] != 0 ? neuron : 0]; }
  /// The states of one trial as it begins, N K. `first`: what the model says of the first ones, N; null: nothing.
  numeric::Vector<T> begin(const numeric::Vector<T> *first) const;

  /// Calls callback(words…, message). Errors: PluginFailure.
  template <class Callback, class... Words> void call(Callback callback, const Words &...words) const {
    call_plugin(code(), callback, words...);
  }
  [[noreturn]] void fail(const std::string &why) const { throw PluginFailure(code(), why); }

private:
  PluginCode code() const { return {"dynamics", table_.name}; }
  void add(std::vector<T> values, bool differ) {
    values_.push_back(std::move(values));
    per_neuron_.push_back(differ);
    places_.push_back(values_.back().data());
  }

  const engram_dynamics &table_;
  const engram_neuron_callbacks &calls_;
  std::size_t neurons_;
  // By constant: the parameters, then those that the plugin makes of them.
  std::vector<std::vector<T>> values_; ///< N values, or one ENGRAM_BLOCK times
  std::vector<std::uint32_t> per_neuron_;
  std::vector<const void *> places_;
};

template <class T>
PluginNeurons<T>::PluginNeurons(const engram_dynamics &table, const model::Region &region, std::uint64_t seed)
    : table_(table), calls_(table.callbacks[std::is_same_v<T, double> ? ENGRAM_DOUBLE : ENGRAM_SINGLE]),
      neurons_(region.size) {
  values_.reserve(table.parameter_count + table.derived_count); // no array moves
  bool any = false;
  for (std::size_t k = 0; k < table.parameter_count; ++k) {
    const char *name = table.parameters[k].name;
    const auto &q = region.dynamics.at(name);
    if (q.kind == model::Quantity::Kind::constant) {
      add(std::vector<T>(ENGRAM_BLOCK, static_cast<T>(q.a)), false);
      continue;
    }
    const auto all = drawn<T>(region, name, seed);
    add({all.begin(), all.end()}, true);
    any = true;
  }
  if (table.derived_count == 0) return;
  const std::size_t count = any ? neurons_ : ENGRAM_BLOCK;
  std::vector<std::vector<T>> derived(table.derived_count, std::vector<T>(count));
  std::vector<void *> places;
  for (auto &one : derived) places.push_back(one.data());
  const auto all = population(1);
  call(calls_.prepare, &all, count, places.data());
  for (auto &one : derived) add(std::move(one), any);
}

template <class T> numeric::Vector<T> PluginNeurons<T>::begin(const numeric::Vector<T> *first) const {
  numeric::Vector<T> state(neurons_ * table_.state_count);
  for (std::size_t k = 0; k < table_.state_count; ++k) {
    std::size_t from = table_.parameter_count; // the parameter that it begins at
    for (std::size_t p = 0; p < table_.parameter_count; ++p)
      if (table_.states[k].from != nullptr && std::strcmp(table_.parameters[p].name, table_.states[k].from) == 0)
        from = p;
    for (std::size_t i = 0; i < neurons_; ++i)
      state[i + k * neurons_] = k == 0 && first                  ? (*first)[i]
                                : from == table_.parameter_count ? static_cast<T>(table_.states[k].initial)
                                                                 : constant(from, i);
  }
  const auto all = population(1);
  if (calls_.begin) call(calls_.begin, &all, static_cast<void *>(state.memptr()));
  return state;
}

} // namespace engram::dynamics
