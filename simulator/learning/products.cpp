// This part of Plasticity forms the products that changes of weights are sums of, or lets the last of a trial wait.
#include "learning/plasticity.hpp"

#include "numeric/finite.hpp"
#include "numeric/product.hpp"

#include <utility>

namespace engram::learning {

template <class T> auto Plasticity<T>::next_product(std::size_t projection, const Matrix<T> &dcurrent) -> Attached * {
  auto &a = attached_[globals_[projection]];
  settle(a);
  if (!numeric::all_finite(dcurrent.memptr(), dcurrent.n_elem)) fail(a, "the gradient is not a finite number");
  count(a, {0, trials_}); // once: the parts of one gradient add up
  return numeric::is_zero(dcurrent) ? nullptr : &a;
}

template <class T>
void Plasticity<T>::add_product(std::size_t projection, T scale, const Matrix<T> &dcurrent, const Matrix<T> &signal) {
  auto *a = next_product(projection, dcurrent);
  if (a) add_to_change(*a, scale, dcurrent.memptr(), signal.is_empty() ? ones_.memptr() : signal.memptr(), trials_);
}

template <class T>
void Plasticity<T>::add_last_product(std::size_t projection, T scale, SharedMatrix<T> dcurrent,
                                     SharedMatrix<T> signal) {
  auto *a = next_product(projection, *dcurrent);
  if (!a) return;
  const T *post = dcurrent->memptr(), *pre = signal ? signal->memptr() : ones_.memptr();
  a->waiting.scale = scale;
  a->waiting.post.emplace_back(std::move(dcurrent), post);
  a->waiting.pre.emplace_back(std::move(signal), pre);
}

template <class T> T *Plasticity<T>::change_of_synapses(std::size_t projection) {
  if (!is_global_sparse(projection)) return nullptr;
  auto &a = sparse_[sparse_globals_[projection]];
  if (!a.changed) a.change.zeros(network_.sparse[projection].synapses.connectivity->size(), 1);
  a.changed = true;
  count(a, {0, trials_});
  return a.change.memptr();
}

template <class T> void Plasticity<T>::settle() {
  for (auto &a : attached_) settle(a);
}

// change += scale · post · preᵀ
template <class T>
void Plasticity<T>::add_to_change(Attached &a, T scale, const T *post, const T *pre, std::size_t trials) {
  const auto &w = network_.dense[a.projection].weights;
  if (a.change.n_rows != w.n_rows || a.change.n_cols != w.n_cols) a.change.set_size(w.n_rows, w.n_cols);
  numeric::product<T>(scale, {post, w.n_rows, trials}, {pre, w.n_cols, trials, true}, a.changed ? T(1) : T(0), a.change,
                      threads_);
  a.changed = true;
}

template <class T> void Plasticity<T>::settle(Attached &a) {
  if (a.waiting.post.empty()) return;
  for (std::size_t k = 0; k < a.waiting.post.size(); ++k)
    add_to_change(a, a.waiting.scale, a.waiting.post[k].get(), a.waiting.pre[k].get(), trials_);
  a.waiting.post.clear();
  a.waiting.pre.clear();
}

template class Plasticity<float>;
template class Plasticity<double>;

} // namespace engram::learning
