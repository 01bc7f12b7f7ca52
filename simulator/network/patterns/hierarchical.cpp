// hierarchical: each neuron of a region projects to those that come after it.
#include "network/patterns.hpp"
#include "network/patterns/within_region.hpp"

#include <algorithm>

namespace engram::network {

namespace {

class Hierarchical final : public RowWiring {
public:
  using RowWiring::RowWiring;
  void append_targets(std::size_t pre, std::vector<std::uint32_t> &out) const override {
    for (std::size_t i = 0; i < posts; ++i)
      if (pre < i) out.push_back(static_cast<std::uint32_t>(i));
  }
  /// Onto the last neuron; 1 in a region of one neuron.
  double fan_in() const override { return std::max(static_cast<double>(pres), 2.0) - 1; }
};

} // namespace

Pattern hierarchical_pattern() {
  return {.words = {.name = "hierarchical",
                    .help = "neuron j projects to the neurons of its region that come after it",
                    .reference = "",
                    .parameters = {},
                    .check = patterns::check_within_region},
          .place = 40,
          .wire = make_wiring<Hierarchical>};
}

} // namespace engram::network
