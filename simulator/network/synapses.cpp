#include "network/synapses.hpp"

#include "error/error.hpp"
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
  connectivity = other.connectivity;
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
  const model::Projection &projection;
  numeric::Random axon, dendrite;
  double step;
  bool differ() const {
    using Kind = model::Quantity::Kind;
    return projection.axonal.kind != Kind::constant || projection.dendritic.kind != Kind::constant;
  }
  /// Adds to `below_zero` where a part lies below 0 ms, and is taken for 0.
  Lag of(std::uint64_t index, std::size_t &below_zero) const {
    const double first = drawn(projection.axonal, axon, index), second = drawn(projection.dendritic, dendrite, index);
    below_zero += first < 0 || second < 0;
    return {in_steps(first, step), in_steps(second, step)};
  }
};

// Cuts each row into one for each lag. Returns how many synapses have a delay that was drawn below 0.
std::size_t split_by_lag(const Lags &lags, int threads, const std::vector<std::uint64_t> &begin,
                         Connectivity &connectivity) {
  const std::size_t pres = connectivity.pres, tiles = (pres + block - 1) / block;
  std::vector<std::vector<Lag>> seen(tiles);
  std::vector<std::size_t> below_zero(tiles);
  std::vector<Lag> of(connectivity.target.size());
  numeric::for_tiles(threads, tiles, [&](std::size_t tile) {
    auto &found = seen[tile];
    std::size_t below = 0;
    for (std::size_t j = tile * block; j < std::min(pres, (tile + 1) * block); ++j)
      for (std::size_t k = begin[j]; k < begin[j + 1]; ++k) {
        of[k] = lags.of(std::uint64_t{j} * connectivity.posts + connectivity.target[k], below);
        found.push_back(of[k]);
      }
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    below_zero[tile] = below;
  });
  for (const auto &some : seen) connectivity.lags.insert(connectivity.lags.end(), some.begin(), some.end());
  std::sort(connectivity.lags.begin(), connectivity.lags.end());
  connectivity.lags.erase(std::unique(connectivity.lags.begin(), connectivity.lags.end()), connectivity.lags.end());
  if (connectivity.lags.empty()) connectivity.lags.push_back({});
  const std::size_t d = connectivity.lags.size();
  connectivity.offset.assign(pres * d + 1, 0);
  numeric::for_tiles(threads, tiles, [&](std::size_t tile) {
    std::vector<std::vector<std::uint32_t>> by_lag(d);
    for (std::size_t j = tile * block; j < std::min(pres, (tile + 1) * block); ++j) {
      for (std::size_t k = begin[j]; k < begin[j + 1]; ++k) {
        const auto place =
            std::lower_bound(connectivity.lags.begin(), connectivity.lags.end(), of[k]) - connectivity.lags.begin();
        by_lag[static_cast<std::size_t>(place)].push_back(connectivity.target[k]);
      }
      std::size_t at = begin[j];
      for (std::size_t l = 0; l < d; ++l) {
        connectivity.offset[j * d + l] = at;
        std::copy(by_lag[l].begin(), by_lag[l].end(), connectivity.target.begin() + static_cast<std::ptrdiff_t>(at));
        at += by_lag[l].size();
        by_lag[l].clear();
      }
    }
  });
  connectivity.offset[pres * d] = connectivity.target.size();
  return std::accumulate(below_zero.begin(), below_zero.end(), std::size_t{0});
}

} // namespace

std::string clipped_delays_note(std::size_t below_zero, std::size_t synapses) {
  if (below_zero == 0) return "";
  return std::to_string(below_zero) + " of " + std::to_string(synapses) +
         " delays that are drawn lie below 0 ms, and are taken for 0: draw them from a narrower or a uniform "
         "distribution";
}

Incoming incoming_of(const Connectivity &connectivity) {
  if (connectivity.size() > std::numeric_limits<std::uint32_t>::max())
    throw input::InputError("a projection that learns can have 2^32 synapses at most");
  Incoming in;
  const std::size_t d = connectivity.lags.size();
  const auto each = [&](auto &&visit) {
    for (std::size_t j = 0; j < connectivity.pres; ++j)
      for (std::size_t l = 0; l < d; ++l)
        for (std::size_t k = connectivity.first(j, l); k < connectivity.last(j, l); ++k)
          visit(connectivity.target[k] * d + l, j, k);
  };
  in.offset.assign(connectivity.posts * d + 1, 0);
  each([&](std::size_t row, std::size_t, std::size_t) { ++in.offset[row + 1]; });
  for (std::size_t row = 0; row < connectivity.posts * d; ++row) in.offset[row + 1] += in.offset[row];
  in.synapse.resize(connectivity.size());
  in.source.resize(connectivity.size());
  auto next = in.offset;
  each([&](std::size_t row, std::size_t j, std::size_t k) {
    const std::size_t at = next[row]++;
    in.synapse[at] = static_cast<std::uint32_t>(k);
    in.source[at] = static_cast<std::uint32_t>(j);
  });
  return in;
}

