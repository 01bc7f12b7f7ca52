// pulses are currents at random times.
#include "dynamics/noise_entry.hpp"
#include "dynamics/words.hpp"
#include "numeric/random.hpp"

namespace engram::dynamics {

namespace {

template <class T> class Pulses final : public NoiseProcess<T> {
public:
  Pulses(const model::Region &region, std::uint64_t seed, double step_ms)
      : random_{seed, numeric::Purpose::noise, numeric::name_key(region.name)},
        chance_(region.noise.number("rate") * step_ms / 1000), amplitude_(region.noise.number("amplitude")) {}
  void move(const NoiseStep &at, numeric::Matrix<T> &noise) override {
    for (std::size_t b = 0; b < noise.n_cols; ++b) {
      const std::uint64_t draw = at.draw(b);
      for (std::size_t i = 0; i < noise.n_rows; ++i) { // one number says whether, the other how large
        const bool pulse = random_.uniform(2 * i, draw) < chance_;
        noise(i, b) = pulse ? static_cast<T>(amplitude_ * (2 * random_.uniform(2 * i + 1, draw) - 1)) : T(0);
      }
    }
  }

private:
  numeric::Random random_;
  double chance_, amplitude_; // of a pulse in a step; its largest current
};

template <class T>
std::unique_ptr<NoiseProcess<T>> make_pulses(const model::Region &region, std::uint64_t seed, double step_ms) {
  return std::make_unique<Pulses<T>>(region, seed, step_ms);
}

} // namespace

NoiseEntry pulses_noise() {
  return {.words = {.name = "pulses",
                    .help = "a current for one step, at random times, uniform between -amplitude and amplitude",
                    .reference = "Miconi 2017, eLife 6:e20899, Methods",
                    .parameters = {events(at_least_zero("rate", "Hz", 3,
                                                        "how often, in each neuron: one pulse in a step at most"),
                                          1),
                                   at_least_zero("amplitude", "", 16, "largest current of a pulse")}},
          .place = 40,
          .make = {make_pulses<float>, make_pulses<double>}};
}

} // namespace engram::dynamics
