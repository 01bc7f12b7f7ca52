// A spike that arrives lets the potential jump.
#include "dynamics/receptor_entry.hpp"

#include <utility>

namespace engram::dynamics {

ReceptorEntry delta_receptor() {
  auto words = receptor_words("delta", "the potential jumps by the weight (mV)", {}, false);
  words.jump = true;
  return {.words = std::move(words), .place = 10, .kinetics = Kinetics::delta};
}

} // namespace engram::dynamics
