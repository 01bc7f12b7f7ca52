// This is a test bench: it calls a local rule as the host would, on a projection outside any circuit, with every array
// in guarded memory.
#pragma once

#include <engram/plugin.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace engram::conformance {

inline constexpr double bench_step = 1; ///< of the simulation, ms

struct Sizes {
  std::size_t posts = 0, pres = 0, trials = 0;
};

/// The inputs of a rule over a few calls: for each call the signals that it declared.
template <class T> struct Inputs {
  Sizes sizes;
  struct Call {
    std::vector<std::vector<T>> pre, post; ///< by declared signal, N × B
    std::vector<std::vector<T>> modulators;
    std::vector<std::uint8_t> pre_spikes, post_spikes; ///< of a spiking rule, by neuron: does it spike?
    double objective = 0;
    bool plastic = true;
  };
  std::vector<Call> calls;
  std::vector<std::vector<T>> states; ///< by declared state, at the beginning
  std::vector<T> weights;             ///< N_post × N_pre
  std::vector<T> perturbation;        ///< N_post × N_pre, empty unless the rule perturbs
  std::vector<double> parameters;
};

/// The results that a rule computes from such inputs.
template <class T> struct Result {
  std::vector<T> change;              ///< N_post × N_pre, sum over trials and calls
  std::vector<std::vector<T>> states; ///< at the end
  bool operator==(const Result &) const = default;
};

/// Numbers that a circuit could give, drawn by the seed; parameters at their defaults. A spiking rule is given one
/// trial.
template <class T> Inputs<T> draw(const engram_rule &rule, Sizes sizes, std::uint64_t seed);

/// Guarded memory finds every stray access, and takes many calls of the system.
enum class Memory { guarded, plain };

/// Calls the rule. Errors: Failure. `seconds` receives the time spent in its callbacks; `around` is called before and
/// after each.
template <class T>
Result<T> call(const engram_rule &rule, const Inputs<T> &inputs, Memory memory = Memory::plain,
               double *seconds = nullptr, const std::function<void()> &around = {});

/// The rows and columns of a state. A state by synapse and trial has the columns of all trials side by side.
struct StateShape {
  std::size_t rows = 0, columns = 0;
};
StateShape shape_of(const engram_state &state, Sizes sizes);

} // namespace engram::conformance
