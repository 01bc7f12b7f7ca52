// gaussian is a normal current that is drawn anew in each step.
#include "dynamics/normal_noise.hpp"
#include "dynamics/words.hpp"

namespace engram::dynamics {

namespace {

template <class T>
std::unique_ptr<NoiseProcess<T>> make_gaussian(const model::Region &region, std::uint64_t seed, double /*step_ms*/) {
  return std::make_unique<NormalNoise<T>>(region, seed, region.noise.number("sd"), 0, false);
}

} // namespace

NoiseEntry gaussian_noise() {
  return {.words = {.name = "gaussian",
                    .help = "a normal current, drawn anew for each neuron, trial and step",
                    .reference = "",
                    .parameters = {at_least_zero("sd", "", 0.1, "standard deviation")}},
          .place = 20,
          .make = {make_gaussian<float>, make_gaussian<double>}};
}

} // namespace engram::dynamics
