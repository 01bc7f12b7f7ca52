// Synapses that carry spikes are stored as compressed rows, so a step costs only what its spikes reach.
#pragma once

#include "model/model.hpp"
#include "network/wiring.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace engram::network {

/// The two parts of a delay, in steps.
struct Lag {
  std::uint32_t axonal = 0;    ///< from the presynaptic soma to the synapse
  std::uint32_t dendritic = 0; ///< from the synapse to the postsynaptic soma
  std::uint32_t total() const { return axonal + dendritic; }
  bool operator==(const Lag &) const = default;
  auto operator<=>(const Lag &) const = default;
};

/// Which neurons are connected, and with which delay: compressed rows, one for each presynaptic neuron and lag.
struct Connectivity {
  std::size_t posts = 0, pres = 0;
  std::vector<Lag> lags; ///< D ≥ 1 distinct ones
  std::vector<std::uint64_t>
      offset; ///< pres · D + 1: synapses of neuron j with lag d are [offset[jD + d], offset[jD + d + 1])
  std::vector<std::uint32_t> target; ///< postsynaptic neuron of each synapse, ascending within a row

  std::size_t size() const { return target.size(); }
  std::size_t first(std::size_t pre, std::size_t lag) const { return offset[pre * lags.size() + lag]; }
  std::size_t last(std::size_t pre, std::size_t lag) const { return offset[pre * lags.size() + lag + 1]; }
  std::uint32_t longest() const; ///< steps
};

/// The same, from the postsynaptic side: for synapses that learn.
struct Incoming {
  std::vector<std::uint64_t> offset;  ///< posts · D + 1: by postsynaptic neuron and lag, as in Connectivity
  std::vector<std::uint32_t> synapse; ///< place of a synapse in Connectivity
  std::vector<std::uint32_t> source;  ///< its presynaptic neuron
};

template <class T> struct Synapses {
  std::shared_ptr<const Connectivity> connectivity; ///< never changes, shared among copies
  std::shared_ptr<std::vector<T>> weights;          ///< one for each synapse, or one for all of them (`same`)
  std::shared_ptr<const Incoming> incoming;         ///< null unless `plastic`
  bool plastic = false;                             ///< weights are the copy's own; else they are shared among copies
  bool same = false;                                ///< all weights are one number, and stay so

  T weight(std::size_t synapse) const { return (*weights)[same ? 0 : synapse]; }
  Synapses() = default;
  Synapses(const Synapses &other) { *this = other; }
  Synapses(Synapses &&) noexcept = default;
  Synapses &operator=(const Synapses &other);
  Synapses &operator=(Synapses &&) noexcept = default;
  ~Synapses() = default;
};

/// Draws the connections and the weights. The weights are those that a dense matrix of the same name would hold there.
/// `given`: weights that are written out or come from a file, row by row; else empty. `step` in ms.
/// `below_zero` receives how many synapses have a delay that was drawn below 0, and is taken for 0.
/// Errors: input::InputError when there are more than 2^32 synapses with learning, or `given` does not fit.
template <class T>
Synapses<T> make_synapses(const model::Projection &projection, const Wiring &wiring, const std::vector<double> &given,
                          double step, int threads, std::size_t &below_zero);

/// A line where delays were drawn below 0, and are taken for it; "" where none was.
std::string clipped_delays_note(std::size_t below_zero, std::size_t synapses);

Incoming incoming_of(const Connectivity &connectivity);

} // namespace engram::network