template <class T>
Synapses<T> make_synapses(const model::Projection &projection, const Wiring &wiring, const std::vector<double> &given,
                          double step, int threads, std::size_t &below_zero) {
  const std::uint64_t seed = wiring.seed;
  const std::uint32_t key = wiring.key;
  const std::size_t posts = wiring.posts, pres = wiring.pres;
  auto connectivity = std::make_shared<Connectivity>();
  connectivity->posts = posts;
  connectivity->pres = pres;
  auto [begin, target] = wiring.rows(threads);
  connectivity->target = std::move(target);
  if (!std::all_of(connectivity->target.begin(), connectivity->target.end(),
                   [&](std::uint32_t post) { return wiring.own.holds(post); }))
    throw Broken("the pattern '" + projection.connect.type + "' makes synapses onto neurons of another rank");
  const Lags lags{projection,
                  {seed, numeric::Purpose::delay, key},
                  {seed, numeric::Purpose::delay, numeric::name_key(projection.name + ".dendritic")},
                  step};
  below_zero = 0;
  if (lags.differ()) {
    below_zero = split_by_lag(lags, threads, begin, *connectivity);
  } else {
    connectivity->lags = {lags.of(0, below_zero)};
    connectivity->offset = std::move(begin);
  }
  connectivity->target.shrink_to_fit();

  if (!given.empty() && given.size() != posts * pres)
    throw input::InputError("weights of '" + projection.name + "' have " + std::to_string(given.size()) +
                            " values, not " + std::to_string(posts) + " × " + std::to_string(pres));
  Synapses<T> out;
  out.plastic = !projection.rules.empty();
  out.same = !out.plastic && given.empty() && projection.weights.kind == model::Weights::Kind::constant;
  out.weights = std::make_shared<std::vector<T>>(out.same ? 1 : connectivity->size());
  const numeric::Random random{seed, numeric::Purpose::weights, key};
  const double synapses = wiring.fan_in();
  const std::size_t d = connectivity->lags.size();
  const PairList *pairs = projection.weights.kind == model::Weights::Kind::listed ? wiring.pair_list() : nullptr;
  using Sign = model::Constraints::Sign;
  const auto constrained = [&](T w) {
    if (projection.constraints.sign == Sign::excitatory) w = std::abs(w);
    if (projection.constraints.sign == Sign::inhibitory) w = -std::abs(w);
    if (projection.constraints.minimum) w = std::max(w, static_cast<T>(*projection.constraints.minimum));
    if (projection.constraints.maximum) w = std::min(w, static_cast<T>(*projection.constraints.maximum));
    return w;
  };
  if (out.same) (*out.weights)[0] = constrained(static_cast<T>(projection.weights.a));
  numeric::for_tiles(threads, out.same ? 0 : (pres + block - 1) / block, [&](std::size_t tile) {
    for (std::size_t j = tile * block; j < std::min(pres, (tile + 1) * block); ++j)
      for (std::size_t k = connectivity->offset[j * d]; k < connectivity->offset[(j + 1) * d]; ++k) {
        const std::size_t post = connectivity->target[k];
        const double w = pairs           ? projection.weights.a * pairs->weight_of(post, j)
                         : given.empty() ? drawn(projection.weights, synapses, random, wiring.weight_index(post, j))
                                         : given[post * pres + j];
        (*out.weights)[k] = constrained(static_cast<T>(w));
      }
  });
  if (out.plastic) out.incoming = std::make_shared<Incoming>(incoming_of(*connectivity));
  out.connectivity = std::move(connectivity);
  return out;
}

template struct Synapses<float>;
template struct Synapses<double>;
template Synapses<float> make_synapses(const model::Projection &, const Wiring &, const std::vector<double> &, double,
                                       int, std::size_t &);
template Synapses<double> make_synapses(const model::Projection &, const Wiring &, const std::vector<double> &, double,
                                        int, std::size_t &);

} // namespace engram::network
