// fixed_indegree: each neuron has the same number of sources, which are drawn.
#include "input/document.hpp"
#include "network/patterns.hpp"
#include "network/patterns/drawn_pattern.hpp"
#include "numeric/parallel.hpp"
#include "numeric/random.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace engram::network {

namespace {

class FixedIndegree final : public Wiring {
public:
  explicit FixedIndegree(const WiringRequest &request)
      : Wiring(request), indegree_(request.connect.number("indegree")),
        excludes_itself_(patterns::excludes_autapses(request)) {}

  /// The sources are drawn by (seed, key, post).
  Rows rows(int threads) const override {
    constexpr std::size_t block = 256;
    const bool skip = excludes_itself_;
    const std::size_t candidates = pres - (skip ? 1 : 0);
    const auto degree = std::min(candidates, static_cast<std::size_t>(indegree_));
    const numeric::Random random{seed, numeric::Purpose::connectivity, key};
    const std::size_t low = std::min(own.first, posts), high = std::min(own.last, posts);
    std::vector<std::uint32_t> sources((high - low) * degree);
    numeric::for_tiles(threads, (high - low + block - 1) / block, [&](std::size_t tile) {
      std::vector<bool> taken(candidates);
      for (std::size_t i = low + tile * block; i < std::min(high, low + (tile + 1) * block); ++i) {
        auto *drawn = sources.data() + (i - low) * degree;
        // Floyd's sampling without replacement: Bentley & Floyd 1987, Commun ACM 30:754.
        for (std::size_t k = 0; k < degree; ++k) {
          const std::size_t top = candidates - degree + k;
          auto j = static_cast<std::size_t>(random.uniform(k, i) * static_cast<double>(top + 1));
          if (taken[j]) j = top;
          taken[j] = true;
          drawn[k] = static_cast<std::uint32_t>(j);
        }
        for (std::size_t k = 0; k < degree; ++k) {
          taken[drawn[k]] = false;
          if (skip && drawn[k] >= i) ++drawn[k];
        }
      }
    });
    Rows out;
    out.begin.assign(pres + 1, 0);
    for (const auto j : sources) ++out.begin[j + 1];
    for (std::size_t j = 0; j < pres; ++j) out.begin[j + 1] += out.begin[j];
    out.target.resize(sources.size());
    auto next = out.begin;
    for (std::size_t i = low; i < high; ++i)
      for (std::size_t k = 0; k < degree; ++k)
        out.target[next[sources[(i - low) * degree + k]]++] = static_cast<std::uint32_t>(i);
    return out;
  }
  double fan_in() const override { return std::max(1.0, std::min(static_cast<double>(pres), indegree_)); }

private:
  const double indegree_;
  const bool excludes_itself_;
};

void check_indegree(const model::Projection &projection, const model::Model &model, input::Problems &problems) {
  const auto &pre = model.regions[projection.from.region];
  const double indegree = projection.connect.number("indegree");
  const bool itself = projection.from.region != projection.to.region || projection.connect.number("autapses") != 0;
  const std::size_t sources = pre.size - (itself ? 0 : 1);
  if (indegree > static_cast<double>(sources))
    problems.add(
        projection.pointer + "/connect",
        fmt::format("an indegree of {:g}, and '{}' has {} neurons that could be sources", indegree, pre.name, sources));
}

double onto_all(const model::Typed &connect, double posts, double) { return posts * connect.number("indegree"); }

} // namespace

Pattern fixed_indegree_pattern() {
  return {.words = {.name = "fixed_indegree",
                    .help = "each neuron of the target has the same number of sources",
                    .reference = "",
                    .parameters = {patterns::count("indegree", 100, 0, 4294967295.0,
                                                   "synapses onto each neuron, from different sources"),
                                   patterns::autapses()},
                    .check = check_indegree,
                    .fewest_synapses = onto_all},
          .place = 70,
          .wire = make_wiring<FixedIndegree>};
}

} // namespace engram::network
