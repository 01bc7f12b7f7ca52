// call_tile() calls a synaptic rule for one tile of synapses, after call_sides(). Tiles do not depend on each other,
// and may be called at once.
#pragma once

#include "learning/call.hpp"

#include <algorithm>
#include <utility>

namespace engram::learning {

/// Presynaptic neurons of a tile, at most; a tile has all postsynaptic ones.
inline constexpr std::size_t tile_columns = 64;

/// The columns of a tile: first … first + count − 1.
struct Tile {
  std::size_t first = 0, count = 0;
};
constexpr std::size_t tiles_of(std::size_t pres) { return (pres + tile_columns - 1) / tile_columns; }
constexpr Tile tile_at(std::size_t tile, std::size_t pres) {
  const std::size_t first = tile * tile_columns;
  return {first, std::min(tile_columns, pres - first)};
}

/// All synapses of a projection, column by column.
template <class T> struct DenseSynapses {
  NeuronLists pre, post;
  StateList states;                ///< each N_post × N_pre, those of the trials one after the other
  const T *weights = nullptr;      ///< N_post × N_pre
  const T *perturbation = nullptr; ///< N_post × N_pre; null where nothing was added to the weights
};

/// Calls `callback` for a tile. `change`: N_post × tile.count, added to.
template <class T, class Calls, class Lists>
bool call_tile(engram_synapses callback, const engram_moment_info &now, const DenseSynapses<T> &all, Tile tile,
               T *change, Calls &calls, Lists &lists) {
  const std::size_t posts = all.post.neurons, offset = tile.first * posts;
  NeuronLists pre = all.pre;
  pre.neurons = tile.count;
  for (std::size_t k = 0; k < pre.signals.count; ++k)
    pre.signals.at[k] = static_cast<const T *>(pre.signals.at[k]) + tile.first;
  for (std::size_t k = 0; k < pre.states.count; ++k) pre.states.at[k] = static_cast<T *>(pre.states.at[k]) + tile.first;
  StateList states;
  for (std::size_t k = 0; k < all.states.count; ++k) states.add(static_cast<T *>(all.states.at[k]) + offset);

  engram_tile view{};
  view.struct_size = sizeof view;
  view.pre = neurons_of(pre, ENGRAM_PRE, lists);
  view.post = neurons_of(all.post, ENGRAM_POST, lists);
  view.weights = all.weights + offset;
  view.change = change;
  view.stride = posts;
  view.state = lists("the synaptic states", std::as_const(states.at).data(), states.count);
  view.state_trial_stride = posts * all.pre.neurons;
  view.perturbation = all.perturbation ? all.perturbation + offset : nullptr;
  return calls(callback, &now, &view);
}

} // namespace engram::learning
