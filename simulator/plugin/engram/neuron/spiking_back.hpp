// The way back through neurons that spike: through the derivative within a step, and through spikes and resets by a
// surrogate slope (Neftci, Mostafa & Zenke 2019, IEEE Signal Process Mag 36:51).
#ifndef ENGRAM_NEURON_SPIKING_BACK_HPP
#define ENGRAM_NEURON_SPIKING_BACK_HPP

#include <engram/neuron/spiking.hpp>

namespace engram::neurons {

template <class N, class T> struct SpikingBack : Spiking<N, T> {
  using A = Arrays<N, T>;
  using typename A::Constants;
  using typename A::Places;
  using typename A::S;
  template <class V> using State = typename A::template State<V>;
  using A::blocks;
  using A::columns;
  using A::constants;
  using A::constants_at;
  using A::signal;
  using Spiking<N, T>::resets;
  static constexpr std::size_t K = A::K, D = A::D;

  static engram_status beyond(const engram_population *all, const void *state, void *by, engram_message *message) {
    return guarded(message, [&] {
      blocks(*all, [&](std::size_t b, std::size_t first, std::size_t count) {
        const auto x = columns(*all, state, b, first);
        const auto p = constants(*all, first);
        T *to = signal(*all, by, b, first);
        ENGRAM_EACH_NEURON
        for (std::size_t i = 0; i < count; ++i)
          to[i] = x[0][i] - S(N::threshold(A::at(x, i), constants_at(p, i))).value;
      });
    });
  }

  // A neuron that has passed its threshold is taken to be there, wherever its potential is.
  ENGRAM_WHOLE static engram_status spiking_derivative_vjp(const engram_population *all, const void *state,
                                                           const engram_spiking_input *in, const void *dslope,
                                                           void *dstate, const engram_spiking_cotangents *d,
                                                           engram_message *message) {
    return guarded(message, [&] {
      blocks(*all, [&](std::size_t b, std::size_t first, std::size_t count) {
        using X = Dual<S, D>; // by the states, and by the currents
        const auto x = columns(*all, state, b, first), from = columns(*all, dslope, b, first);
        const auto p = constants(*all, first);
        const auto to = columns(*all, dstate, b, first);
        const T *drive = signal(*all, in->drive, b, first), *open = signal(*all, in->conductance, b, first),
                *held = signal(*all, in->held, b, first), *a = signal(*all, in->apical, b, first),
                *passed = signal(*all, static_cast<const void *>(in->passed), b, first);
        T *ddrive = signal(*all, d->drive, b, first), *dopen = signal(*all, d->conductance, b, first),
          *da = signal(*all, d->apical, b, first);
        const T beyond = static_cast<T>(in->beyond);
        Slopes<N, T>::where_apical(a, [&](auto there) {
          ENGRAM_EACH_NEURON
          for (std::size_t i = 0; i < count; ++i) {
            const Constants own = constants_at(p, i);
            State<X> now = A::template seeded<D>(x, i);
            X &v = member<0, X>(now);
            T factor = held[i] != T(0) ? T(0) : T(1);
            if constexpr (resets) {
              v = select(passed[i] != T(0), X(N::threshold(now, own)), v);
              factor *= passed[i] != T(0) ? beyond : T(1);
            }
            const X apical = there() ? seed<S, D>(S(a[i]), K + 1) : X(0);
            const Currents<X> current{seed<S, D>(S(drive[i]), K) - S(open[i]) * v, apical};
            State<X> slope{};
            N::derivative(now, own, current, slope);
            // Σ_k dL/d(slope k) · d(slope k)/d(number `by`)
            const auto sum = [&](std::size_t by) {
              return [&]<std::size_t... k>(std::index_sequence<k...>) {
                return (... + ((k == 0 ? factor * from[k][i] : from[k][i]) * member<k, X>(slope).part[by].value));
              }
              (Places());
            };
            [&]<std::size_t... k>(std::index_sequence<k...>) { ((to[k][i] += sum(k)), ...); }
            (Places());
            const T dcurrent = sum(K);
            ddrive[i] += dcurrent;
            dopen[i] -= dcurrent * v.value.value;
            if constexpr (there()) da[i] += sum(K + 1);
          }
        });
      });
    });
  }

  // With z the spike, ψ its slope and R the reset: x⁺ = x + z (R(x) − x), dz/dx = ψ d(v − threshold)/dx.
  static engram_status fire_vjp(const engram_population *all, const void *state, const engram_spike_cotangents *d,
                                void *dstate, engram_message *message) {
    return guarded(message, [&] {
      blocks(*all, [&](std::size_t b, std::size_t first, std::size_t count) {
        using X = Dual<S, K>;
        const auto x = columns(*all, state, b, first);
        const auto p = constants(*all, first);
        const auto to = columns(*all, dstate, b, first);
        const T *spiked = signal(*all, d->spiked, b, first), *slope = signal(*all, d->slope, b, first),
                *dspike = signal(*all, d->dspike, b, first);
        const T through = d->through_reset != 0 ? T(1) : T(0);
        for (std::size_t i = 0; i < count; ++i) {
          const Constants own = constants_at(p, i);
          const State<X> now = A::template seeded<K>(x, i);
          const X top(N::threshold(now, own));
          std::array<T, K> back;
          for (std::size_t k = 0; k < K; ++k) back[k] = to[k][i];
          T dz = dspike[i];
          if constexpr (resets) {
            State<X> after = now;
            N::reset(after, own);
            std::array<T, K> kept{};
            [&]<std::size_t... k>(std::index_sequence<k...>) {
              (([&] {
                 const X &one = member<k, X>(after);
                 dz += (k == 0 ? through : T(1)) * back[k] * (one.value.value - x[k][i]);
                 for (std::size_t j = 0; j < K; ++j) kept[j] += back[k] * one.part[j].value;
               }()),
               ...);
            }
            (Places());
            if (spiked[i] != T(0)) back = kept;
          }
          for (std::size_t j = 0; j < K; ++j)
            to[j][i] = back[j] + slope[i] * dz * ((j == 0 ? T(1) : T(0)) - top.part[j].value);
        }
      });
    });
  }
};

} // namespace engram::neurons

#endif
