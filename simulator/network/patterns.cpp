#include "network/patterns.hpp"

#include "numeric/parallel.hpp"
#include "numeric/random.hpp"

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

model::Parameter count(const char *name, double initial, double minimum, const char *help) {
  auto p = parameter(name, initial, minimum, 65536, help);
  p.integer = true;
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
  auto shared = parameter("shared", 1, 0, 1, "have all neurons of a map the same weights, now and after learning?");
  shared.choices = {"no", "yes"};
  model::Parameter file;
  file.name = "file";
  file.help = "csv, npy or npz, from this file's folder";
  file.file = true;
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
      {"convolution",
       "each region is a number of maps, one after the other, each a square, row by row; a neuron sees the square of "
       "kernel × kernel neurons of each map below that stands over it",
       "LeCun et al. 1989, Neural Comput 1:541",
       {count("kernel", 5, 1, "side of the square that a neuron sees"),
        count("stride", 1, 1, "from one such square to the next"),
        count("padding", 0, 0, "silent neurons around each map of the source"),
        count("channels", 1, 1, "maps of the source"), count("maps", 1, 1, "maps of the target"), shared}},
      {"pairs",
       "those that a file lists: an array of two columns, presynaptic and postsynaptic neuron (from 0), or three, with "
       "the weight",
       "",
       {file}},
  };
}

Wiring wiring_of(const model::Projection &said, std::size_t posts, std::size_t pres, std::uint64_t seed,
                 const Listed *listed) {
  Wiring w{&said.connect, posts, pres, said.from.region == said.to.region, seed, numeric::name_key(said.name),
           listed,        {}};
  if (said.connect.type != "convolution") return w;
  const auto number = [&](const char *name) { return static_cast<std::size_t>(said.connect.number(name)); };
  const auto side = [](std::size_t neurons, std::size_t maps) {
    return static_cast<std::size_t>(std::llround(std::sqrt(static_cast<double>(neurons / maps))));
  };
  w.convolution = {number("kernel"),
                   number("stride"),
                   number("padding"),
                   number("channels"),
                   side(pres, number("channels")),
                   side(posts, number("maps")),
                   number("shared") != 0};
  return w;
}

Place place_on_sheet(std::size_t k, std::size_t neurons) {
  const auto columns = static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(neurons))));
  const std::size_t rows = (neurons + columns - 1) / columns;
  return {(static_cast<double>(k % columns) + 0.5) / static_cast<double>(columns),
          (static_cast<double>(k / columns) + 0.5) / static_cast<double>(rows)};
}

namespace {

// The place in the kernel at which `pre` reaches `post`, of all kernels one after the other; or −1.
std::int64_t place_in_kernel(const Convolution &c, std::size_t post, std::size_t pre) {
  const std::size_t channel = pre / (c.from * c.from), map = post / (c.to * c.to);
  const std::size_t below = pre % (c.from * c.from), above = post % (c.to * c.to);
  // Places before the kernel wrap around to numbers far behind it.
  const std::size_t y = below / c.from + c.padding - above / c.to * c.stride;
  const std::size_t x = below % c.from + c.padding - above % c.to * c.stride;
  if (y >= c.kernel || x >= c.kernel) return -1;
  return static_cast<std::int64_t>(((map * c.channels + channel) * c.kernel + y) * c.kernel + x);
}

} // namespace

bool connected(const Wiring &w, std::size_t post, std::size_t pre) {
  const auto &connect = *w.connect;
  if (connect.type == "one_to_one") return post == pre;
  if (connect.type == "no_autapses") return post != pre;
  if (connect.type == "hierarchical") return pre < post;
  if (connect.type == "convolution") return place_in_kernel(w.convolution, post, pre) >= 0;
  if (connect.type == "topographic") {
    const Place a = place_on_sheet(post, w.posts), b = place_on_sheet(pre, w.pres);
    return std::hypot(a.x - b.x, a.y - b.y) <= connect.number("radius") * (1 + 1e-12);
  }
  return true;
}

std::uint64_t weight_index(const Wiring &w, std::size_t post, std::size_t pre) {
  if (w.convolution.shared) return static_cast<std::uint64_t>(place_in_kernel(w.convolution, post, pre));
  return w.connect->type == "one_to_one" ? pre : std::uint64_t{pre} * w.posts + post;
}

