#include "dynamics/noise_entry.hpp"

#include "error/error.hpp"

#include <algorithm>

namespace engram::dynamics {

namespace {

const NoiseEntry &noise_named(const std::string &name) {
  const auto &entries = noise_entries();
  const auto found =
      std::find_if(entries.begin(), entries.end(), [&](const auto &one) { return one.words.name == name; });
  if (found == entries.end()) throw Broken("no noise is made for the type '" + name + "'");
  return *found;
}

} // namespace

template <class T>
std::unique_ptr<NoiseProcess<T>> noise_of(const model::Region &region, std::uint64_t seed, double step_ms) {
  const MakeNoise<T> make = noise_named(region.noise.type).make.of<T>();
  return make ? make(region, seed, step_ms) : nullptr;
}

template std::unique_ptr<NoiseProcess<float>> noise_of(const model::Region &, std::uint64_t, double);
template std::unique_ptr<NoiseProcess<double>> noise_of(const model::Region &, std::uint64_t, double);

} // namespace engram::dynamics
