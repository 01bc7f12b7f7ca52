// The functions of neurons by equations that spike, and the way back through them.
#include "dynamics/equations/given.hpp"

#include <engram/neuron/who_spikes.hpp>

#include <array>
#include <cstdint>

namespace engram::dynamics::equations {

namespace {

template <class T> struct Spiking {
  static engram_status spiking_derivative(const engram_population *all, const void *state,
                                          const engram_spiking_input *in, void *slope, engram_message *message) {
    return guarded(message, [&] {
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
    return guarded(message, [&] {
      const auto &own = programs_of(*all);
      const Given<T> at{all, own.states, state};
      for (std::size_t b = 0; b < all->trials; ++b) counts[b] = 0;
      each_block<T>(*all, [&](std::size_t b, std::size_t first, std::size_t count) {
        const T *top = run_block<T>(own.threshold, scratch<T>(0), at, nowhere<T>, b, first, count)[0];
        const engram::neurons::AtTheEnd<T> end{own.resets, at.column(state, 0, b, first),
                                               at.signal(step->held, b, first), at.signal(step->before, b, first),
                                               at.signal(own.resets ? step->passed : step->highest, b, first)};
        const T *const *after = nullptr; // of this block, once a neuron of it spikes
        engram::neurons::each_that_spikes<T>(
            end, count, [&](std::size_t i) { return top[i]; },
            [&](std::size_t i) {
              spiked[b * all->neurons + counts[b]++] = static_cast<std::uint32_t>(first + i);
              if (own.resets && after == nullptr)
                after = run_block<T>(own.reset, scratch<T>(1), at, nowhere<T>, b, first, count);
            });
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
    return guarded(message, [&] {
      const auto &own = programs_of(*all);
      const Given<T> at{all, own.states, state};
      write_all<T>(own.beyond, *all, at,
                   [&](std::size_t, std::size_t b, std::size_t first) { return signal<T>(all, by, b, first); });
    });
  }

  static engram_status spiking_derivative_vjp(const engram_population *all, const void *state,
                                              const engram_spiking_input *in, const void *dslope, void *dstate,
                                              const engram_spiking_cotangents *d, engram_message *message) {
    return guarded(message, [&] {
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
    return guarded(message, [&] {
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
