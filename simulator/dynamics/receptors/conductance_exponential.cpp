// A spike that arrives opens a conductance that decays.
#include "dynamics/receptor_entry.hpp"

#include <utility>

namespace engram::dynamics {

ReceptorEntry conductance_exponential_receptor() {
  auto words = receptor_words("conductance_exponential", "a conductance of weight (nS) that decays: w exp(-t / tau)",
                              {receptor_tau(), receptor_reversal()}, true);
  words.conductance = true;
  return {.words = std::move(words), .place = 40, .kinetics = Kinetics::exponential};
}

} // namespace engram::dynamics
