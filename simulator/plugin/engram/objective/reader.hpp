// How the host lays out what a term of the objective compares, and how the values that its loss asks for are made of
// it: plain numbers, or numbers that carry derivatives.
#ifndef ENGRAM_OBJECTIVE_READER_HPP
#define ENGRAM_OBJECTIVE_READER_HPP

#include <engram/dual.hpp>
#include <engram/neuron/arrays.hpp>
#include <engram/objective.h>

#include <cmath>
#include <cstddef>
#include <iterator>
#include <type_traits>
#include <utility>

namespace engram::terms {

/// An array of numbers, `rows × trials`, column by column; and by which of them, and along which way, a derivative is
/// taken.
template <class T> struct Source {
  const T *values = nullptr;
  std::size_t rows = 0;
  const T *way = nullptr; ///< a direction, as large as the array; null: none
  bool seeded = false;    ///< derivatives are taken by the numbers at `from`, `from` + `stride`, …
  std::size_t from = 0, stride = 1;

  /// Number k as X. One that derivatives are taken by has the derivative 1 by itself.
  template <class X> X at(std::size_t k) const { return make(k, static_cast<X *>(nullptr)); }

  bool is_missing(std::size_t k) const { return values != nullptr && std::isnan(values[k]); }

private:
  using S = Scalar<T>;
  S value(std::size_t k) const { return values == nullptr ? T(0) : values[k]; }
  S is_seed(std::size_t k, std::size_t part) const { return T(seeded && k == from + part * stride ? 1 : 0); }
  S make(std::size_t k, S *) const { return value(k); }
  template <std::size_t W> Dual<S, W> make(std::size_t k, Dual<S, W> *) const {
    return {value(k), Dual<S, W>::parts([&](std::size_t part) { return is_seed(k, part); })};
  }
  template <std::size_t W> Dual<Dual<S, 1>, W> make(std::size_t k, Dual<Dual<S, 1>, W> *) const {
    using V = Dual<S, 1>;
    const V along{value(k), {way == nullptr ? S(0) : S(way[k])}};
    return {along, Dual<V, W>::parts([&](std::size_t part) { return V(is_seed(k, part)); })};
  }
};

/// The numbers of one trial.
template <class T, class X> struct OfTrial {
  const Source<T> &source;
  std::size_t trial;
  std::size_t size() const { return source.rows; }
  X operator[](std::size_t i) const { return source.template at<X>(i + trial * source.rows); }
  bool missing(std::size_t i) const { return std::isnan(source.values[i + trial * source.rows]); }
};

/// The numbers of a batch.
template <class T, class X> struct OfBatch {
  const Source<T> &source;
  std::size_t count;
  std::size_t size() const { return source.rows; }
  std::size_t trials() const { return count; }
  X operator()(std::size_t i, std::size_t b) const { return source.template at<X>(i + b * source.rows); }
  bool missing(std::size_t i, std::size_t b) const { return std::isnan(source.values[i + b * source.rows]); }
};

/// The parameters of a term O, in numbers of type T.
template <class O, class T> struct ConstantsReader {
  using S = Scalar<T>;
  using Constants = typename neurons::ConstantsOf<O, S>::type;
  static constexpr std::size_t M = std::is_empty_v<Constants> ? 0 : sizeof(Constants) / sizeof(S);

  static constexpr std::size_t parameter_count() {
    if constexpr (requires { O::parameters; })
      return std::size(O::parameters);
    else
      return 0;
  }
  static Constants constants(const engram_compared &in) {
    return [&]<std::size_t... m>(std::index_sequence<m...>) {
      return Constants{S(static_cast<T>(in.parameters[m]))...};
    }
    (std::make_index_sequence<M>());
  }
};

/// Calls the loss of a term O in numbers of type T, in whichever form it has.
template <class O, class T> struct Reader : ConstantsReader<O, T> {
  using typename ConstantsReader<O, T>::S;
  using typename ConstantsReader<O, T>::Constants;

  static constexpr bool by_neuron = requires(const S &x, const Constants &p) { O::neuron(x, x, p); }
  || requires(const S &x, const Constants &p) { O::neuron(x, x, p, x); };
  static constexpr bool by_trial = requires(const OfTrial<T, S> &x, const Constants &p) { O::trial(x, x, p); }
  || requires(const OfTrial<T, S> &x, const Constants &p) { O::trial(x, x, p, x[0]); };
  static constexpr bool by_batch = requires(const OfBatch<T, S> &x, const Constants &p) { O::batch(x, x, p); }
  || requires(const OfBatch<T, S> &x, const Constants &p) { O::batch(x, x, p, x(0, 0)); };
  static_assert(by_neuron + by_trial + by_batch == 1,
                "a term has one of neuron(x, y, p), trial(x, y, p) and batch(x, y, p)");

  template <class X> static X neuron(const X &x, const X &y, const Constants &p, S step) {
    if constexpr (requires { O::neuron(x, y, p); })
      return X(O::neuron(x, y, p));
    else
      return X(O::neuron(x, y, p, step));
  }
  template <class X> static X trial(const OfTrial<T, X> &x, const OfTrial<T, X> &y, const Constants &p, S step) {
    if constexpr (requires { O::trial(x, y, p); })
      return X(O::trial(x, y, p));
    else
      return X(O::trial(x, y, p, step));
  }
  template <class X> static X batch(const OfBatch<T, X> &x, const OfBatch<T, X> &y, const Constants &p, S step) {
    if constexpr (requires { O::batch(x, y, p); })
      return X(O::batch(x, y, p));
    else
      return X(O::batch(x, y, p, step));
  }
};

} // namespace engram::terms

#endif
