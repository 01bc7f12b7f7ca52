// An entry is all that the simulator knows of one receptor: its words, and its kinetics.
#pragma once

#include "dynamics/receptors.hpp"
#include "model/vocabulary.hpp"

#include <string>
#include <vector>

namespace engram::dynamics {

/// One receptor. receptors/NAME.cpp defines `ReceptorEntry NAME_receptor()`, and CMake makes the list of these files.
struct ReceptorEntry {
  model::Named words;
  int place = 1000; ///< lists show entries by place, and those of one place by name
  Kinetics kinetics = Kinetics::exponential;
};

/// Those that engram comes with.
const std::vector<ReceptorEntry> &receptor_entries();

/// The words of a receptor: its own parameters, and those of the spikes from outside that every receptor may take.
/// `holds`: something may be there as a trial begins.
model::Named receptor_words(std::string name, std::string help, std::vector<model::Parameter> own, bool holds);
/// Time constant and, of a conductance, reversal potential.
model::Parameter receptor_tau();
model::Parameter receptor_reversal();

} // namespace engram::dynamics
