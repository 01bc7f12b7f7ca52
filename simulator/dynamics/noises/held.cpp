// held is a normal current that is held throughout a phase.
#include "dynamics/normal_noise.hpp"
#include "dynamics/words.hpp"

namespace engram::dynamics {

namespace {

template <class T>
std::unique_ptr<NoiseProcess<T>> make_held(const model::Region &region, std::uint64_t seed, double /*step_ms*/) {
  return std::make_unique<NormalNoise<T>>(region, seed, region.noise.number("sd"), 0, true);
}

} // namespace

NoiseEntry held_noise() {
  return {.words = {.name = "held",
                    .help = "a normal current, drawn for each neuron, trial and phase, and held throughout the phase",
                    .reference = "",
                    .parameters = {at_least_zero("sd", "", 0.1, "standard deviation")}},
          .place = 30,
          .make = {make_held<float>, make_held<double>}};
}

} // namespace engram::dynamics
