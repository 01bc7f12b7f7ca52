#include "dynamics/noise_entry.hpp"

#include "input/entries.hpp"

namespace engram::dynamics {

namespace {

const NoiseEntry &noise_named(const std::string &name) { return input::entry_named(name, noise_entries(), "noise"); }

} // namespace

bool has_noise(const model::Region &region) { return !noise_named(region.noise.type).words.is_none; }

template <class T>
std::unique_ptr<NoiseProcess<T>> noise_of(const model::Region &region, std::uint64_t seed, double step_ms) {
  const MakeNoise<T> make = noise_named(region.noise.type).make.of<T>();
  return make ? make(region, seed, step_ms) : nullptr;
}

template std::unique_ptr<NoiseProcess<float>> noise_of(const model::Region &, std::uint64_t, double);
template std::unique_ptr<NoiseProcess<double>> noise_of(const model::Region &, std::uint64_t, double);

} // namespace engram::dynamics
