// fixed_probability: each pair of neurons is joined by chance.
#include "network/patterns.hpp"
#include "network/patterns/drawn_pattern.hpp"
#include "numeric/random.hpp"

#include <algorithm>
#include <cmath>

namespace engram::network {

namespace {

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

class FixedProbability final : public RowWiring {
public:
  explicit FixedProbability(const WiringRequest &request)
      : RowWiring(request), probability_(request.connect.number("probability")),
        excludes_itself_(patterns::excludes_autapses(request)) {}
  void append_targets(std::size_t pre, std::vector<std::uint32_t> &out) const override {
    const std::size_t first = out.size();
    append_by_chance(probability_, posts, {seed, numeric::Purpose::connectivity, key}, pre, out);
    if (excludes_itself_) patterns::erase_autapse(out, first, pre);
  }
  /// As expected.
  double fan_in() const override { return std::max(1.0, static_cast<double>(pres) * probability_); }

private:
  const double probability_;
  const bool excludes_itself_;
};

double expected(const model::Typed &connect, double posts, double pres) {
  return pres * posts * std::min(1.0, connect.number("probability"));
}

} // namespace

Pattern fixed_probability_pattern() {
  return {.words = {.name = "fixed_probability",
                    .help = "each pair of neurons is joined with the same probability",
                    .reference = "",
                    .parameters = {model::between("probability", 0.1, 0, 1, "of a synapse"), patterns::autapses()},
                    .fewest_synapses = expected},
          .place = 60,
          .wire = make_wiring<FixedProbability>};
}

} // namespace engram::network
