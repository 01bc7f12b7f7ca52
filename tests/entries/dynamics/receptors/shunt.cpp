// shunt is a conductance that decays.
#include "dynamics/receptor_entry.hpp"

#include <utility>

namespace engram::dynamics {

ReceptorEntry shunt_receptor() {
  auto words = receptor_words("shunt", "a conductance of weight (nS) that decays, written for the tests",
                              {receptor_tau(), receptor_reversal()}, true);
  words.conductance = true;
  return {.words = std::move(words), .kinetics = Kinetics::exponential};
}

} // namespace engram::dynamics
