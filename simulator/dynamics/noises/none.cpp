// none stands for a region without noise.
#include "dynamics/noise_entry.hpp"

namespace engram::dynamics {

NoiseEntry none_noise() {
  return {
      .words =
          {.name = "none", .help = "no noise", .reference = "", .parameters = {}, .is_default = true, .is_none = true},
      .place = 10};
}

} // namespace engram::dynamics
