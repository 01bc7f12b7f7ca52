// A Network holds regions and projections as contiguous matrices.
#pragma once

#include "model/model.hpp"
#include "network/patterns.hpp"
#include "network/projection.hpp"
#include "network/split.hpp"
#include "numeric/matrix.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace engram::network {

struct Region {
  std::string name;
  std::size_t size = 0;                    ///< N
  std::vector<std::vector<double>> spikes; ///< of a spike_source, by neuron: ms from the beginning of a trial, sorted
};

template <class T> struct Network {
  std::vector<Region> regions;
  std::vector<DenseProjection<T>> dense;   ///< in the order of their indices, so that biases are the last
  std::vector<SparseProjection<T>> sparse; ///< in the order of their indices
  std::vector<std::size_t> sign_order;     ///< places in `dense` of those whose signs follow another's, after that one
  std::vector<std::string> warnings;       ///< what files hold and may not be meant, a line each

  /// The projection with this index; null where it is of the other kind.
  const DenseProjection<T> *dense_at(std::size_t index) const { return find(dense, index); }
  DenseProjection<T> *dense_at(std::size_t index) { return find(dense, index); }
  const SparseProjection<T> *sparse_at(std::size_t index) const { return find(sparse, index); }
  SparseProjection<T> *sparse_at(std::size_t index) { return find(sparse, index); }
  /// The projection with this index, which must be there.
  const Projection &at(std::size_t index) const {
    if (const auto *p = dense_at(index)) return *p;
    return *sparse_at(index);
  }
  /// The weights that a projection's own or another's are: the matrix that they stand in, transposed or not.
  const numeric::Matrix<T> &stored_weights(const DenseProjection<T> &p) const {
    const auto *of = p.transpose_of();
    return of ? dense[of->other].weights : p.weights;
  }

private:
  template <class Kind> static auto find(Kind &projections, std::size_t index) -> decltype(projections.data()) {
    const auto found = std::lower_bound(projections.begin(), projections.end(), index,
                                        [](const Projection &p, std::size_t at) { return p.index < at; });
    return found != projections.end() && found->index == index ? &*found : nullptr;
  }
};

/// Calls visit_dense or visit_sparse with each projection of a network, in the order of their indices.
template <class Any, class Dense, class Sparse>
void each_projection(Any &network, Dense &&visit_dense, Sparse &&visit_sparse) {
  auto dense = network.dense.begin();
  auto sparse = network.sparse.begin();
  while (dense != network.dense.end() || sparse != network.sparse.end()) {
    const bool first_is_dense =
        sparse == network.sparse.end() || (dense != network.dense.end() && dense->index < sparse->index);
    if (first_is_dense)
      visit_dense(*dense++);
    else
      visit_sparse(*sparse++);
  }
}
template <class Any, class Visit> void each_projection(Any &network, Visit &&visit) {
  each_projection(network, visit, visit);
}

/// Reads the values of a weights file: N_post × N_pre, row by row. Given by the caller, since files are read elsewhere.
using ReadWeights = std::function<std::vector<double>(const model::Weights &, std::size_t posts, std::size_t pres)>;

/// Reads the spikes of a file: by neuron, ms.
using ReadSpikes = std::function<std::vector<std::vector<double>>(const model::SpikeTimes &)>;

struct Readers {
  ReadWeights weights;
  ReadSpikes spikes;
  ReadPairs pairs;
};

/// `patterns`: what "connect" may name. Errors: input::InputError when a file of weights, spikes or pairs does not fit;
/// Broken for a pattern that is not among them, which the checks of the model exclude.
template <class T>
Network<T> build(const model::Model &model, const Readers &read,
                 const std::vector<Pattern> &patterns = pattern_entries());

/// Values of a quantity for N neurons, drawn by (seed, what, index).
template <class T>
numeric::Vector<T> values_of(const model::Quantity &quantity, std::size_t neurons, std::uint64_t seed,
                             std::uint32_t what);

/// Applies bounds, Dale's law, norm and mask to the weights (after an update, and once at the start).
template <class T> void constrain(DenseProjection<T> &projection);
/// Of synapses that share a weight, each gets the sum of their changes: the change of the one weight that they have.
template <class T> void share(const DenseProjection<T> &projection, numeric::Matrix<T> &change);
/// The least and the greatest weight that bounds and an imposed sign leave.
template <class T> std::pair<T, T> bounds(const model::Constraints &constraints) {
  using Sign = model::Constraints::Sign;
  T low = constraints.minimum ? static_cast<T>(*constraints.minimum) : std::numeric_limits<T>::lowest();
  T high = constraints.maximum ? static_cast<T>(*constraints.maximum) : std::numeric_limits<T>::max();
  if (constraints.sign == Sign::excitatory) low = std::max(low, T(0));
  if (constraints.sign == Sign::inhibitory) high = std::min(high, T(0));
  return {low, high};
}
/// Gives the projections whose signs follow another's the signs that the other has now.
template <class T> void refresh_signs(Network<T> &network);

} // namespace engram::network
