// kept_name() is how a state of a rule is called among all that learning keeps.
#pragma once

#include <engram/plugin.h>

#include <string>

namespace engram::learning {

/// "PLACE/NAME": a rule may have states of one name on several places.
inline std::string kept_name(const engram_state &state) {
  const char *place = state.place == ENGRAM_PRE         ? "pre/"
                      : state.place == ENGRAM_POST      ? "post/"
                      : state.place == ENGRAM_PRE_PAIRS ? "pre_pairs/"
                                                        : "synapse/";
  return std::string(place) + state.name;
}

} // namespace engram::learning
