// Populations of neurons that spike: their derivative within a step, and who spikes at its end.
#ifndef ENGRAM_NEURON_SPIKING_HPP
#define ENGRAM_NEURON_SPIKING_HPP

#include <engram/neuron/slopes.hpp>
#include <engram/neuron/who_spikes.hpp>

#include <cstdint>

namespace engram::neurons {

template <class N, class T> struct Spiking : Slopes<N, T> {
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

  static constexpr bool spikes = requires(const State<S> &x, const Constants &p) { N::threshold(x, p); };
  static constexpr bool resets = requires(State<S> & x, const Constants &p) { N::reset(x, p); };

  /// A neuron that has reached its threshold within a step is taken to be there to its end.
  ENGRAM_WHOLE static engram_status spiking_derivative(const engram_population *all, const void *state,
                                                       const engram_spiking_input *in, void *slope,
                                                       engram_message *message) {
    return guarded(message, [&] {
      blocks(*all, [&](std::size_t b, std::size_t first, std::size_t count) {
        const auto x = columns(*all, state, b, first);
        const auto p = constants(*all, first);
        const auto to = columns(*all, slope, b, first);
        const T *drive = signal(*all, in->drive, b, first), *open = signal(*all, in->conductance, b, first),
                *held = signal(*all, in->held, b, first), *a = signal(*all, in->apical, b, first);
        T *passed = signal(*all, in->passed, b, first);
        const T beyond = static_cast<T>(in->beyond);
        Slopes<N, T>::where_apical(a, [&](auto there) {
          ENGRAM_EACH_NEURON
          for (std::size_t i = 0; i < count; ++i) {
            const Constants own = constants_at(p, i);
            State<S> now = at(x, i);
            S &v = member<0, S>(now);
            T factor = 1;
            if constexpr (resets) {
              const T top = S(N::threshold(now, own)).value;
              const T over = v.value >= top ? T(1) : passed[i];
              passed[i] = over;
              v = S(over != T(0) ? top : v.value);
              factor = over != T(0) ? beyond : T(1);
            }
            const Currents<S> current{S(drive[i] - open[i] * v.value), there() ? S(a[i]) : S(0)};
            State<S> out{};
            N::derivative(now, own, current, out);
            S &dv = member<0, S>(out);
            dv = S(held[i] != T(0) ? T(0) : factor * dv.value);
            store(out, to, i);
          }
        });
      });
    });
  }

  static engram_status spiking_relaxation(const engram_population *all, const void *state, const void *drive,
                                          const void *conductance, void *rate, engram_message *message) {
    return guarded(message, [&] {
      blocks(*all, [&](std::size_t b, std::size_t first, std::size_t count) {
        using X = Dual<S, K>;
        const auto x = columns(*all, state, b, first);
        const auto p = constants(*all, first);
        const T *I = signal(*all, drive, b, first), *open = signal(*all, conductance, b, first);
        T *to = signal(*all, rate, b, first);
        for (std::size_t i = 0; i < count; ++i) {
          const auto now = A::template seeded<K>(x, i);
          const Currents<X> in{S(I[i]) - S(open[i]) * member<0, X>(now), X(0)};
          State<X> slope{};
          N::derivative(now, constants_at(p, i), in, slope);
          T most = 0;
          [&]<std::size_t... k>(std::index_sequence<k...>) {
            ((most = std::max(most, -member<k, X>(slope).part[k].value)), ...);
          }
          (Places());
          to[i] = most;
        }
      });
    });
  }

  ENGRAM_WHOLE static engram_status fire(const engram_population *all, void *state, const engram_spiking_step *step,
                                         std::uint32_t *spiked, std::size_t *counts, engram_message *message) {
    return guarded(message, [&] {
      for (std::size_t b = 0; b < all->trials; ++b) counts[b] = 0;
      blocks(*all, [&](std::size_t b, std::size_t first, std::size_t count) {
        const auto x = columns(*all, static_cast<const void *>(state), b, first);
        const auto to = columns(*all, state, b, first);
        const auto p = constants(*all, first);
        const AtTheEnd<T> end{resets, x[0], signal(*all, step->held, b, first), signal(*all, step->before, b, first),
                              signal(*all, resets ? step->passed : step->highest, b, first)};
        const auto top = [&](std::size_t i) -> T { return S(N::threshold(at(x, i), constants_at(p, i))).value; };
        each_that_spikes<T>(end, count, top, [&](std::size_t i) {
          spiked[b * all->neurons + counts[b]++] = static_cast<std::uint32_t>(first + i);
          if constexpr (resets) {
            State<S> now = at(x, i);
            N::reset(now, constants_at(p, i));
            store(now, to, i);
          }
        });
      });
    });
  }
};

} // namespace engram::neurons

#endif
