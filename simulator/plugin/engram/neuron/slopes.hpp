// A trial begins, the states move: the derivative of a population, and what it gives back to what went into it.
#ifndef ENGRAM_NEURON_SLOPES_HPP
#define ENGRAM_NEURON_SLOPES_HPP

#include <engram/neuron/arrays.hpp>

namespace engram::neurons {

template <class N, class T> struct Slopes : Arrays<N, T> {
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
  static constexpr std::size_t M = A::M;
  using A::parameter_count;
  using A::signal;
  using A::store;

  static engram_status prepare(const engram_population *all, std::size_t count, void *const *derived,
                               engram_message *message) {
    return guarded(message, [&] {
      constexpr std::size_t given = parameter_count();
      for (std::size_t i = 0; i < count; ++i) {
        Constants p{};
        [&]<std::size_t... m>(std::index_sequence<m...>) {
          ((member<m, S>(p) = S(static_cast<const T *>(all->constants[m])[all->per_neuron[m] != 0 ? i : 0])), ...);
        }
        (std::make_index_sequence<given>());
        N::prepare(p);
        [&]<std::size_t... m>(std::index_sequence<m...>) {
          ((static_cast<T *>(derived[m])[i] = member<given + m, S>(p).value), ...);
        }
        (std::make_index_sequence<M - given>());
      }
    });
  }

  static engram_status begin(const engram_population *all, void *state, engram_message *message) {
    return guarded(message, [&] {
      blocks(*all, [&](std::size_t b, std::size_t first, std::size_t count) {
        const auto x = columns(*all, state, b, first);
        const auto p = constants(*all, first);
        for (std::size_t i = 0; i < count; ++i) {
          State<S> now = at(columns(*all, static_cast<const void *>(state), b, first), i);
          N::begin(now, constants_at(p, i));
          store(now, x, i);
        }
      });
    });
  }
  ENGRAM_WHOLE static engram_status derivative(const engram_population *all, const void *state, const void *soma,
                                               const void *apical, void *slope, engram_message *message) {
    return guarded(message, [&] {
      blocks(*all, [&](std::size_t b, std::size_t first, std::size_t count) {
        const auto x = columns(*all, state, b, first);
        const auto p = constants(*all, first);
        const auto to = columns(*all, slope, b, first);
        const T *I = signal(*all, soma, b, first), *a = signal(*all, apical, b, first);
        where_apical(a, [&](auto there) {
          ENGRAM_EACH_NEURON
          for (std::size_t i = 0; i < count; ++i) {
            const Currents<S> in{S(I[i]), there() ? S(a[i]) : S(0)};
            State<S> out{};
            N::derivative(at(x, i), constants_at(p, i), in, out);
            store(out, to, i);
          }
        });
      });
    });
  }

  /// f(std::true_type) where a current reaches the apical compartment, and is read; else f(std::false_type).
  template <class F> static void where_apical(const T *apical, F f) {
    if constexpr (N::about.apical)
      if (apical != nullptr) return f(std::true_type());
    f(std::false_type());
  }

  /// The slopes of one neuron with their derivatives by its states and currents.
  static State<Dual<S, D>> slopes(const Columns &x, const Constants &p, T soma, T apical, std::size_t i) {
    using X = Dual<S, D>;
    const Currents<X> in{seed<S, D>(S(soma), K), N::about.apical ? seed<S, D>(S(apical), K + 1) : X(0)};
    State<X> out{};
    N::derivative(A::template seeded<D>(x, i), p, in, out);
    return out;
  }

  ENGRAM_WHOLE static engram_status derivative_vjp(const engram_population *all, const void *state, const void *soma,
                                                   const void *apical, const void *dslope, void *dstate, void *dsoma,
                                                   void *dapical, engram_message *message) {
    return guarded(message, [&] {
      blocks(*all, [&](std::size_t b, std::size_t first, std::size_t count) {
        const auto x = columns(*all, state, b, first), from = columns(*all, dslope, b, first);
        const auto p = constants(*all, first);
        const auto to = columns(*all, dstate, b, first);
        const T *I = signal(*all, soma, b, first), *a = signal(*all, apical, b, first);
        T *dI = signal(*all, dsoma, b, first), *da = signal(*all, dapical, b, first);
        where_apical(a, [&](auto there) {
          ENGRAM_EACH_NEURON
          for (std::size_t i = 0; i < count; ++i) {
            const auto slope = slopes(x, constants_at(p, i), I[i], there() ? a[i] : T(0), i);
            // Σ_k dL/d(slope k) · d(slope k)/d(number `by`)
            const auto sum = [&](std::size_t by) {
              return [&]<std::size_t... k>(std::index_sequence<k...>) {
                return (... + (from[k][i] * member<k, Dual<S, D>>(slope).part[by].value));
              }
              (Places());
            };
            [&]<std::size_t... k>(std::index_sequence<k...>) { ((to[k][i] += sum(k)), ...); }
            (Places());
            dI[i] += sum(K);
            if constexpr (there()) da[i] += sum(K + 1);
          }
        });
      });
    });
  }

  static engram_status relaxation(const engram_population *all, const void *state, const void *soma, const void *apical,
                                  void *rate, engram_message *message) {
    return guarded(message, [&] {
      blocks(*all, [&](std::size_t b, std::size_t first, std::size_t count) {
        const auto x = columns(*all, state, b, first);
        const auto p = constants(*all, first);
        const T *I = signal(*all, soma, b, first), *a = signal(*all, apical, b, first);
        T *to = signal(*all, rate, b, first);
        for (std::size_t i = 0; i < count; ++i) {
          const auto slope = slopes(x, constants_at(p, i), I[i], N::about.apical && a != nullptr ? a[i] : T(0), i);
          T most = 0;
          [&]<std::size_t... k>(std::index_sequence<k...>) {
            ((most = std::max(most, -member<k, Dual<S, D>>(slope).part[k].value)), ...);
          }
          (Places());
          to[i] = most;
        }
      });
    });
  }
};

} // namespace engram::neurons

#endif
