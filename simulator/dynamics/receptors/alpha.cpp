// A spike that arrives adds a current that rises and falls.
#include "dynamics/receptor_entry.hpp"

#include <utility>

namespace engram::dynamics {

ReceptorEntry alpha_receptor() {
  auto words = receptor_words(
      "alpha", "a current that rises and falls, with its peak of weight (pA) at tau: w t / tau exp(1 - t / tau)",
      {receptor_tau()}, true);
  return {.words = std::move(words), .place = 30, .kinetics = Kinetics::alpha};
}

} // namespace engram::dynamics
