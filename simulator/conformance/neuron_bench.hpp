// A NeuronBench calls the functions of a dynamics' table on arrays of its own.
#pragma once

#include "conformance/child.hpp"
#include "dynamics/host_table.hpp"

#include <engram/dynamics.h>

#include <cstddef>
#include <random>
#include <string>
#include <vector>

namespace engram::conformance {

/// N neurons, B trials, and what is handed to the functions: states N K × B, currents N × B.
template <class T> struct NeuronInput {
  std::size_t neurons = 0, trials = 0;
  std::vector<std::vector<T>> parameters; ///< by parameter: N values
  std::vector<T> state, soma, apical;
};

/// What each function gives, of one input and one draw of cotangents. Empty where the table has no such function.
template <class T> struct NeuronOutput {
  std::vector<T> begin, slope, rate, potential, gain, steady;
  std::vector<T> dstate, dsoma, dapical; ///< of derivative_vjp
  std::vector<T> dstate_by_readout;      ///< of readout_vjp
  std::vector<T> relaxation;
  std::vector<T> spiking_slope, after, spikes; ///< of neurons that spike: after fire(), and who did (0 or 1)
  // Where their spikes have slopes: of beyond, spiking_derivative_vjp and fire_vjp.
  std::vector<T> beyond, dspiking, ddrive, dconductance, dspiking_apical, dfire;
  /// All of them with their names, for comparisons.
  std::vector<std::pair<const char *, const std::vector<T> *>> all() const;
};

/// Draws states about where a trial begins, and currents; parameters are the table's defaults. The same seed gives the
/// same numbers.
template <class T>
NeuronInput<T> draw_neurons(const engram_dynamics &table, std::size_t neurons, std::size_t trials, unsigned seed);

/// Numbers to multiply with: as many as there are states. The same in each call.
template <class T> std::vector<T> cotangents_of(const NeuronInput<T> &in);

/// The first states of N K × B values: N × B.
template <class T> std::vector<T> firsts_of(const std::vector<T> &values, std::size_t neurons, std::size_t states);

template <class T> class NeuronBench {
public:
  /// Errors: Failure where the derived constants cannot be made.
  NeuronBench(const engram_dynamics &table, const NeuronInput<T> &in);
  NeuronBench(const NeuronBench &) = delete;
  NeuronBench &operator=(const NeuronBench &) = delete;

  /// The states of one trial as it begins.
  std::vector<T> begin() const;
  std::vector<T> slope(const std::vector<T> &state, const std::vector<T> &soma, const std::vector<T> &apical) const;
  /// The rates at which the fastest states relax, N × B.
  std::vector<T> relaxation(const std::vector<T> &state, const std::vector<T> &soma,
                            const std::vector<T> &apical) const;
  /// All functions. `cotangents`: of the states, N K × B; those of the first states serve for signals too.
  NeuronOutput<T> all(const std::vector<T> &cotangents) const;
  /// Errors of all: Failure with what the plugin says.
  const engram_neuron_callbacks &calls() const { return calls_; }
  dynamics::Population population(std::size_t trials) const;
  template <class Callback, class... Words> void call(Callback callback, Words... words) const {
    char text[ENGRAM_MESSAGE_SIZE + 1] = "";
    engram_message message{text, ENGRAM_MESSAGE_SIZE};
    if (callback(words..., &message) != ENGRAM_OK) throw Failure{std::string("reports: ") + text, true};
  }

private:
  const engram_dynamics &table_;
  const engram_neuron_callbacks &calls_;
  NeuronInput<T> in_;
  std::vector<std::vector<T>> constants_;
  std::vector<const void *> places_;
  std::vector<std::uint32_t> per_neuron_;
};

} // namespace engram::conformance
