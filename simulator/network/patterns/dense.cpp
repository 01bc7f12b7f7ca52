// dense: all neurons of two regions are joined.
#include "network/patterns.hpp"

#include <cstdint>

namespace engram::network {

namespace {

class Dense final : public RowWiring {
public:
  using RowWiring::RowWiring;
  void append_targets(std::size_t, std::vector<std::uint32_t> &out) const override {
    for (std::size_t i = 0; i < posts; ++i) out.push_back(static_cast<std::uint32_t>(i));
  }
  double fan_in() const override { return static_cast<double>(pres); }
  bool is_complete() const override { return true; }
};

double all_pairs(const model::Typed &, double posts, double pres) { return pres * posts; }

} // namespace

Pattern dense_pattern() {
  return {.words = {.name = "dense",
                    .help = "every neuron of the source projects to every neuron of the target",
                    .reference = "",
                    .parameters = {},
                    .is_default = true,
                    .fewest_synapses = all_pairs},
          .place = 10,
          .wire = make_wiring<Dense>};
}

} // namespace engram::network
