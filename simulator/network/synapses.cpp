#include "network/synapses.hpp"

#include "input/input_error.hpp"
#include "model/time_grid.hpp"
#include "network/draw.hpp"
#include "numeric/parallel.hpp"
#include "numeric/random.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

namespace engram::network {

std::uint32_t Connectivity::longest() const {
  std::uint32_t most = 0;
  for (const auto &lag : lags) most = std::max(most, lag.total());
  return most;
}

template <class T> Synapses<T> &Synapses<T>::operator=(const Synapses &other) {
  if (this == &other) return *this;
  joined = other.joined;
  incoming = other.incoming;
  plastic = other.plastic;
  same = other.same;
  weights = plastic && other.weights ? std::make_shared<std::vector<T>>(*other.weights) : other.weights;
  return *this;
}

namespace {

constexpr std::size_t block = 256; // presynaptic neurons in a tile of work

std::uint32_t in_steps(double ms, double step) {
  return static_cast<std::uint32_t>(model::steps_of(std::max(0.0, ms), step));
}

/// The lag of each synapse, where they differ.
struct Lags {
  const model::Projection &said;
  numeric::Random axon, dendrite;
  double step;
  bool differ() const {
    using Kind = model::Quantity::Kind;
    return said.axonal.kind != Kind::constant || said.dendritic.kind != Kind::constant;
  }
  /// Adds to `below_zero` where a part lies below 0 ms, and is taken for 0.
  Lag of(std::uint64_t index, std::size_t &below_zero) const {
    const double first = drawn(said.axonal, axon, index), second = drawn(said.dendritic, dendrite, index);
    below_zero += first < 0 || second < 0;
    return {in_steps(first, step), in_steps(second, step)};
  }
};

// Cuts each row into one for each lag. Returns how many synapses have a delay that was drawn below 0.
std::size_t split_by_lag(const Lags &lags, int threads, const std::vector<std::uint64_t> &begin, Connectivity &joined) {
  const std::size_t pres = joined.pres, tiles = (pres + block - 1) / block;
  std::vector<std::vector<Lag>> seen(tiles);
  std::vector<std::size_t> below_zero(tiles);
  std::vector<Lag> of(joined.target.size());
  numeric::for_tiles(threads, tiles, [&](std::size_t tile) {
    auto &found = seen[tile];
    std::size_t below = 0;
    for (std::size_t j = tile * block; j < std::min(pres, (tile + 1) * block); ++j)
      for (std::size_t k = begin[j]; k < begin[j + 1]; ++k) {
        of[k] = lags.of(std::uint64_t{j} * joined.posts + joined.target[k], below);
        found.push_back(of[k]);
      }
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    below_zero[tile] = below;
  });
  for (const auto &some : seen) joined.lags.insert(joined.lags.end(), some.begin(), some.end());
  std::sort(joined.lags.begin(), joined.lags.end());
  joined.lags.erase(std::unique(joined.lags.begin(), joined.lags.end()), joined.lags.end());
  if (joined.lags.empty()) joined.lags.push_back({});
  const std::size_t d = joined.lags.size();
  joined.offset.assign(pres * d + 1, 0);
  numeric::for_tiles(threads, tiles, [&](std::size_t tile) {
    std::vector<std::vector<std::uint32_t>> by_lag(d);
    for (std::size_t j = tile * block; j < std::min(pres, (tile + 1) * block); ++j) {
      for (std::size_t k = begin[j]; k < begin[j + 1]; ++k) {
        const auto place = std::lower_bound(joined.lags.begin(), joined.lags.end(), of[k]) - joined.lags.begin();
        by_lag[static_cast<std::size_t>(place)].push_back(joined.target[k]);
      }
      std::size_t at = begin[j];
      for (std::size_t l = 0; l < d; ++l) {
        joined.offset[j * d + l] = at;
        std::copy(by_lag[l].begin(), by_lag[l].end(), joined.target.begin() + static_cast<std::ptrdiff_t>(at));
        at += by_lag[l].size();
        by_lag[l].clear();
      }
    }
  });
  joined.offset[pres * d] = joined.target.size();
  return std::accumulate(below_zero.begin(), below_zero.end(), std::size_t{0});
}

} // namespace

std::string told_of_delays(std::size_t below_zero, std::size_t synapses) {
  if (below_zero == 0) return "";
  return std::to_string(below_zero) + " of " + std::to_string(synapses) +
         " delays that are drawn lie below 0 ms, and are taken for 0: draw them from a narrower or a uniform "
         "distribution";
}

Incoming incoming_of(const Connectivity &joined) {
  if (joined.size() > std::numeric_limits<std::uint32_t>::max())
    throw input::InputError("a projection that learns can have 2^32 synapses at most");
  Incoming in;
  const std::size_t d = joined.lags.size();
  const auto each = [&](auto &&visit) {
    for (std::size_t j = 0; j < joined.pres; ++j)
      for (std::size_t l = 0; l < d; ++l)
        for (std::size_t k = joined.first(j, l); k < joined.last(j, l); ++k) visit(joined.target[k] * d + l, j, k);
  };
  in.offset.assign(joined.posts * d + 1, 0);
  each([&](std::size_t row, std::size_t, std::size_t) { ++in.offset[row + 1]; });
  for (std::size_t row = 0; row < joined.posts * d; ++row) in.offset[row + 1] += in.offset[row];
  in.synapse.resize(joined.size());
  in.source.resize(joined.size());
  auto next = in.offset;
  each([&](std::size_t row, std::size_t j, std::size_t k) {
    const std::size_t at = next[row]++;
    in.synapse[at] = static_cast<std::uint32_t>(k);
    in.source[at] = static_cast<std::uint32_t>(j);
  });
  return in;
}

template <class T>
Synapses<T> make_synapses(const model::Projection &said, const Wiring &wiring, const std::vector<double> &given,
                          double step, int threads, std::size_t &below_zero) {
  const std::uint64_t seed = wiring.seed;
  const std::uint32_t key = wiring.key;
  const std::size_t posts = wiring.posts, pres = wiring.pres;
  auto joined = std::make_shared<Connectivity>();
  joined->posts = posts;
  joined->pres = pres;
  auto [begin, target] = wiring.rows(threads);
  joined->target = std::move(target);
  const Lags lags{said,
                  {seed, numeric::Purpose::delay, key},
                  {seed, numeric::Purpose::delay, numeric::name_key(said.name + ".dendritic")},
                  step};
  below_zero = 0;
  if (lags.differ()) {
    below_zero = split_by_lag(lags, threads, begin, *joined);
  } else {
    joined->lags = {lags.of(0, below_zero)};
    joined->offset = std::move(begin);
  }
  joined->target.shrink_to_fit();

  if (!given.empty() && given.size() != posts * pres)
    throw input::InputError("weights of '" + said.name + "' have " + std::to_string(given.size()) + " values, not " +
                            std::to_string(posts) + " × " + std::to_string(pres));
  Synapses<T> out;
  out.plastic = !said.rules.empty();
  out.same = !out.plastic && given.empty() && said.weights.kind == model::Weights::Kind::constant;
  out.weights = std::make_shared<std::vector<T>>(out.same ? 1 : joined->size());
  const numeric::Random random{seed, numeric::Purpose::weights, key};
  const double synapses = wiring.fan_in();
  const std::size_t d = joined->lags.size();
  const Listed *listed = said.weights.kind == model::Weights::Kind::listed ? wiring.listed() : nullptr;
  using Sign = model::Constraints::Sign;
  const auto constrained = [&](T w) {
    if (said.constraints.sign == Sign::excitatory) w = std::abs(w);
    if (said.constraints.sign == Sign::inhibitory) w = -std::abs(w);
    if (said.constraints.minimum) w = std::max(w, static_cast<T>(*said.constraints.minimum));
    if (said.constraints.maximum) w = std::min(w, static_cast<T>(*said.constraints.maximum));
    return w;
  };
  if (out.same) (*out.weights)[0] = constrained(static_cast<T>(said.weights.a));
  numeric::for_tiles(threads, out.same ? 0 : (pres + block - 1) / block, [&](std::size_t tile) {
    for (std::size_t j = tile * block; j < std::min(pres, (tile + 1) * block); ++j)
      for (std::size_t k = joined->offset[j * d]; k < joined->offset[(j + 1) * d]; ++k) {
        const std::size_t post = joined->target[k];
        const double w = listed          ? said.weights.a * listed->weight_of(post, j)
                         : given.empty() ? drawn(said.weights, synapses, random, wiring.weight_index(post, j))
                                         : given[post * pres + j];
        (*out.weights)[k] = constrained(static_cast<T>(w));
      }
  });
  if (out.plastic) out.incoming = std::make_shared<Incoming>(incoming_of(*joined));
  out.joined = std::move(joined);
  return out;
}

template struct Synapses<float>;
template struct Synapses<double>;
template Synapses<float> make_synapses(const model::Projection &, const Wiring &, const std::vector<double> &, double,
                                       int, std::size_t &);
template Synapses<double> make_synapses(const model::Projection &, const Wiring &, const std::vector<double> &, double,
                                        int, std::size_t &);

} // namespace engram::network
