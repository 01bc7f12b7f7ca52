#include "network/patterns.hpp"

#include "network/parallel.hpp"
#include "network/random.hpp"

#include <algorithm>
#include <cmath>

namespace engram::network {

namespace {

model::Parameter parameter(const char *name, double initial, double minimum, double maximum, const char *help) {
  model::Parameter p;
  p.name = name;
  p.initial = initial;
  p.minimum = minimum;
  p.maximum = maximum;
  p.help = help;
  return p;
}

model::Parameter autapses() {
  auto p = parameter("autapses", 0, 0, 1, "may a neuron project to itself, where both regions are one?");
  p.choices = {"no", "yes"};
  return p;
}

} // namespace

void describe(model::Vocabulary &vocabulary) {
  const auto radius = parameter("radius", 0.1, 0, 2, "greatest distance, as a share of the sheet's width");
  const auto probability = parameter("probability", 0.1, 0, 1, "of a synapse");
  auto indegree = parameter("indegree", 100, 0, 4294967295.0, "synapses onto each neuron, from different sources");
  indegree.integer = true;
  auto sigma = parameter("sigma", 0.1, 0, 1e6, "standard deviation, as a share of the sheet's width");
  sigma.above_minimum = true;
  const auto peak = parameter("peak", 1, 0, 1, "probability of a synapse between neurons at the same place");
  vocabulary.patterns = {
      {"dense", "every neuron of the source projects to every neuron of the target", "", {}},
      {"one_to_one", "neuron i projects to neuron i; both regions have the same size", "", {}},
      {"no_autapses", "every neuron projects to every other of its region", "", {}},
      {"hierarchical", "neuron j projects to the neurons of its region that come after it", "", {}},
      {"topographic",
       "each region is a square sheet, row by row; neurons within `radius` of the same place are joined",
       "",
       {radius}},
      {"fixed_probability", "each pair of neurons is joined with the same probability", "", {probability, autapses()}},
      {"fixed_indegree", "each neuron of the target has the same number of sources", "", {indegree, autapses()}},
      {"gaussian",
       "each region is a square sheet; the probability of a synapse falls with distance, peak exp(-d^2 / (2 sigma^2))",
       "",
       {sigma, peak, autapses()}},
  };
}

Place place_on_sheet(std::size_t k, std::size_t neurons) {
  const auto columns = static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(neurons))));
  const std::size_t rows = (neurons + columns - 1) / columns;
  return {(static_cast<double>(k % columns) + 0.5) / static_cast<double>(columns),
          (static_cast<double>(k / columns) + 0.5) / static_cast<double>(rows)};
}

bool connected(const model::Typed &connect, std::size_t post, std::size_t posts, std::size_t pre, std::size_t pres) {
  if (connect.type == "one_to_one") return post == pre;
  if (connect.type == "no_autapses") return post != pre;
  if (connect.type == "hierarchical") return pre < post;
  if (connect.type == "topographic") {
    const Place a = place_on_sheet(post, posts), b = place_on_sheet(pre, pres);
    return std::hypot(a.x - b.x, a.y - b.y) <= connect.number("radius") * (1 + 1e-12);
  }
  return true;
}

namespace {

bool allows_autapses(const model::Typed &connect) { return connect.number("autapses") != 0; }

// Each of `count` with probability p: from one to the next by the gap between them, so that only synapses cost.
void append_by_chance(double p, std::size_t count, const Random &random, std::size_t pre,
                      std::vector<std::uint32_t> &out) {
  if (p <= 0) return;
  if (p >= 1) {
    for (std::size_t i = 0; i < count; ++i) out.push_back(static_cast<std::uint32_t>(i));
    return;
  }
  const double per_log = 1 / std::log1p(-p);
  double at = -1;
  for (std::uint64_t draw = 0;; ++draw) {
    at += 1 + std::floor(std::log(random.uniform(draw, pre)) * per_log);
    if (!(at < static_cast<double>(count))) return;
    out.push_back(static_cast<std::uint32_t>(at));
  }
}

} // namespace

void append_targets(const model::Typed &connect, std::size_t pre, std::size_t posts, std::size_t pres, bool same_region,
                    std::uint64_t seed, std::uint32_t key, std::vector<std::uint32_t> &out) {
  const Random random{seed, Purpose::connectivity, key};
  const std::size_t before = out.size();
  if (connect.type == "fixed_probability") {
    append_by_chance(connect.number("probability"), posts, random, pre, out);
  } else if (connect.type == "gaussian") {
    const double sigma = connect.number("sigma"), peak = connect.number("peak");
    const Place at = place_on_sheet(pre, pres);
    for (std::size_t i = 0; i < posts; ++i) {
      const Place to = place_on_sheet(i, posts);
      const double x = to.x - at.x, y = to.y - at.y;
      if (random.uniform(i, pre) < peak * std::exp(-(x * x + y * y) / (2 * sigma * sigma)))
        out.push_back(static_cast<std::uint32_t>(i));
    }
  } else if (connect.type == "one_to_one") {
    out.push_back(static_cast<std::uint32_t>(pre));
  } else {
    for (std::size_t i = 0; i < posts; ++i)
      if (connected(connect, i, posts, pre, pres)) out.push_back(static_cast<std::uint32_t>(i));
    return;
  }
  if (same_region && connect.parameters.contains("autapses") && !allows_autapses(connect))
    out.erase(std::remove(out.begin() + static_cast<std::ptrdiff_t>(before), out.end(), pre), out.end());
}