namespace {

bool allows_autapses(const model::Typed &connect) { return connect.number("autapses") != 0; }

// Each of `count` with probability p: from one to the next by the gap between them, so that only synapses cost.
void append_by_chance(double p, std::size_t count, const numeric::Random &random, std::size_t pre,
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

void append_targets(const Wiring &w, std::size_t pre, std::vector<std::uint32_t> &out) {
  const auto &connect = *w.connect;
  const std::size_t posts = w.posts;
  const numeric::Random random{w.seed, numeric::Purpose::connectivity, w.key};
  const std::size_t before = out.size();
  if (connect.type == "fixed_probability") {
    append_by_chance(connect.number("probability"), posts, random, pre, out);
  } else if (connect.type == "gaussian") {
    const double sigma = connect.number("sigma"), peak = connect.number("peak");
    const Place at = place_on_sheet(pre, w.pres);
    for (std::size_t i = 0; i < posts; ++i) {
      const Place to = place_on_sheet(i, posts);
      const double x = to.x - at.x, y = to.y - at.y;
      if (random.uniform(i, pre) < peak * std::exp(-(x * x + y * y) / (2 * sigma * sigma)))
        out.push_back(static_cast<std::uint32_t>(i));
    }
  } else if (connect.type == "pairs") {
    const auto row = w.listed->target.begin();
    out.insert(out.end(), row + static_cast<std::ptrdiff_t>(w.listed->begin[pre]),
               row + static_cast<std::ptrdiff_t>(w.listed->begin[pre + 1]));
  } else if (connect.type == "one_to_one") {
    out.push_back(static_cast<std::uint32_t>(pre));
  } else {
    for (std::size_t i = 0; i < posts; ++i)
      if (connected(w, i, pre)) out.push_back(static_cast<std::uint32_t>(i));
    return;
  }
  if (w.same_region && connect.parameters.contains("autapses") && !allows_autapses(connect))
    out.erase(std::remove(out.begin() + static_cast<std::ptrdiff_t>(before), out.end(), pre), out.end());
}

void indegree_rows(const Wiring &w, int threads, std::vector<std::uint64_t> &begin,
                   std::vector<std::uint32_t> &target) {
  constexpr std::size_t block = 256;
  const std::size_t posts = w.posts, pres = w.pres;
  const bool skip = w.same_region && !allows_autapses(*w.connect);
  const std::size_t candidates = pres - (skip ? 1 : 0);
  const auto degree = std::min(candidates, static_cast<std::size_t>(w.connect->number("indegree")));
  const numeric::Random random{w.seed, numeric::Purpose::connectivity, w.key};
  std::vector<std::uint32_t> sources(posts * degree);
  numeric::for_tiles(threads, (posts + block - 1) / block, [&](std::size_t tile) {
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

std::vector<bool> joined(const Wiring &w) {
  const std::size_t posts = w.posts, pres = w.pres;
  std::vector<bool> out(posts * pres);
  std::vector<std::uint32_t> row;
  if (w.connect->type == "fixed_indegree") {
    std::vector<std::uint64_t> begin;
    indegree_rows(w, 1, begin, row);
    for (std::size_t j = 0; j < pres; ++j)
      for (std::size_t k = begin[j]; k < begin[j + 1]; ++k) out[row[k] + j * posts] = true;
    return out;
  }
  for (std::size_t j = 0; j < pres; ++j) {
    row.clear();
    append_targets(w, j, row);
    for (const auto i : row) out[i + j * posts] = true;
  }
  return out;
}

double fan_in(const Wiring &w) {
  const auto &connect = *w.connect;
  const std::size_t posts = w.posts, pres = w.pres;
  const auto sources = static_cast<double>(pres);
  if (connect.type == "one_to_one") return 1;
  if (connect.type == "dense") return sources;
  if (connect.type == "convolution") return std::pow(connect.number("kernel"), 2) * connect.number("channels");
  if (connect.type == "pairs")
    return std::max(1.0, static_cast<double>(w.listed->target.size()) / static_cast<double>(posts));
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
    for (std::size_t i = 0; i < posts; ++i) synapses += connected(w, i, j);
  return std::max(1.0, static_cast<double>(synapses) / static_cast<double>(posts));
}

} // namespace engram::network
