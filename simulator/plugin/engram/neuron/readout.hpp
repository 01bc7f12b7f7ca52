// What others see of a population of rate neurons: rates, potentials and gains.
#ifndef ENGRAM_NEURON_READOUT_HPP
#define ENGRAM_NEURON_READOUT_HPP

#include <engram/neuron/slopes.hpp>

namespace engram::neurons {

template <class N, class T> struct Readout : Slopes<N, T> {
  using A = Arrays<N, T>;
  using typename A::Columns;
  using typename A::Constants;
  using typename A::Places;
  using typename A::S;
  template <class V> using State = typename A::template State<V>;
  using A::at;
  using A::blocks;
  using A::columns;
  using A::constants;
  using A::constants_at;
  static constexpr std::size_t K = A::K, D = A::D;
  using A::signal;
  using A::store;

  static auto potential_of(const auto &x, const auto &p) {
    if constexpr (requires { N::potential(x, p); })
      return N::potential(x, p);
    else
      return member<0, std::remove_cvref_t<decltype(member_type(x))>>(x);
  }
  template <class V> static V member_type(const State<V> &);

  ENGRAM_WHOLE static engram_status readout(const engram_population *all, const void *state, void *rate,
                                            void *potential, void *gain, engram_message *message) {
    return guarded(message, [&] {
      blocks(*all, [&](std::size_t b, std::size_t first, std::size_t count) {
        const auto x = columns(*all, state, b, first);
        const auto p = constants(*all, first);
        T *r = signal(*all, rate, b, first), *u = signal(*all, potential, b, first), *g = signal(*all, gain, b, first);
        if (r != nullptr) {
          ENGRAM_EACH_NEURON
          for (std::size_t i = 0; i < count; ++i) r[i] = S(N::rate(at(x, i), constants_at(p, i))).value;
        }
        if (u != nullptr) {
          ENGRAM_EACH_NEURON
          for (std::size_t i = 0; i < count; ++i) u[i] = S(potential_of(at(x, i), constants_at(p, i))).value;
        }
        if (g != nullptr) {
          ENGRAM_EACH_NEURON
          for (std::size_t i = 0; i < count; ++i)
            g[i] = Dual<S, 1>(N::rate(by_first(at(x, i)), constants_at(p, i))).part[0].value;
        }
      });
    });
  }

  /// The same states; the first has the derivative 1 by itself, the others none.
  template <class V> static State<Dual<V, 1>> by_first(const State<V> &x) {
    return [&]<std::size_t... k>(std::index_sequence<k...>) {
      return State<Dual<V, 1>>{Dual<V, 1>{member<k, V>(x), {V(k == 0 ? 1 : 0)}}...};
    }
    (Places());
  }

  ENGRAM_WHOLE static engram_status readout_vjp(const engram_population *all, const void *state, const void *drate,
                                                const void *dpotential, const void *dgain, void *dstate,
                                                engram_message *message) {
    return guarded(message, [&] {
      blocks(*all, [&](std::size_t b, std::size_t first, std::size_t count) {
        using X = Dual<S, K>;
        const auto x = columns(*all, state, b, first);
        const auto p = constants(*all, first);
        const auto to = columns(*all, dstate, b, first);
        const auto add = [&](const T *d, auto f) {
          if (d == nullptr) return;
          ENGRAM_EACH_NEURON
          for (std::size_t i = 0; i < count; ++i) {
            const X value = f(A::template seeded<K>(x, i), constants_at(p, i));
            [&]<std::size_t... k>(std::index_sequence<k...>) { ((to[k][i] += d[i] * value.part[k].value), ...); }
            (Places());
          }
        };
        add(signal(*all, drate, b, first), [](const auto &y, const auto &q) { return X(N::rate(y, q)); });
        add(signal(*all, dpotential, b, first), [](const auto &y, const auto &q) { return X(potential_of(y, q)); });
        add(signal(*all, dgain, b, first),
            [](const auto &y, const auto &q) { return Dual<X, 1>(N::rate(by_first(y), q)).part[0]; });
      });
    });
  }
};

} // namespace engram::neurons

#endif
