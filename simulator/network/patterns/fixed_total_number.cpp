// fixed_total_number: so many synapses in all, source and target of each drawn by themselves.
#include "input/document.hpp"
#include "model/reader.hpp"
#include "network/patterns.hpp"
#include "network/patterns/drawn_pattern.hpp"
#include "numeric/parallel.hpp"
#include "numeric/random.hpp"
#include "numeric/threads.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace engram::network {

namespace {

constexpr std::size_t draws_at_once = 2048;

// A number below `count` < 2^32, uniform to 2^-32, of 64 random bits.
std::uint32_t below(std::size_t count, std::uint32_t high, std::uint32_t low) {
  return static_cast<std::uint32_t>((count * high + (count * low >> 32)) >> 32);
}

// Calls each(number) for `draws` numbers below `count`: those of index `first` to first + draws in the stream `outer`.
template <class Each>
void draw_below(std::size_t count, const numeric::Random &random, std::uint64_t first, std::uint64_t draws,
                std::uint64_t outer, Each &&each) {
  std::uint32_t words[2 * draws_at_once];
  for (std::uint64_t k = 0; k < draws; k += draws_at_once) {
    const std::size_t some = std::min<std::uint64_t>(draws_at_once, draws - k);
    random.integers(words, 2 * some, 2 * (first + k), outer);
    for (std::size_t l = 0; l < some; ++l) each(below(count, words[2 * l], words[2 * l + 1]));
  }
}

/// Sources are drawn in stream 0, and counted; the targets of neuron j in stream j + 1.
class FixedTotalNumber final : public RowWiring {
public:
  explicit FixedTotalNumber(const WiringRequest &request)
      : RowWiring(request), total_(static_cast<std::uint64_t>(request.connect.number("synapses"))),
        excludes_itself_(patterns::excludes_autapses(request)), outdegree_(count_sources()) {}

  void append_targets(std::size_t pre, std::vector<std::uint32_t> &out) const override {
    const std::size_t first = out.size(), candidates = posts - (excludes_itself_ ? 1 : 0);
    const auto each_drawn = [&](auto &&each) { draw_below(candidates, random(), 0, outdegree_[pre], pre + 1, each); };
    const auto target_of = [&](std::size_t i) {
      return static_cast<std::uint32_t>(i + (excludes_itself_ && i >= pre ? 1 : 0));
    };
    if (outdegree_[pre] * 8 < candidates) {
      each_drawn([&](std::uint32_t i) { out.push_back(target_of(i)); });
      std::sort(out.begin() + static_cast<std::ptrdiff_t>(first), out.end());
      return;
    }
    std::vector<std::uint32_t> times(candidates); // many synapses are counted faster than sorted
    each_drawn([&](std::uint32_t i) { ++times[i]; });
    for (std::size_t i = 0; i < candidates; ++i) out.insert(out.end(), times[i], target_of(i));
  }
  /// On average over neurons.
  double fan_in() const override { return std::max(1.0, static_cast<double>(total_) / static_cast<double>(posts)); }

private:
  numeric::Random random() const { return {seed, numeric::Purpose::connectivity, key}; }

  // Sums of whole numbers: the same however the draws are shared among threads.
  std::vector<std::uint64_t> count_sources() const {
    const int threads = numeric::available_threads();
    const auto parts = static_cast<std::size_t>(threads);
    std::vector<std::vector<std::uint64_t>> counts(parts);
    numeric::for_tiles(threads, parts, [&](std::size_t part) {
      counts[part].assign(pres, 0);
      const std::uint64_t first = total_ * part / parts / 2 * 2,
                          last = part + 1 == parts ? total_ : total_ * (part + 1) / parts / 2 * 2;
      draw_below(pres, random(), first, last - first, 0, [&](std::uint32_t j) { ++counts[part][j]; });
    });
    for (std::size_t part = 1; part < parts; ++part)
      for (std::size_t j = 0; j < pres; ++j) counts[0][j] += counts[part][j];
    return std::move(counts[0]);
  }

  const std::uint64_t total_;
  const bool excludes_itself_;
  const std::vector<std::uint64_t> outdegree_; ///< synapses from each presynaptic neuron
};

void check_total(const model::Projection &projection, const model::Model &model, input::Problems &problems) {
  using Kind = model::Weights::Kind;
  const std::string &name = projection.connect.type;
  if (!model::carries_spikes(projection, model))
    problems.add(projection.pointer + "/connect",
                 name + " may join two neurons by several synapses, and a compartment has one weight for each pair; "
                        "synapses onto a receptor, which carry spikes, may have it");
  const Kind kind = projection.weights.kind;
  if (kind == Kind::values || kind == Kind::file)
    problems.add(projection.pointer + "/weights",
                 name + " may join two neurons by several synapses, and a matrix has one weight for each pair: give "
                        "one number or a distribution");
  const auto &region = model.regions[projection.to.region];
  if (projection.from.region == projection.to.region && region.size == 1 && projection.connect.number("synapses") > 0 &&
      projection.connect.number("autapses") == 0)
    problems.add(projection.pointer + "/connect",
                 fmt::format("'{}' has one neuron, which may not project to itself (\"autapses\")", region.name));
}

double all_of_them(const model::Typed &connect, double, double) { return connect.number("synapses"); }

} // namespace

Pattern fixed_total_number_pattern() {
  return {.words = {.name = "fixed_total_number",
                    .help = "so many synapses in all: source and target of each are drawn by themselves, so in-degrees "
                            "are binomial, and two neurons may be joined by several synapses (multapses), each with a "
                            "weight and a delay of its own. For synapses that carry spikes",
                    .reference = "Senk et al. 2022, PLoS Comput Biol 18:e1010086",
                    .parameters = {patterns::count("synapses", 1000, 0, 1e12, "synapses in all"), patterns::autapses()},
                    .check = check_total,
                    .fewest_synapses = all_of_them,
                    .multapses = true},
          .place = 75,
          .wire = make_wiring<FixedTotalNumber>};
}

} // namespace engram::network
