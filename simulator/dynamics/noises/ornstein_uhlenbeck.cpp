// ornstein_uhlenbeck is an exponentially correlated normal current.
#include "dynamics/normal_noise.hpp"
#include "dynamics/words.hpp"

#include <cmath>

namespace engram::dynamics {

namespace {

template <class T>
std::unique_ptr<NoiseProcess<T>> make_ornstein_uhlenbeck(const model::Region &region, std::uint64_t seed,
                                                         double step_ms) {
  const auto &noise = region.noise;
  const double decay = std::exp(-step_ms / noise.number("tau"));
  return std::make_unique<NormalNoise<T>>(region, seed, noise.number("sd"), decay, false);
}

} // namespace

NoiseEntry ornstein_uhlenbeck_noise() {
  return {.words = {.name = "ornstein_uhlenbeck",
                    .help = "an exponentially correlated normal current, moved exactly from step to step",
                    .reference = "Uhlenbeck & Ornstein 1930; Gillespie 1996, Phys Rev E 54:2084, eq. 3.1",
                    .parameters = {at_least_zero("sd", "", 0.1, "standard deviation at rest"),
                                   positive("tau", "ms", 5, "correlation time")}},
          .place = 50,
          .make = {make_ornstein_uhlenbeck<float>, make_ornstein_uhlenbeck<double>}};
}

} // namespace engram::dynamics
