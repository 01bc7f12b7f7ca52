// A spike that arrives adds a current that decays.
#include "dynamics/receptor_entry.hpp"

#include <utility>

namespace engram::dynamics {

ReceptorEntry exponential_receptor() {
  auto words =
      receptor_words("exponential", "a current of weight (pA) that decays: w exp(-t / tau)", {receptor_tau()}, true);
  return {.words = std::move(words), .place = 20, .kinetics = Kinetics::exponential};
}

} // namespace engram::dynamics
