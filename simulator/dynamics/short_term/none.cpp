// none stands for synapses without short-term plasticity.
#include "dynamics/short_term_entry.hpp"

namespace engram::dynamics {

ShortTermEntry none_short_term() {
  return {.words = {.name = "none",
                    .help = "a synapse's weight does not depend on its use",
                    .reference = "",
                    .parameters = {},
                    .is_default = true,
                    .is_none = true},
          .place = 10};
}

} // namespace engram::dynamics
