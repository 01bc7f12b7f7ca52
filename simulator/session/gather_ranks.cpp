#include "session/sharing_out.hpp"

#include <algorithm>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>

namespace engram::session {
namespace {

// What each rank gave, as numbers.
template <class U> std::vector<std::vector<U>> gather_numbers(ranks::Ranks &ranks, std::span<const U> own) {
  ranks::Gathered all;
  ranks.gather(std::as_bytes(own), all);
  std::vector<std::vector<U>> out;
  for (int r = 0; ranks.is_first() && r < ranks.size(); ++r) {
    const auto bytes = all.of(r);
    out.emplace_back(bytes.size() / sizeof(U));
    if (!bytes.empty()) std::memcpy(out.back().data(), bytes.data(), bytes.size());
  }
  return out;
}

// The synapses of all ranks, and where those of each are among them. Empty but on rank 0.
struct Merged {
  network::Connectivity connectivity;
  std::vector<std::vector<std::uint64_t>> place; // by rank, of its own synapses
};

Merged merge(ranks::Ranks &ranks, const network::Connectivity &own) {
  std::vector<std::uint32_t> lags;
  for (const auto &lag : own.lags) lags.insert(lags.end(), {lag.axonal, lag.dendritic});
  const auto all_lags = gather_numbers<std::uint32_t>(ranks, lags);
  const auto offsets = gather_numbers<std::uint64_t>(ranks, own.offset);
  const auto targets = gather_numbers<std::uint32_t>(ranks, own.target);
  Merged out;
  auto &merged = out.connectivity;
  merged.posts = own.posts;
  merged.pres = own.pres;
  if (!ranks.is_first()) return out;
  const auto lag_of = [&](std::size_t rank, std::size_t l) {
    return network::Lag{all_lags[rank][2 * l], all_lags[rank][2 * l + 1]};
  };
  for (std::size_t r = 0; r < targets.size(); ++r) // a rank without synapses has a lag that says nothing
    for (std::size_t l = 0; !targets[r].empty() && l < all_lags[r].size() / 2; ++l) merged.lags.push_back(lag_of(r, l));
  std::sort(merged.lags.begin(), merged.lags.end());
  merged.lags.erase(std::unique(merged.lags.begin(), merged.lags.end()), merged.lags.end());
  if (merged.lags.empty()) merged.lags.push_back({});
  out.place.resize(targets.size());
  for (std::size_t r = 0; r < targets.size(); ++r) out.place[r].resize(targets[r].size());
  merged.offset.push_back(0);
  std::vector<std::size_t> next(targets.size()); // by rank: of its lags
  for (std::size_t j = 0; j < own.pres; ++j) {
    std::fill(next.begin(), next.end(), 0);
    for (const auto &lag : merged.lags) {
      for (std::size_t r = 0; r < targets.size(); ++r) { // targets ascend with the ranks
        const std::size_t count = all_lags[r].size() / 2;
        if (targets[r].empty() || next[r] == count || lag_of(r, next[r]) != lag) continue;
        const std::size_t row = j * count + next[r]++;
        for (std::uint64_t k = offsets[r][row]; k < offsets[r][row + 1]; ++k) {
          out.place[r][k] = merged.target.size();
          merged.target.push_back(targets[r][k]);
        }
      }
      merged.offset.push_back(merged.target.size());
    }
  }
  return out;
}

// One number for each synapse, of all ranks.
template <class U>
std::vector<U> gather_synapses(ranks::Ranks &ranks, const Merged &merged, const std::vector<U> &own) {
  const auto values = gather_numbers<U>(ranks, own);
  std::vector<U> out;
  for (std::size_t r = 0; r < values.size(); ++r) {
    if (values[r].empty()) continue;
    out.resize(merged.connectivity.size());
    for (std::size_t k = 0; k < values[r].size(); ++k) out[merged.place[r][k]] = values[r][k];
  }
  return out;
}

// One number for each neuron, of which a rank knows its own.
template <class U> void gather_neurons(ranks::Ranks &ranks, std::size_t neurons, std::vector<U> &values) {
  const auto own = split_of(&ranks).own(neurons);
  const std::span<const U> sent =
      values.empty() ? std::span<const U>() : std::span<const U>(values).subspan(own.first, own.last - own.first);
  const auto all = gather_numbers<U>(ranks, sent);
  for (std::size_t r = 1; r < all.size(); ++r) {
    const auto part = network::Split{r, all.size()}.own(neurons);
    std::copy(all[r].begin(), all[r].end(), values.begin() + static_cast<std::ptrdiff_t>(part.first));
  }
}

} // namespace

template <class T> network::Network<T> gather_network(ranks::Ranks &ranks, const network::Network<T> &own) {
  network::Network<T> whole = own;
  for (auto &p : whole.sparse) {
    if (!p.synapses.plastic) continue;
    auto merged = merge(ranks, *p.synapses.connectivity);
    auto weights = gather_synapses<T>(ranks, merged, *p.synapses.weights);
    if (!ranks.is_first()) continue;
    p.synapses.connectivity = std::make_shared<const network::Connectivity>(std::move(merged.connectivity));
    p.synapses.weights = std::make_shared<std::vector<T>>(std::move(weights));
    p.synapses.incoming.reset(); // nothing is simulated with these
  }
  return whole;
}

template <class T>
std::vector<learning::Saved> gather_state(ranks::Ranks &ranks, const model::Model &model,
                                          const network::Network<T> &own, std::vector<learning::Saved> state) {
  for (const auto &p : own.sparse) {
    if (!p.synapses.plastic) continue;
    std::optional<Merged> merged;
    for (const std::size_t rule : p.rules) {
      const std::string whose = p.name + "/" + model.rules[rule].name + "/";
      for (auto &saved : state) {
        if (!saved.name.starts_with(whose)) continue;
        const auto place = std::string_view(saved.name).substr(whose.size());
        std::visit(
            [&](auto &values) {
              using U = typename std::remove_cvref_t<decltype(values)>::value_type;
              if (place.starts_with("post/")) gather_neurons<U>(ranks, p.synapses.connectivity->posts, values);
              if (!place.starts_with("synapse/")) return;
              if (!merged) merged = merge(ranks, *p.synapses.connectivity);
              auto all = gather_synapses<U>(ranks, *merged, values);
              if (!ranks.is_first()) return;
              values = std::move(all);
              saved.rows = values.size();
              saved.columns = values.empty() ? 0 : 1;
            },
            saved.values);
      }
    }
  }
  return state;
}

template network::Network<float> gather_network(ranks::Ranks &, const network::Network<float> &);
template network::Network<double> gather_network(ranks::Ranks &, const network::Network<double> &);
template std::vector<learning::Saved> gather_state(ranks::Ranks &, const model::Model &,
                                                   const network::Network<float> &, std::vector<learning::Saved>);
template std::vector<learning::Saved> gather_state(ranks::Ranks &, const model::Model &,
                                                   const network::Network<double> &, std::vector<learning::Saved>);

} // namespace engram::session
