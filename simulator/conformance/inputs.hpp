// draw() makes what a rule is given when it is tried: numbers that a circuit could give.
#pragma once

#include <engram/plugin.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace engram::conformance {

struct Sizes {
  std::size_t posts = 0, pres = 0, trials = 0;
};

/// What a rule is given over a few calls: of each call the signals that it declared.
template <class T> struct Inputs {
  Sizes sizes;
  struct Call {
    std::vector<std::vector<T>> pre, post; ///< by declared signal, N × B
    std::vector<std::vector<T>> modulators;
    /// N × B: how often the neuron spikes in the step; empty unless the rule is a spiking one or reads `spike`.
    std::vector<std::uint8_t> pre_spikes, post_spikes;
    double objective = 0;
    bool plastic = true;
    bool perturbed = true; ///< of a rule that perturbs: is anything added to the weights in this phase?
  };
  std::vector<Call> calls;
  std::vector<std::vector<T>> states; ///< by declared state, at the beginning
  std::vector<T> weights;             ///< N_post × N_pre
  std::vector<T> perturbation;        ///< N_post × N_pre, empty unless the rule perturbs
  std::vector<double> parameters;
};

/// Numbers that a circuit could give, drawn by the seed; parameters at their defaults. A spiking rule is given one
/// trial.
template <class T> Inputs<T> draw(const engram_rule &rule, Sizes sizes, std::uint64_t seed);

/// Makes the signals `spike` of a call what its spikes are.
template <class T> void show_spikes(const engram_rule &rule, typename Inputs<T>::Call &call);

/// How many rows and columns a state has.
struct StateShape {
  std::size_t rows = 0, columns = 0;
};
StateShape shape_of(const engram_state &state, Sizes sizes);

} // namespace engram::conformance
