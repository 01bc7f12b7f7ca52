// How the host lays out the states, constants and signals of a population, and how the members of a neuron's State and
// Constants are read from there.
#ifndef ENGRAM_NEURON_ARRAYS_HPP
#define ENGRAM_NEURON_ARRAYS_HPP

#include <engram/dual.hpp>
#include <engram/dynamics.h>
#include <engram/neuron/about.hpp>

#include <algorithm>
#include <array>
#include <iterator>
#include <type_traits>
#include <utility>

// All that the function calls is made part of it, so that its loops become vector code.
#if defined(__GNUC__)
#define ENGRAM_WHOLE __attribute__((flatten))
#else
#define ENGRAM_WHOLE
#endif
#if defined(__clang__)
#define ENGRAM_EACH_NEURON _Pragma("clang loop vectorize(assume_safety)")
#elif defined(__GNUC__)
#define ENGRAM_EACH_NEURON _Pragma("GCC ivdep")
#else
#define ENGRAM_EACH_NEURON
#endif

namespace engram::neurons {

template <class N, class T> struct ConstantsOf {
  struct None {};
  static auto pick() {
    if constexpr (requires { typename N::template Constants<T>; })
      return std::type_identity<typename N::template Constants<T>>();
    else
      return std::type_identity<None>();
  }
  using type = typename decltype(pick())::type;
};

/// The member at place k of a struct of equal members.
template <std::size_t k, class Value, class Struct> Value &member(Struct &all) {
  return reinterpret_cast<Value *>(&all)[k];
}
template <std::size_t k, class Value, class Struct> const Value &member(const Struct &all) {
  return reinterpret_cast<const Value *>(&all)[k];
}

/// A value whose derivative by number `by` is 1, and by the others 0.
template <class V, std::size_t parts> Dual<V, parts> seed(const V &value, std::size_t by) {
  return {value, Dual<V, parts>::parts([&](std::size_t k) { return V(k == by ? 1 : 0); })};
}

/// The arrays of a population of neurons N in numbers of type T, float or double. A state is `neurons × K × trials`, a
/// signal `neurons × trials`, a constant one number or `neurons`; all lie column by column.
template <class N, class T> struct Arrays {
  template <class S> using State = typename N::template State<S>;
  using Constants = typename ConstantsOf<N, Scalar<T>>::type;
  static constexpr std::size_t K = sizeof(State<char>);
  static constexpr std::size_t M = std::is_empty_v<Constants> ? 0 : sizeof(Constants) / sizeof(Scalar<T>);
  static constexpr std::size_t inputs = N::about.apical ? 2 : 1;
  static constexpr std::size_t D = K + inputs;
  using S = Scalar<T>;
  using Places = std::make_index_sequence<K>;

  using Columns = std::array<const T *, K>; // by state: its neurons in one trial
  using Places_of_constants = std::array<const T *, M + 1>;

  static Columns columns(const engram_population &all, const void *state, std::size_t b, std::size_t first) {
    Columns out;
    for (std::size_t k = 0; k < K; ++k) out[k] = static_cast<const T *>(state) + (k + b * K) * all.neurons + first;
    return out;
  }
  static std::array<T *, K> columns(const engram_population &all, void *state, std::size_t b, std::size_t first) {
    std::array<T *, K> out;
    for (std::size_t k = 0; k < K; ++k) out[k] = static_cast<T *>(state) + (k + b * K) * all.neurons + first;
    return out;
  }
  static Places_of_constants constants(const engram_population &all, std::size_t first) {
    Places_of_constants out{};
    for (std::size_t m = 0; m < M; ++m)
      out[m] = static_cast<const T *>(all.constants[m]) + (all.per_neuron[m] != 0 ? first : 0);
    return out;
  }
  static Constants constants_at(const Places_of_constants &p, std::size_t i) {
    return [&]<std::size_t... m>(std::index_sequence<m...>) { return Constants{S(p[m][i])...}; }
    (std::make_index_sequence<M>());
  }
  static State<S> at(const Columns &x, std::size_t i) {
    return [&]<std::size_t... k>(std::index_sequence<k...>) { return State<S>{S(x[k][i])...}; }
    (Places());
  }
  /// The states as numbers with `parts` derivatives: state k has the derivative 1 by itself.
  template <std::size_t parts> static State<Dual<S, parts>> seeded(const Columns &x, std::size_t i) {
    return [&]<std::size_t... k>(std::index_sequence<k...>) {
      return State<Dual<S, parts>>{seed<S, parts>(S(x[k][i]), k)...};
    }
    (Places());
  }
  /// f(trial, first, count) for all neurons, at most ENGRAM_BLOCK at once.
  template <class F> static void blocks(const engram_population &all, F f) {
    for (std::size_t b = 0; b < all.trials; ++b)
      for (std::size_t first = 0; first < all.neurons; first += ENGRAM_BLOCK)
        f(b, first, all.neurons - first < ENGRAM_BLOCK ? all.neurons - first : std::size_t{ENGRAM_BLOCK});
  }
  static const T *signal(const engram_population &all, const void *values, std::size_t b, std::size_t first) {
    return values == nullptr ? nullptr : static_cast<const T *>(values) + b * all.neurons + first;
  }
  static T *signal(const engram_population &all, void *values, std::size_t b, std::size_t first) {
    return values == nullptr ? nullptr : static_cast<T *>(values) + b * all.neurons + first;
  }

  static void store(const State<S> &values, const std::array<T *, K> &to, std::size_t i) {
    [&]<std::size_t... k>(std::index_sequence<k...>) { ((to[k][i] = member<k, S>(values).value), ...); }
    (Places());
  }
  static constexpr std::size_t parameter_count() {
    if constexpr (requires { N::parameters; })
      return std::size(N::parameters);
    else
      return 0;
  }
};

} // namespace engram::neurons

#endif
