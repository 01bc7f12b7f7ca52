// A spike that arrives opens a conductance that rises and falls.
#include "dynamics/receptor_entry.hpp"

#include <utility>

namespace engram::dynamics {

ReceptorEntry conductance_alpha_receptor() {
  auto words = receptor_words("conductance_alpha",
                              "a conductance with its peak of weight (nS) at tau: w t / tau exp(1 - t / tau)",
                              {receptor_tau(), receptor_reversal()}, true);
  words.conductance = true;
  return {.words = std::move(words), .place = 50, .kinetics = Kinetics::alpha};
}

} // namespace engram::dynamics
