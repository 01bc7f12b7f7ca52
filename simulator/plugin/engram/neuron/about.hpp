// What a dynamics says of itself, its states and its parameters; and the currents that its derivative is given.
#ifndef ENGRAM_NEURON_ABOUT_HPP
#define ENGRAM_NEURON_ABOUT_HPP

#include <engram/dynamics.h>
#include <engram/shared.hpp>

namespace engram {

/// The description that a dynamics gives of itself.
struct Neuron {
  const char *name;
  const char *summary;
  const char *reference;
  const char *integrator = "runge_kutta4"; ///< that moves the states unless a model names one
  const char *activation = nullptr;        ///< see engram/dynamics.hpp
  bool apical = false;                     ///< the derivative reads in.apical
  bool settles = false;                    ///< every constant current leads to one state
  // Of neurons that spike:
  const char *refractory = nullptr; ///< the parameter that is their refractory time
  bool linear = false;              ///< (of rates too) slopes are linear in states and currents: steps can be exact
  double surrogate_gain = 0.3;      ///< 1/mV: slope of a spike at the threshold, unless a model sets it
  double surrogate_width = 20;      ///< mV: the distance from the threshold over which that slope falls
};

/// A state that begins at a number, or at the value of a parameter.
constexpr engram_variable state(const char *name, const char *unit, double initial, const char *help) {
  return {name, unit, initial, nullptr, help};
}
constexpr engram_variable state_at(const char *name, const char *unit, const char *parameter, const char *help) {
  return {name, unit, 0, parameter, help};
}
/// The currents into a neuron; noise is part of that into the soma.
template <class T> struct Currents { T soma, apical; };

} // namespace engram

#endif
