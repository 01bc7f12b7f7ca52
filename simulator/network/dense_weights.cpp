#include "network/dense_weights.hpp"

#include "input/input_error.hpp"
#include "network/draw.hpp"
#include "numeric/random.hpp"

#include <algorithm>

namespace engram::network {

Connections::Connections(std::unique_ptr<const Wiring> of) : wiring(std::move(of)) {
  if (!wiring->is_complete()) there = wiring->connection_mask();
}

template <class T>
numeric::Matrix<T> initial_weights(const model::Projection &projection, const Connections &connections,
                                   const ReadWeights &read) {
  using Kind = model::Weights::Kind;
  const auto &wiring = *connections.wiring;
  const std::size_t posts = wiring.posts, pres = wiring.pres;
  const numeric::Random random{wiring.seed, numeric::Purpose::weights, wiring.key};
  numeric::Matrix<T> w(posts, pres, arma::fill::zeros);
  const auto &how = projection.weights;
  if (how.kind == Kind::values || how.kind == Kind::file) {
    const auto rows = how.kind == Kind::file ? read(how, posts, pres) : how.values;
    if (rows.size() != posts * pres)
      throw input::InputError("weights of '" + projection.name + "' have " + std::to_string(rows.size()) +
                              " values, not " + std::to_string(posts) + " × " + std::to_string(pres));
    for (std::size_t i = 0; i < posts; ++i)
      for (std::size_t j = 0; j < pres; ++j) w(i, j) = static_cast<T>(rows[i * pres + j]);
    return w;
  }
  if (how.kind == Kind::listed) {
    const auto &pairs = *wiring.pair_list();
    for (std::size_t j = 0; j < pres; ++j)
      for (std::size_t k = pairs.begin[j]; k < pairs.begin[j + 1]; ++k)
        w(pairs.target[k], j) = static_cast<T>(how.a * pairs.weight[k]);
    return w;
  }
  const double synapses = wiring.fan_in();
  for (std::size_t j = 0; j < pres; ++j)
    for (std::size_t i = 0; i < posts; ++i)
      if (connections.has(i + j * posts))
        w(i, j) = static_cast<T>(drawn(how, synapses, random, wiring.weight_index(i, j)));
  return w;
}

namespace {

// Which synapses have one weight.
std::shared_ptr<const Sharing> sharing_of(const Connections &connections) {
  const auto &wiring = *connections.wiring;
  if (!wiring.shares_weights()) return nullptr;
  auto out = std::make_shared<Sharing>();
  out->group.assign(wiring.posts * wiring.pres, Sharing::none);
  for (std::size_t k = 0; k < out->group.size(); ++k) {
    if (!connections.has(k)) continue;
    out->group[k] = static_cast<std::uint32_t>(wiring.weight_index(k % wiring.posts, k / wiring.posts));
    out->groups = std::max<std::size_t>(out->groups, out->group[k] + 1);
  }
  return out;
}

} // namespace

template <class T> void hold(DenseProjection<T> &p, const Connections &connections) {
  using Sign = model::Constraints::Sign;
  p.one_to_one = connections.wiring->is_one_to_one();
  p.sharing = sharing_of(connections);
  if (p.constraints.mask || !connections.wiring->is_complete()) {
    p.mask.ones(p.weights.n_rows, p.weights.n_cols);
    for (std::size_t k = 0; k < p.mask.n_elem; ++k)
      if (!connections.has(k) || (p.constraints.mask && p.weights[k] == T(0))) p.mask[k] = 0;
  }
  // A sign that is imposed makes the drawn weights follow it, so that no half of them begins at zero.
  if (p.constraints.sign == Sign::excitatory) p.weights = arma::abs(p.weights);
  if (p.constraints.sign == Sign::inhibitory) p.weights = -arma::abs(p.weights);
  if (p.constraints.sign != Sign::free) {
    p.sign = p.weights;
    const T zero_sign = p.constraints.sign == Sign::inhibitory ? T(-1) : T(1);
    p.sign.transform([zero_sign](T w) { return w > 0 ? T(1) : w < 0 ? T(-1) : zero_sign; });
  }
  if (p.constraints.norm)
    p.norm = numeric::Vector<T>(p.weights.n_rows, arma::fill::value(static_cast<T>(*p.constraints.norm)));
}

template numeric::Matrix<float> initial_weights(const model::Projection &, const Connections &, const ReadWeights &);
template numeric::Matrix<double> initial_weights(const model::Projection &, const Connections &, const ReadWeights &);
template void hold(DenseProjection<float> &, const Connections &);
template void hold(DenseProjection<double> &, const Connections &);

} // namespace engram::network
