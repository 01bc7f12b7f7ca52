// The functions of neurons by equations, as the host calls those of a plugin (engram/dynamics.h).
#include "dynamics/equations/given.hpp"

namespace engram::dynamics::equations {

namespace {

template <class T> struct Functions {
  static engram_status prepare(const engram_population *all, std::size_t count, void *const *derived,
                               engram_message *message) {
    return guarded(message, [&] {
      engram_population once = *all; // the constants of `count` neurons, or of a block
      once.neurons = count;
      once.trials = 1;
      const Given<T> at{&once, 0};
      write_all<T>(programs_of(*all).prepare, once, at,
                   [&](std::size_t k, std::size_t, std::size_t first) { return static_cast<T *>(derived[k]) + first; });
    });
  }

  static engram_status derivative(const engram_population *all, const void *state, const void *soma, const void *apical,
                                  void *slope, engram_message *message) {
    return guarded(message, [&] {
      const auto &own = programs_of(*all);
      const Given<T> at{all, own.states, state, soma, apical};
      write_all<T>(own.derivative, *all, at,
                   [&](std::size_t k, std::size_t b, std::size_t first) { return column<T>(all, slope, k, b, first); });
    });
  }

  static engram_status derivative_vjp(const engram_population *all, const void *state, const void *soma,
                                      const void *apical, const void *dslope, void *dstate, void *dsoma, void *dapical,
                                      engram_message *message) {
    return guarded(message, [&] {
      const auto &own = programs_of(*all);
      Given<T> at{all, own.states, state, soma, apical};
      at.dstate = dslope;
      add_all<T>(own.derivative_vjp, *all, at, [&](std::size_t k, std::size_t b, std::size_t first) {
        if (k < own.states) return column<T>(all, dstate, k, b, first);
        return signal<T>(all, k == own.states ? dsoma : dapical, b, first);
      });
    });
  }

  static engram_status relaxation(const engram_population *all, const void *state, const void *soma, const void *apical,
                                  void *rate, engram_message *message) {
    return guarded(message, [&] {
      const auto &own = programs_of(*all);
      const Given<T> at{all, own.states, state, soma, apical};
      write_all<T>(own.relaxation, *all, at,
                   [&](std::size_t, std::size_t b, std::size_t first) { return signal<T>(all, rate, b, first); });
    });
  }

  static engram_status readout(const engram_population *all, const void *state, void *rate, void *potential, void *gain,
                               engram_message *message) {
    return guarded(message, [&] {
      const auto &own = programs_of(*all);
      const Given<T> at{all, own.states, state};
      write_all<T>(own.readout, *all, at, [&](std::size_t k, std::size_t b, std::size_t first) {
        return signal<T>(all, k == 0 ? rate : k == 1 ? potential : gain, b, first);
      });
    });
  }

  static engram_status readout_vjp(const engram_population *all, const void *state, const void *drate,
                                   const void *dpotential, const void *dgain, void *dstate, engram_message *message) {
    return guarded(message, [&] {
      const auto &own = programs_of(*all);
      Given<T> at{all, own.states, state};
      at.drate = drate;
      at.dpotential = dpotential;
      at.dgain = dgain;
      add_all<T>(own.readout_vjp, *all, at,
                 [&](std::size_t k, std::size_t b, std::size_t first) { return column<T>(all, dstate, k, b, first); });
    });
  }
};

} // namespace

template <class T> engram_neuron_callbacks callbacks_of(const Definition &definition) {
  using All = Functions<T>;
  engram_neuron_callbacks calls{};
  calls.prepare = All::prepare;
  calls.derivative = All::derivative;
  calls.derivative_vjp = All::derivative_vjp;
  calls.relaxation = All::relaxation;
  if (definition.spikes()) {
    add_spiking<T>(calls);
  } else if (!definition.activation) {
    calls.readout = All::readout;
    calls.readout_vjp = All::readout_vjp;
  }
  if (definition.settles) add_settling<T>(calls);
  return calls;
}

template engram_neuron_callbacks callbacks_of<float>(const Definition &);
template engram_neuron_callbacks callbacks_of<double>(const Definition &);

} // namespace engram::dynamics::equations
