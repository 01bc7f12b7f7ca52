// alternating is a current that changes its sign at each step, and no random number.
#include "dynamics/noise_entry.hpp"
#include "dynamics/words.hpp"

namespace engram::dynamics {

namespace {

template <class T> class Alternating final : public NoiseProcess<T> {
public:
  explicit Alternating(double amplitude) : amplitude_(static_cast<T>(amplitude)) {}
  void move(const NoiseStep &at, numeric::Matrix<T> &noise) override {
    noise.fill(at.step % 2 == 0 ? amplitude_ : -amplitude_);
  }

private:
  T amplitude_;
};

template <class T>
std::unique_ptr<NoiseProcess<T>> make_alternating(const model::Region &region, std::uint64_t /*seed*/,
                                                  double /*step_ms*/) {
  return std::make_unique<Alternating<T>>(region.noise.number("amplitude"));
}

} // namespace

NoiseEntry alternating_noise() {
  return {.words = {.name = "alternating",
                    .help = "a current that changes its sign at each step",
                    .reference = "written for the tests",
                    .parameters = {number("amplitude", "", 1, "the current in the first step")}},
          .make = {make_alternating<float>, make_alternating<double>}};
}

} // namespace engram::dynamics
