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
#include <unordered_map>
#include <utility>

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

/// Which synapse of a row has which lag: found tile by tile, before anything is moved.
struct LagsOfSynapses {
  std::vector<std::uint32_t> of;       ///< by synapse: the place of its lag in `seen` of its tile; empty: all have one
  std::vector<std::vector<Lag>> seen;  ///< by tile
  std::vector<std::size_t> below_zero; ///< by tile: synapses with a delay that was drawn below 0
};

/// Calls each(place, target, index) for the synapses of neuron `pre`, whose targets ascend. `index` is that of a dense
/// matrix; further synapses of one pair have indices beyond it, so that they draw numbers of their own.
template <class Each> void in_row(const Rows &rows, std::size_t posts, std::size_t pres, std::size_t pre, Each &&each) {
  std::uint64_t index = 0;
  for (std::size_t k = rows.begin[pre]; k < rows.begin[pre + 1]; ++k) {
    const bool again = k > rows.begin[pre] && rows.target[k] == rows.target[k - 1];
    index = again ? index + std::uint64_t{posts} * pres : std::uint64_t{pre} * posts + rows.target[k];
    each(k, rows.target[k], index);
  }
}

// Draws the lags, and writes the distinct ones to `connectivity`.
LagsOfSynapses draw_lags(const Lags &lags, int threads, const Rows &rows, Connectivity &connectivity) {
  const std::size_t posts = connectivity.posts, pres = connectivity.pres, tiles = (pres + block - 1) / block;
  LagsOfSynapses out{std::vector<std::uint32_t>(rows.target.size()), std::vector<std::vector<Lag>>(tiles),
                     std::vector<std::size_t>(tiles)};
  numeric::for_tiles(threads, tiles, [&](std::size_t tile) {
    std::unordered_map<std::uint64_t, std::uint32_t> place;
    auto &seen = out.seen[tile];
    for (std::size_t j = tile * block; j < std::min(pres, (tile + 1) * block); ++j)
      in_row(rows, posts, pres, j, [&](std::size_t k, std::uint32_t, std::uint64_t index) {
        const Lag lag = lags.of(index, out.below_zero[tile]);
        const auto [at, is_new] = place.try_emplace(std::uint64_t{lag.axonal} << 32 | lag.dendritic, seen.size());
        if (is_new) seen.push_back(lag);
        out.of[k] = at->second;
      });
  });
  auto &all = connectivity.lags;
  for (const auto &some : out.seen) all.insert(all.end(), some.begin(), some.end());
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  if (all.empty()) all.push_back({});
  return out;
}

/// Gives the synapses of a row their places: those of each lag in turn, in the order of the row within one. One for
/// each tile of work.
class Places {
public:
  Places(const Connectivity &connectivity, const LagsOfSynapses &lags, std::size_t tile)
      : lags_(lags), next_(connectivity.lags.size()) {
    if (!lags.of.empty())
      for (const Lag lag : lags.seen[tile])
        number_.push_back(static_cast<std::size_t>(
            std::lower_bound(connectivity.lags.begin(), connectivity.lags.end(), lag) - connectivity.lags.begin()));
  }
  /// Row `pre` begins: writes where its synapses of each lag begin.
  void begin(const Rows &rows, std::size_t pre, std::uint64_t *offset) {
    std::fill(next_.begin(), next_.end(), 0);
    for (std::size_t k = rows.begin[pre]; k < rows.begin[pre + 1]; ++k) ++next_[lag_of(k)];
    std::uint64_t at = rows.begin[pre];
    for (std::size_t l = 0; l < next_.size(); ++l) {
      offset[l] = at;
      at += std::exchange(next_[l], at);
    }
  }
  std::size_t next(std::size_t synapse) { return next_[lag_of(synapse)]++; }

private:
  std::size_t lag_of(std::size_t synapse) const { return lags_.of.empty() ? 0 : number_[lags_.of[synapse]]; }
  const LagsOfSynapses &lags_;
  std::vector<std::size_t> number_; // by place in the tile's `seen`
  std::vector<std::uint64_t> next_; // by lag
};

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
  Rows rows = wiring.rows(threads);
  if (!std::all_of(rows.target.begin(), rows.target.end(), [&](std::uint32_t post) { return wiring.own.holds(post); }))
    throw Broken("the pattern '" + projection.connect.type + "' makes synapses onto neurons of another rank");
  const Lags lags{projection,
                  {seed, numeric::Purpose::delay, key},
                  {seed, numeric::Purpose::delay, numeric::name_key(projection.name + ".dendritic")},
                  step};
  below_zero = 0;
  LagsOfSynapses lag_of;
  if (lags.differ()) {
    lag_of = draw_lags(lags, threads, rows, *connectivity);
    below_zero = std::accumulate(lag_of.below_zero.begin(), lag_of.below_zero.end(), std::size_t{0});
  } else {
    connectivity->lags = {lags.of(0, below_zero)};
  }

  if (!given.empty() && given.size() != posts * pres)
    throw input::InputError("weights of '" + projection.name + "' have " + std::to_string(given.size()) +
                            " values, not " + std::to_string(posts) + " × " + std::to_string(pres));
  Synapses<T> out;
  out.plastic = !projection.rules.empty();
  out.same = !out.plastic && given.empty() && projection.weights.kind == model::Weights::Kind::constant;
  out.weights = std::make_shared<std::vector<T>>(out.same ? 1 : rows.target.size());
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
  connectivity->offset.resize(pres * d + 1);
  numeric::for_tiles(threads, (pres + block - 1) / block, [&](std::size_t tile) {
    Places places(*connectivity, lag_of, tile);
    std::vector<std::uint32_t> target; // of a row
    for (std::size_t j = tile * block; j < std::min(pres, (tile + 1) * block); ++j) {
      const std::size_t first = rows.begin[j];
      target.resize(rows.begin[j + 1] - first);
      places.begin(rows, j, connectivity->offset.data() + j * d);
      in_row(rows, posts, pres, j, [&](std::size_t k, std::uint32_t post, std::uint64_t index) {
        const std::size_t place = places.next(k);
        target[place - first] = post;
        if (out.same) return;
        const bool is_first = index < std::uint64_t{posts} * pres; // of its pair
        const double w = pairs            ? projection.weights.a * pairs->weight_of(post, j)
                         : !given.empty() ? given[post * pres + j]
                                          : drawn(projection.weights, synapses, random,
                                                  is_first ? wiring.weight_index(post, j) : index);
        (*out.weights)[place] = constrained(static_cast<T>(w));
      });
      std::copy(target.begin(), target.end(), rows.target.begin() + static_cast<std::ptrdiff_t>(first));
    }
  });
  connectivity->offset[pres * d] = rows.target.size();
  connectivity->target = std::move(rows.target);
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
