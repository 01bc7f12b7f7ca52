#include "numeric/random.hpp"

#include <Random123/philox.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace engram::numeric {

namespace {
// The odd 53-bit fraction keeps clear of 0 and 1.
double open_unit(std::uint32_t high, std::uint32_t low) {
  const std::uint64_t bits = (std::uint64_t{high} << 20) | (low >> 12);
  return (static_cast<double>(bits) + 0.5) * 0x1p-52;
}

// A first block turns (seed, what) into the key of the stream; the counter of the second is (outer, index).
philox4x32_key_t key_of(const Random &random) {
  const philox4x32_key_t seed_key{
      {static_cast<std::uint32_t>(random.seed), static_cast<std::uint32_t>(random.seed >> 32)}};
  const philox4x32_ctr_t what{{static_cast<std::uint32_t>(random.purpose), random.which, 0x656e6772u, 0x616d0000u}};
  const auto derived = philox4x32_R(10, what, seed_key);
  return {{derived.v[0], derived.v[1]}};
}

std::array<std::uint32_t, 4> block(const philox4x32_key_t &key, std::uint64_t index, std::uint64_t outer) {
  const philox4x32_ctr_t counter{{static_cast<std::uint32_t>(index), static_cast<std::uint32_t>(index >> 32),
                                  static_cast<std::uint32_t>(outer), static_cast<std::uint32_t>(outer >> 32)}};
  const auto out = philox4x32_R(10, counter, key);
  return {out.v[0], out.v[1], out.v[2], out.v[3]};
}
} // namespace

std::array<std::uint32_t, 4> Random::words(std::uint64_t index, std::uint64_t outer) const {
  return block(key_of(*this), index, outer);
}

void Random::integers(std::uint32_t *out, std::size_t count, std::uint64_t first, std::uint64_t outer) const {
  const auto key = key_of(*this);
  for (std::size_t k = 0; k < count; k += 4) {
    const auto w = block(key, (first + k) / 4, outer);
    std::copy_n(w.begin(), std::min<std::size_t>(4, count - k), out + k);
  }
}

double Random::uniform(std::uint64_t index, std::uint64_t outer) const {
  const auto w = words(index, outer);
  return open_unit(w[0], w[1]);
}

double Random::normal(std::uint64_t index, std::uint64_t outer) const {
  const auto w = words(index / 2, outer);
  const double radius = std::sqrt(-2 * std::log(open_unit(w[0], w[1])));
  const double angle = 2 * std::numbers::pi * open_unit(w[2], w[3]);
  return radius * (index % 2 == 0 ? std::cos(angle) : std::sin(angle));
}

template <class T> void Random::normals(T *out, std::size_t count, std::uint64_t outer) const {
  const auto key = key_of(*this);
  for (std::size_t k = 0; k < count; k += 2) {
    const auto w = block(key, k / 2, outer);
    const double radius = std::sqrt(-2 * std::log(open_unit(w[0], w[1])));
    const double angle = 2 * std::numbers::pi * open_unit(w[2], w[3]);
    out[k] = static_cast<T>(radius * std::cos(angle));
    if (k + 1 < count) out[k + 1] = static_cast<T>(radius * std::sin(angle));
  }
}
template void Random::normals(float *, std::size_t, std::uint64_t) const;
template void Random::normals(double *, std::size_t, std::uint64_t) const;

std::uint32_t name_key(std::string_view name) {
  std::uint32_t hash = 2166136261u;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
  return hash;
}

std::vector<std::size_t> permutation(const Random &random, std::size_t count, std::uint64_t outer) {
  std::vector<std::size_t> order(count);
  for (std::size_t k = 0; k < count; ++k) order[k] = k;
  for (std::size_t k = count; k > 1; --k) {
    const auto other = static_cast<std::size_t>(random.uniform(k, outer) * static_cast<double>(k));
    std::swap(order[k - 1], order[other]);
  }
  return order;
}

} // namespace engram::numeric
