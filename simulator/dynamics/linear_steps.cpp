#include "dynamics/linear_steps.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace engram::dynamics {

namespace {

/// A and B of all neurons at these states and currents: K rows of K + 1 or K + 2 columns each, as N values.
template <class T>
std::vector<numeric::Vector<T>> jacobian_at(const PluginNeurons<T> &neurons, std::size_t count,
                                            const numeric::Vector<T> &state, T current) {
  using Vector = numeric::Vector<T>;
  const auto &table = neurons.table();
  const std::size_t K = table.state_count;
  const auto all = neurons.population(1);
  const Vector soma(count, arma::fill::value(current)), apical = soma;
  const bool reads = table.reads_apical != 0;
  std::vector<Vector> out;
  for (std::size_t k = 0; k < K; ++k) {
    Vector pick(count * K, arma::fill::zeros), row(count * K, arma::fill::zeros), by_soma(count, arma::fill::zeros),
        by_apical = by_soma;
    pick.subvec(k * count, (k + 1) * count - 1).ones();
    neurons.call(neurons.calls().derivative_vjp, &all, static_cast<const void *>(state.memptr()),
                 static_cast<const void *>(soma.memptr()), static_cast<const void *>(reads ? apical.memptr() : nullptr),
                 static_cast<const void *>(pick.memptr()), static_cast<void *>(row.memptr()),
                 static_cast<void *>(by_soma.memptr()), static_cast<void *>(reads ? by_apical.memptr() : nullptr));
    for (std::size_t j = 0; j < K; ++j) out.emplace_back(row.subvec(j * count, (j + 1) * count - 1));
    out.push_back(by_soma);
    if (reads) out.push_back(by_apical);
  }
  return out;
}

/// ∫₀ʰ e^(A s) ds: the upper right block of exp(h [A 1; 0 0]) (Van Loan 1978, IEEE Trans Autom Control 23:395).
arma::mat integral_of(const arma::mat &A, double h) {
  const std::size_t K = A.n_rows;
  arma::mat both(2 * K, 2 * K, arma::fill::zeros);
  both.submat(0, 0, K - 1, K - 1) = h * A;
  both.submat(0, K, K - 1, 2 * K - 1) = h * arma::mat(K, K, arma::fill::eye);
  const arma::mat all = arma::expmat(both);
  return all.submat(0, K, K - 1, 2 * K - 1);
}

} // namespace

template <class T>
LinearSteps<T>::LinearSteps(const PluginNeurons<T> &neurons, const numeric::Vector<T> &begin, std::size_t count,
                            double h, bool holds)
    : count_(count), K_(neurons.table().state_count), free_(count * K_ * K_), held_(holds ? free_.size() : 0) {
  const auto A = jacobian_at<T>(neurons, count, begin, T(0));
  // A slope that is not linear has another Jacobian elsewhere.
  const T tolerance = T(1e4) * std::numeric_limits<T>::epsilon();
  for (const double way : {-0.7, 0.3, 1.1}) {
    numeric::Vector<T> other = begin;
    for (std::size_t k = 0; k < other.n_elem; ++k)
      other[k] += static_cast<T>((way + 0.37 * static_cast<double>(k / count)) * (1 + std::abs(begin[k])));
    const auto there = jacobian_at<T>(neurons, count, other, static_cast<T>(way));
    for (std::size_t k = 0; k < A.size(); ++k)
      for (std::size_t i = 0; i < count; ++i)
        if (!(std::abs(there[k][i] - A[k][i]) <= tolerance * std::max(std::abs(A[k][i]), std::abs(there[k][i]))))
          neurons.fail("says that its slopes are linear, and how they change depends on states or currents");
  }
  const std::size_t columns = A.size() / K_;
  arma::mat own(K_, K_), last, last_free, last_held;
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t r = 0; r < K_; ++r)
      for (std::size_t c = 0; c < K_; ++c) own(r, c) = static_cast<double>(A[r * columns + c][i]);
    if (last.is_empty() || arma::any(arma::vectorise(own != last))) { // neighbours are often the same
      last = own;
      last_free = integral_of(own, h);
      if (holds) {
        arma::mat first_stays = own;
        first_stays.row(0).zeros();
        last_held = integral_of(first_stays, h);
      }
      if (!last_free.is_finite() || !last_held.is_finite())
        neurons.fail("grows so fast that an exact step is beyond the range of numbers");
    }
    for (std::size_t r = 0; r < K_; ++r)
      for (std::size_t c = 0; c < K_; ++c) {
        free_[(r * K_ + c) * count + i] = static_cast<T>(last_free(r, c));
        if (holds) held_[(r * K_ + c) * count + i] = static_cast<T>(last_held(r, c));
      }
  }
}

template <class T>
template <class Add>
void LinearSteps<T>::each_entry(const T *held, std::size_t trials, const Add &add) const {
  for (std::size_t b = 0; b < trials; ++b) {
    const T *quiet = held == nullptr ? nullptr : held + b * count_;
    for (std::size_t r = 0; r < K_; ++r)
      for (std::size_t c = 0; c < K_; ++c) {
        const T *free = at(free_, r, c);
        const std::size_t row = (b * K_ + r) * count_, column = (b * K_ + c) * count_;
        if (quiet == nullptr) {
          for (std::size_t i = 0; i < count_; ++i) add(row + i, column + i, free[i]);
          continue;
        }
        const T *stays = at(held_, r, c);
        const bool first = r == 0 || c == 0; // of a neuron that is held, this state stays
        for (std::size_t i = 0; i < count_; ++i) {
          const T p = quiet[i] == T(0) ? free[i] : first ? T(0) : stays[i];
          add(row + i, column + i, p);
        }
      }
  }
}

template <class T> void LinearSteps<T>::move(const T *slope, const T *held, std::size_t trials, T *state) const {
  each_entry(held, trials, [=](std::size_t row, std::size_t column, T p) { state[row] += p * slope[column]; });
}

template <class T> void LinearSteps<T>::back(const T *dstate, const T *held, std::size_t trials, T *dslope) const {
  std::fill_n(dslope, trials * K_ * count_, T(0));
  each_entry(held, trials, [=](std::size_t row, std::size_t column, T p) { dslope[column] += p * dstate[row]; });
}

template class LinearSteps<float>;
template class LinearSteps<double>;

} // namespace engram::dynamics
