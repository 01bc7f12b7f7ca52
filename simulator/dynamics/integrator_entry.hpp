// An entry is all that the simulator knows of one integrator: its words, its coefficients, and how it is made.
#pragma once

#include "dynamics/stepper.hpp"
#include "model/vocabulary.hpp"
#include "numeric/in_both.hpp"

#include <memory>
#include <vector>

namespace engram::dynamics {

/// Makes a stepper with the parameters of a model file.
template <class T> using MakeStepper = std::unique_ptr<Stepper<T>> (*)(const model::Typed &entry);

/// One integrator. integrators/NAME.cpp defines `IntegratorEntry NAME_integrator()`, and CMake makes the list of these
/// files.
struct IntegratorEntry {
  /// With `stable_to`: where |R(−x)| = 1, with R the method's stability function (Hairer & Wanner 1996, section IV.2).
  model::Named words;
  int place = 1000;         ///< lists show entries by place, and those of one place by name
  Tableau tableau{};        ///< of one that chooses its substeps: that of each substep
  bool exponential = false; ///< it moves linear neurons by their propagator, and knows no others; its tableau stands
                            ///< for one stage at the step's beginning
  numeric::InBoth<MakeStepper> make{};
};

/// Those that engram comes with.
const std::vector<IntegratorEntry> &integrator_entries();

/// Of an integrator by name: `exponential` above. False of "".
bool is_exponential(const std::string &integrator);

} // namespace engram::dynamics
