// compile() makes neurons of a definition: a table as a plugin has one, and the programs that its functions run.
#pragma once

#include "dynamics/equations/definition.hpp"
#include "dynamics/equations/program.hpp"
#include "dynamics/host_table.hpp"

#include <memory>
#include <string>
#include <vector>

namespace engram::dynamics::equations {

/// What the functions of the table run. K states; outputs in this order.
struct Programs {
  static constexpr std::size_t nowhere = static_cast<std::size_t>(-1);
  std::size_t states = 0; ///< K
  std::vector<double> initial;
  std::vector<std::size_t> from; ///< by state: the parameter that it begins at; `nowhere`: at `initial`
  Program prepare;               ///< the derived constants
  Program derivative;            ///< K slopes
  Program derivative_vjp;        ///< of cotangents of the slopes: those of K states, of soma and apical
  Program relaxation;            ///< −d(slope of k)/d(state k) of the fastest
  Program readout;               ///< rate, potential, gain
  Program readout_vjp;           ///< of cotangents of the three: those of K states
  Program jacobian;              ///< K rows of K + 1: d(slope of k)/d(state j), then the slope
  Program by_soma;               ///< K: d(slope of k)/d(soma)
  Program spiking;               ///< K slopes within a step, and `passed`
  Program spiking_vjp;           ///< of cotangents of these slopes: those of K states, drive, conductance, apical
  Program threshold, reset;      ///< 1; K states after a spike
  Program beyond;                ///< the potential less the threshold
  Program fire_vjp;              ///< of cotangents of K states after spikes: those of K states before them
  bool resets = false;
};

/// The neurons of a definition. The table points into what stands beside it: it is neither moved nor copied.
struct Compiled {
  Compiled() = default;
  Compiled(const Compiled &) = delete;
  Compiled &operator=(const Compiled &) = delete;

  Definition definition;
  HostTable table;
  Programs programs;
  std::string summary;
  std::vector<engram_variable> states;
  std::vector<engram_parameter> constants;
};

std::shared_ptr<const Compiled> compile(Definition definition);

/// The functions of neurons, which find their Programs in Population::own.
template <class T> engram_neuron_callbacks callbacks_of(const Definition &definition);

} // namespace engram::dynamics::equations
