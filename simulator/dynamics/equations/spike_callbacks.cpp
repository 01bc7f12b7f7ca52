// The functions of neurons by equations that spike, and the way back through them.
#include "dynamics/equations/given.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <type_traits>
#include <vector>

namespace engram::dynamics::equations {

namespace {

/// Truth, as wide as T: one vector holds both.
template <class T> using Mask = std::conditional_t<sizeof(T) == 8, std::uint64_t, std::uint32_t>;
constexpr std::size_t group = 64; // neurons that are asked together whether one of them spikes

template <class T> struct Spiking {
  static engram_status spiking_derivative(const engram_population *all, const void *state,
                                          const engram_spiking_input *in, void *slope, engram_message *message) {
    return told(message, [&] {
      const auto &own = programs_of(*all);
      Given<T> at{all, own.states, state, nullptr, in->apical};
      at.spiking = in;
      const auto slopes = [&](std::size_t k, std::size_t b, std::size_t first) {
        return k < own.states ? column<T>(all, slope, k, b, first) : nullptr;
      };
      write_all<T>(
          own.spiking, *all, at,
          [&](std::size_t k, std::size_t b, std::size_t first) {
            return k < own.states ? slopes(k, b, first) : signal<T>(all, in->passed, b, first);
          },
          slopes);
    });
  }

  static engram_status fire(const engram_population *all, void *state, const engram_spiking_step *step,
                            std::uint32_t *spiked, std::size_t *counts, engram_message *message) {
    return told(message, [&] {
      const auto &own = programs_of(*all);
      const bool resets = own.resets;
      static const std::vector<T> zeros(ENGRAM_BLOCK, T(0)),
          low(ENGRAM_BLOCK, -std::numeric_limits<T>::infinity()); // where the host gives none
      const Given<T> at{all, own.states, state};
      for (std::size_t b = 0; b < all->trials; ++b) counts[b] = 0;
      each_block<T>(*all, [&](std::size_t b, std::size_t first, std::size_t count) {
        const T *top = run_block<T>(own.threshold, scratch<T>(0), at, nowhere<T>, b, first, count)[0];
        const T *v = at.column(state, 0, b, first), *held = at.signal(step->held, b, first),
                *before = at.signal(step->before, b, first),
                *within = at.signal(resets ? step->passed : step->highest, b, first);
        if (within == nullptr) within = (resets ? zeros : low).data();
        const auto spikes_now = [&](std::size_t i) -> Mask<T> {
          const Mask<T> free = held[i] == T(0), over = v[i] >= top[i];
          if (resets) return free & (over | Mask<T>(within[i] != T(0)));
          return free & (over | Mask<T>(within[i] >= top[i])) & Mask<T>(!(before[i] >= top[i]));
        };
        const T *const *after = nullptr;                             // of this block, once a neuron of it spikes
        for (std::size_t begin = 0; begin < count; begin += group) { // few spike: vector code finds where one does
          const std::size_t end = std::min(count, begin + group);
          Mask<T> any = 0, unknown = 0;
          for (std::size_t i = begin; i < end; ++i) {
            any |= spikes_now(i);
            unknown |= Mask<T>(top[i] != top[i]);
          }
          if (unknown != 0) throw std::runtime_error("a threshold is not a number");
          for (std::size_t i = begin; any != 0 && i < end; ++i) {
            if (spikes_now(i) == 0) continue;
            spiked[b * all->neurons + counts[b]++] = static_cast<std::uint32_t>(first + i);
            if (resets && after == nullptr)
              after = run_block<T>(own.reset, scratch<T>(1), at, nowhere<T>, b, first, count);
          }
        }
        if (after == nullptr) return;
        for (std::size_t n = counts[b]; n-- > 0;) { // those of this block are the last
          const std::size_t neuron = spiked[b * all->neurons + n];
          if (neuron < first) break;
          std::array<T, ENGRAM_MAX_VARIABLES> values; // what is not reset is read where it stands
          for (std::size_t k = 0; k < own.states; ++k) values[k] = after[k][neuron - first];
          for (std::size_t k = 0; k < own.states; ++k) *column<T>(all, state, k, b, neuron) = values[k];
        }
      });
    });
  }

  static engram_status beyond(const engram_population *all, const void *state, void *by, engram_message *message) {
    return told(message, [&] {
      const auto &own = programs_of(*all);
      const Given<T> at{all, own.states, state};
      write_all<T>(own.beyond, *all, at,
                   [&](std::size_t, std::size_t b, std::size_t first) { return signal<T>(all, by, b, first); });
    });
  }

  static engram_status spiking_derivative_vjp(const engram_population *all, const void *state,
                                              const engram_spiking_input *in, const void *dslope, void *dstate,
                                              const engram_spiking_cotangents *d, engram_message *message) {
    return told(message, [&] {
      const auto &own = programs_of(*all);
      Given<T> at{all, own.states, state, nullptr, in->apical};
      at.spiking = in;
      at.dstate = dslope;
      void *const currents[] = {d->drive, d->conductance, d->apical};
      add_all<T>(own.spiking_vjp, *all, at, [&](std::size_t k, std::size_t b, std::size_t first) {
        if (k < own.states) return column<T>(all, dstate, k, b, first);
        return signal<T>(all, currents[k - own.states], b, first);
      });
    });
  }

  static engram_status fire_vjp(const engram_population *all, const void *state, const engram_spike_cotangents *d,
                                void *dstate, engram_message *message) {
    return told(message, [&] {
      const auto &own = programs_of(*all);
      Given<T> at{all, own.states, state};
      at.spikes = d;
      at.dstate = dstate;
      write_all<T>(
          own.fire_vjp, *all, at,
          [&](std::size_t k, std::size_t b, std::size_t first) { return column<T>(all, dstate, k, b, first); },
          nowhere<T>);
    });
  }
};

} // namespace

template <class T> void add_spiking(engram_neuron_callbacks &calls) {
  using All = Spiking<T>;
  calls.spiking_derivative = All::spiking_derivative;
  calls.fire = All::fire;
  calls.beyond = All::beyond;
  calls.spiking_derivative_vjp = All::spiking_derivative_vjp;
  calls.fire_vjp = All::fire_vjp;
}

template void add_spiking<float>(engram_neuron_callbacks &);
template void add_spiking<double>(engram_neuron_callbacks &);

} // namespace engram::dynamics::equations
