// Projections are of two kinds: dense ones carry signals through a matrix of weights, sparse ones carry spikes.
#pragma once

#include "model/model.hpp"
#include "network/signals.hpp"
#include "network/synapses.hpp"
#include "numeric/matrix.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace engram::network {

inline constexpr std::size_t none = static_cast<std::size_t>(-1);

/// What a projection of either kind has.
struct Projection {
  std::string name;
  std::size_t index = 0;     ///< among those of both kinds: the model's in its order, then the biases
  std::size_t source = none; ///< region; none for a bias: the source is a neuron that always has rate 1
  std::size_t target = 0;    ///< region
  Signal signal = Signal::rate;
  std::vector<std::size_t> rules; ///< in Model::rules
  model::Constraints constraints;
  bool is_bias() const { return source == none; }
};

/// Synapses that have one weight: those of a convolution that stand at the same place of a kernel.
struct Sharing {
  static constexpr std::uint32_t none = static_cast<std::uint32_t>(-1); ///< where no synapse is
  std::size_t groups = 0;
  std::vector<std::uint32_t> group; ///< of each weight, column by column
};

/// Weights that stand in the projection itself.
struct OwnWeights {};

/// gain Wᵀ of another projection, which has weights W of its own.
template <class T> struct TransposeOf {
  std::size_t other = none; ///< in Network::dense
  bool transposed = true;   ///< else gain W: the transpose of a transpose
  T gain = 1;
};

/// Weights with magnitudes of their own, and with the signs of what another projection's weights are, transposed.
template <class T> struct SignOf {
  TransposeOf<T> signs;
  numeric::Matrix<T> magnitude; ///< N_post × N_pre
};

template <class T> struct DenseProjection : Projection {
  Compartment compartment = Compartment::soma;
  std::size_t delay = 0;                                      ///< steps
  numeric::Matrix<T> weights;                                 ///< N_post × N_pre; empty where another's act
  std::variant<OwnWeights, TransposeOf<T>, SignOf<T>> origin; ///< of the weights, at every moment
  bool one_to_one = false; ///< neuron i to neuron i: weights off the diagonal are 0 and stay 0
  numeric::Matrix<T> mask; ///< N_post × N_pre of 0 and 1, empty when there is none
  numeric::Matrix<T> sign; ///< N_post × N_pre of −1 and 1 (Dale's law, kept signs), empty when there is none
  numeric::Vector<T> norm; ///< L2 norm onto each postsynaptic neuron, empty when it is free
  std::shared_ptr<const Sharing> sharing; ///< null where each synapse has a weight of its own

  /// Null unless another's weights act in the place of its own.
  const TransposeOf<T> *transpose_of() const { return std::get_if<TransposeOf<T>>(&origin); }
  const SignOf<T> *sign_of() const { return std::get_if<SignOf<T>>(&origin); }
  /// Do the weights follow another's, so that they cannot learn by themselves?
  bool follows() const { return !std::holds_alternative<OwnWeights>(origin); }
  bool has_weights() const { return !transpose_of(); }
  std::span<const T> values() const { return {weights.memptr(), weights.n_elem}; }
};

/// Its synapses reach a receptor of the target.
template <class T> struct SparseProjection : Projection {
  std::size_t receptor = 0; ///< of the target
  Synapses<T> synapses;
  bool has_weights() const { return true; }
  std::span<const T> values() const { return {synapses.weights->data(), synapses.weights->size()}; }
};

} // namespace engram::network
