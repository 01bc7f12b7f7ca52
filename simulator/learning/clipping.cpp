// Clipping holds the change of a batch within bounds, before the optimizer takes it.
#include "learning/plasticity.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace engram::learning {

namespace {

// Σ g², in a fixed order.
template <class T> double sum_of_squares(const T *g, std::size_t count) {
  double sum = 0;
#pragma omp simd reduction(+ : sum)
  for (std::size_t k = 0; k < count; ++k) sum += static_cast<double>(g[k]) * static_cast<double>(g[k]);
  return sum;
}

// Of the synapses that are there. Those that share a weight have one change, which counts once.
template <class T> double sum_of_squares(const network::DenseProjection<T> &p, const Matrix<T> &change) {
  double sum = 0;
  const auto add = [&](std::size_t k) { sum += static_cast<double>(change[k]) * static_cast<double>(change[k]); };
  if (p.sharing) {
    std::vector<bool> counted(p.sharing->groups, false);
    const auto &group = p.sharing->group;
    for (std::size_t k = 0; k < group.size(); ++k) {
      if (group[k] == network::Sharing::none || counted[group[k]]) continue;
      counted[group[k]] = true;
      add(k);
    }
    return sum;
  }
  if (p.mask.is_empty()) return sum_of_squares(change.memptr(), change.n_elem);
  for (std::size_t k = 0; k < change.n_elem; ++k)
    if (p.mask[k] != T(0)) add(k);
  return sum;
}

} // namespace

// Brings all that the rule wants of these weights together in `change`.
template <class T> void Plasticity<T>::gather(Attached &a) {
  if (a.gathered) return;
  const auto &p = network_.dense[a.projection];
  settle(a);
  if (!a.changed) a.change.zeros(p.weights.n_rows, p.weights.n_cols);
  if (a.gained) add_gains(a, T(1), p.weights, a.change);
  network::share(p, a.change);
  a.changed = a.gathered = true;
  a.gained = false;
}

// With g the change of all weights that a rule moves now, as one vector, and c its clip_norm: g becomes c g / |g| where
// |g| > c (Pascanu, Mikolov & Bengio 2013, algorithm 1).
template <class T> void Plasticity<T>::clip_norms(model::Rule::Apply when) {
  const auto is_due = [&](const Attached &a) {
    return a.optimizer.clip_norm > T(0) && a.optimizer.rate != T(0) && a.times > 0 &&
           a.each_step == (when == model::Rule::Apply::step);
  };
  if (std::none_of(attached_.begin(), attached_.end(), is_due) && std::none_of(sparse_.begin(), sparse_.end(), is_due))
    return;
  std::vector<double> squares(model_.rules.size(), 0);
  const auto add = [&](const Attached &a, double sum) {
    const double scale = 1 / static_cast<double>(a.times);
    squares[a.rule_index] += scale * scale * sum;
  };
  for (auto &a : attached_) {
    if (!is_due(a)) continue;
    gather(a);
    add(a, sum_of_squares(network_.dense[a.projection], a.change));
  }
  for (const auto &a : sparse_)
    if (is_due(a)) add(a, sum_of_squares(a.change.memptr(), a.change.n_elem));
  for (auto *list : {&attached_, &sparse_})
    for (auto &a : *list) {
      if (!is_due(a)) continue;
      const double norm = std::sqrt(squares[a.rule_index]), most = static_cast<double>(a.optimizer.clip_norm);
      if (!std::isfinite(norm)) fail(a, "the norm of its change is not a finite number");
      a.shrinks = norm > most ? static_cast<T>(most / norm) : T(1);
    }
}

// Clips what `change` holds by value. Returns by what the optimizer is to multiply it: with the mean over trials, and
// what clip_norm says.
template <class T> T Plasticity<T>::clip(Attached &a) {
  const T scale = T(1) / static_cast<T>(a.times);
  const T most = a.optimizer.clip_value;
  if (!(most > T(0))) return scale * a.shrinks;
  for (T &g : a.change) g = std::clamp(scale * g, -most, most);
  return T(1);
}

template class Plasticity<float>;
template class Plasticity<double>;

} // namespace engram::learning
