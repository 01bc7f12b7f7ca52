// A Network holds regions and projections as contiguous matrices.
#pragma once

#include "model/model.hpp"
#include "network/signals.hpp"
#include "network/synapses.hpp"
#include "numeric/matrix.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace engram::network {

inline constexpr std::size_t none = static_cast<std::size_t>(-1);

struct Region {
  std::string name;
  std::size_t size = 0;                    ///< N
  std::vector<std::vector<double>> spikes; ///< of a spike_source, by neuron: ms from the beginning of a trial, sorted
};

/// Synapses that have one weight: those of a convolution that stand at the same place of a kernel.
struct Sharing {
  static constexpr std::uint32_t none = static_cast<std::uint32_t>(-1); ///< where no synapse is
  std::size_t groups = 0;
  std::vector<std::uint32_t> group; ///< of each weight, column by column
};

template <class T> struct Projection {
  std::string name;
  std::size_t source = none; ///< region; none for a bias: the source is a neuron that always has rate 1
  std::size_t target = 0;    ///< region
  Signal signal = Signal::rate;
  Compartment compartment = Compartment::soma;
  std::size_t delay = 0;      ///< steps
  numeric::Matrix<T> weights; ///< N_post × N_pre; empty when it is the transpose of another projection
  bool one_to_one = false;    ///< neuron i to neuron i: weights off the diagonal are 0 and stay 0
  std::size_t transpose_of = none;
  std::size_t sign_of = none;
  T gain = 1;                   ///< of a transposed projection: multiplies the other's weights
  numeric::Matrix<T> magnitude; ///< N_post × N_pre, of a sign_of projection
  numeric::Matrix<T> mask;      ///< N_post × N_pre of 0 and 1, empty when there is none
  numeric::Matrix<T> sign;      ///< N_post × N_pre of −1 and 1 (Dale's law, kept signs), empty when there is none
  numeric::Vector<T> norm;      ///< L2 norm onto each postsynaptic neuron, empty when it is free
  std::shared_ptr<const Sharing> sharing; ///< null where each synapse has a weight of its own
  std::vector<std::size_t> rules;         ///< in Model::rules
  model::Constraints constraints;
  std::size_t receptor = none; ///< of the target, when it carries spikes; then its weights stand in `synapses`
  Synapses<T> synapses;
  bool is_bias() const { return source == none; }
  bool carries_spikes() const { return receptor != none; }
};

template <class T> struct Network {
  std::vector<Region> regions;
  std::vector<Projection<T>> projections; ///< those of the model in its order, then the biases
  std::vector<std::string> warnings;      ///< what files hold and may not be meant, a line each
  std::size_t size_of_source(const Projection<T> &p) const { return p.is_bias() ? 1 : regions[p.source].size; }
  /// The weights as they act: the projection's own, or the other's transposed.
  const numeric::Matrix<T> &stored_weights(const Projection<T> &p) const {
    return p.transpose_of == none ? p.weights : projections[p.transpose_of].weights;
  }
};

/// Reads the values of a weights file: N_post × N_pre, row by row. Given by the caller, since files are read elsewhere.
using ReadWeights = std::function<std::vector<double>(const model::Weights &, std::size_t posts, std::size_t pres)>;

/// Reads the spikes of a file: by neuron, ms.
using ReadSpikes = std::function<std::vector<std::vector<double>>(const model::SpikeTimes &)>;

/// Reads the file that lists the synapses of a "pairs" projection.
using ReadPairs = std::function<Pairs(const model::Typed &connect)>;

struct Readers {
  ReadWeights weights;
  ReadSpikes spikes;
  ReadPairs pairs;
};

/// Errors: input::InputError when a file of weights, spikes or pairs does not fit.
template <class T> Network<T> build(const model::Model &model, const Readers &read);

/// Values of a quantity for N neurons, drawn by (seed, what, index).
template <class T>
numeric::Vector<T> values_of(const model::Quantity &quantity, std::size_t neurons, std::uint64_t seed,
                             std::uint32_t what);

/// Applies bounds, Dale's law, norm and mask to the weights (after an update, and once at the start).
template <class T> void constrain(Projection<T> &projection);
/// Of synapses that share a weight, each gets the sum of their changes: the change of the one weight that they have.
template <class T> void share(const Projection<T> &projection, numeric::Matrix<T> &change);
/// The least and the greatest weight that bounds and an imposed sign leave.
template <class T> std::pair<T, T> bounds(const model::Constraints &constraints) {
  using Sign = model::Constraints::Sign;
  T low = constraints.minimum ? static_cast<T>(*constraints.minimum) : std::numeric_limits<T>::lowest();
  T high = constraints.maximum ? static_cast<T>(*constraints.maximum) : std::numeric_limits<T>::max();
  if (constraints.sign == Sign::excitatory) low = std::max(low, T(0));
  if (constraints.sign == Sign::inhibitory) high = std::min(high, T(0));
  return {low, high};
}
/// Brings sign_of projections up to date with the projection whose sign they follow.
template <class T> void refresh_signs(Network<T> &network);

} // namespace engram::network
