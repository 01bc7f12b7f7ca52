// The steady states of a population under constant currents, by a closed form or by Newton's method.
#ifndef ENGRAM_NEURON_SETTLING_HPP
#define ENGRAM_NEURON_SETTLING_HPP

#include <engram/neuron/pivots.hpp>
#include <engram/neuron/slopes.hpp>

#include <limits>
#include <stdexcept>

namespace engram::neurons {

template <class N, class T> struct Settling : Slopes<N, T> {
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
  using Slopes<N, T>::slopes;

  /// jacobian[k][j] = d(slope of k)/d(state j), and its last column d(slope of k)/d(soma), of one neuron.
  using Rows = std::array<std::array<T, K + 1>, K>;

  /// Solves A x = b for the K columns of `rows` and its last one. Errors: no solution.
  static std::array<T, K> solved(Rows rows) {
    std::array<T, K> x;
    solve_by_pivots(
        K, [&](std::size_t r, std::size_t c) -> T & { return rows[r][c]; }, x);
    return x;
  }

  static void settle_one(const Constants &p, T soma, State<S> &x, const std::array<T *, K> &to, std::size_t i) {
    if constexpr (requires { N::steady(S(soma), p, x); }) {
      N::steady(S(soma), p, x);
      store(x, to, i);
    } else {
      // Newton's method from the state as a trial begins, in steps that are halved while they lead further away.
      store(x, to, i);
      const auto length = [](const Rows &rows) {
        T sum = 0;
        for (std::size_t k = 0; k < K; ++k) sum += rows[k][K] * rows[k][K];
        return sum;
      };
      const auto look = [&] { // the Jacobian, and minus the slopes
        Columns from;
        for (std::size_t k = 0; k < K; ++k) from[k] = to[k];
        const auto slope = slopes(from, p, soma, T(0), i);
        Rows rows;
        [&]<std::size_t... k>(std::index_sequence<k...>) {
          (([&] {
             for (std::size_t j = 0; j < K; ++j) rows[k][j] = member<k, Dual<S, D>>(slope).part[j].value;
             rows[k][K] = -member<k, Dual<S, D>>(slope).value.value;
           }()),
           ...);
        }
        (Places());
        return rows;
      };
      Rows rows = look();
      for (int round = 0; round < 100; ++round) {
        const T before = length(rows);
        if (before == T(0)) return;
        const auto way = solved(rows);
        std::array<T, K> start;
        T size = 0, reach = 0;
        for (std::size_t k = 0; k < K; ++k) {
          start[k] = to[k][i];
          size = std::max(size, std::abs(start[k]));
          reach = std::max(reach, std::abs(way[k]));
        }
        T part = 1;
        for (int half = 0; half < 40; ++half, part /= 2) {
          for (std::size_t k = 0; k < K; ++k) to[k][i] = start[k] + part * way[k];
          rows = look();
          if (length(rows) < before) break;
        }
        if (reach <= 8 * std::numeric_limits<T>::epsilon() * (1 + size)) return;
        if (!(length(rows) < before)) break;
      }
      const T near = std::numeric_limits<T>::epsilon();
      if (!(length(rows) < near)) throw std::runtime_error("no steady state was found for one of the currents");
    }
  }

  static engram_status settle(const engram_population *all, const void *soma, void *state, engram_message *message) {
    return guarded(message, [&] {
      blocks(*all, [&](std::size_t b, std::size_t first, std::size_t count) {
        const auto p = constants(*all, first);
        const auto to = columns(*all, state, b, first);
        const T *I = signal(*all, soma, b, first);
        for (std::size_t i = 0; i < count; ++i) {
          State<S> x{};
          [&]<std::size_t... k>(std::index_sequence<k...>) { ((member<k, S>(x) = S(N::states[k].initial)), ...); }
          (Places());
          settle_one(constants_at(p, i), I[i], x, to, i);
        }
      });
    });
  }

  // f(x, I) = 0: with Jᵀ y = dL/dx, dL/dI = −(∂f/∂I)ᵀ y.
  static engram_status settle_vjp(const engram_population *all, const void *soma, const void *state, const void *dstate,
                                  void *dsoma, engram_message *message) {
    return guarded(message, [&] {
      blocks(*all, [&](std::size_t b, std::size_t first, std::size_t count) {
        const auto p = constants(*all, first);
        const auto x = columns(*all, state, b, first), from = columns(*all, dstate, b, first);
        const T *I = signal(*all, soma, b, first);
        T *to = signal(*all, dsoma, b, first);
        for (std::size_t i = 0; i < count; ++i) {
          const auto slope = slopes(x, constants_at(p, i), I[i], T(0), i);
          Rows rows;
          std::array<T, K> by_soma;
          [&]<std::size_t... k>(std::index_sequence<k...>) {
            (([&] {
               for (std::size_t j = 0; j < K; ++j) rows[j][k] = member<k, Dual<S, D>>(slope).part[j].value;
               rows[k][K] = from[k][i];
               by_soma[k] = member<k, Dual<S, D>>(slope).part[K].value;
             }()),
             ...);
          }
          (Places());
          const auto y = solved(rows);
          for (std::size_t k = 0; k < K; ++k) to[i] -= by_soma[k] * y[k];
        }
      });
    });
  }
  static constexpr bool closed = requires(const Scalar<T> &I, const Constants &p, State<S> &x) { N::steady(I, p, x); };
};

} // namespace engram::neurons

#endif