void indegree_rows(const model::Typed &connect, std::size_t posts, std::size_t pres, bool same_region,
                   std::uint64_t seed, std::uint32_t key, int threads, std::vector<std::uint64_t> &begin,
                   std::vector<std::uint32_t> &target) {
  constexpr std::size_t block = 256;
  const bool skip = same_region && !allows_autapses(connect);
  const std::size_t candidates = pres - (skip ? 1 : 0);
  const auto degree = std::min(candidates, static_cast<std::size_t>(connect.number("indegree")));
  const Random random{seed, Purpose::connectivity, key};
  std::vector<std::uint32_t> sources(posts * degree);
  for_tiles(threads, (posts + block - 1) / block, [&](std::size_t tile) {
    std::vector<bool> taken(candidates);
    for (std::size_t i = tile * block; i < std::min(posts, (tile + 1) * block); ++i) {
      auto *own = sources.data() + i * degree;
      // Floyd's sampling without replacement: Bentley & Floyd 1987, Commun ACM 30:754.
      for (std::size_t k = 0; k < degree; ++k) {
        const std::size_t top = candidates - degree + k;
        auto j = static_cast<std::size_t>(random.uniform(k, i) * static_cast<double>(top + 1));
        if (taken[j]) j = top;
        taken[j] = true;
        own[k] = static_cast<std::uint32_t>(j);
      }
      for (std::size_t k = 0; k < degree; ++k) {
        taken[own[k]] = false;
        if (skip && own[k] >= i) ++own[k];
      }
    }
  });
  begin.assign(pres + 1, 0);
  for (const auto j : sources) ++begin[j + 1];
  for (std::size_t j = 0; j < pres; ++j) begin[j + 1] += begin[j];
  target.resize(sources.size());
  auto next = begin;
  for (std::size_t i = 0; i < posts; ++i)
    for (std::size_t k = 0; k < degree; ++k) target[next[sources[i * degree + k]]++] = static_cast<std::uint32_t>(i);
}

std::vector<bool> joined(const model::Typed &connect, std::size_t posts, std::size_t pres, bool same_region,
                         std::uint64_t seed, std::uint32_t key) {
  std::vector<bool> out(posts * pres);
  std::vector<std::uint32_t> row;
  if (connect.type == "fixed_indegree") {
    std::vector<std::uint64_t> begin;
    indegree_rows(connect, posts, pres, same_region, seed, key, 1, begin, row);
    for (std::size_t j = 0; j < pres; ++j)
      for (std::size_t k = begin[j]; k < begin[j + 1]; ++k) out[row[k] + j * posts] = true;
    return out;
  }
  for (std::size_t j = 0; j < pres; ++j) {
    row.clear();
    append_targets(connect, j, posts, pres, same_region, seed, key, row);
    for (const auto i : row) out[i + j * posts] = true;
  }
  return out;
}

double fan_in(const model::Typed &connect, std::size_t posts, std::size_t pres) {
  const auto sources = static_cast<double>(pres);
  if (connect.type == "one_to_one") return 1;
  if (connect.type == "dense") return sources;
  if (connect.type == "fixed_probability") return std::max(1.0, sources * connect.number("probability"));
  if (connect.type == "fixed_indegree") return std::max(1.0, std::min(sources, connect.number("indegree")));
  if (connect.type == "gaussian") {
    const double sigma = connect.number("sigma"), peak = connect.number("peak");
    double sum = 0;
    for (std::size_t j = 0; j < pres; ++j) { // onto the neuron in the middle of the sheet
      const Place at = place_on_sheet(j, pres);
      sum += peak * std::exp(-(std::pow(at.x - 0.5, 2) + std::pow(at.y - 0.5, 2)) / (2 * sigma * sigma));
    }
    return std::max(1.0, sum);
  }
  if (connect.type != "topographic") return std::max(sources, 2.0) - 1;
  std::size_t synapses = 0;
  for (std::size_t j = 0; j < pres; ++j)
    for (std::size_t i = 0; i < posts; ++i) synapses += connected(connect, i, posts, j, pres);
  return std::max(1.0, static_cast<double>(synapses) / static_cast<double>(posts));
}

} // namespace engram::network
