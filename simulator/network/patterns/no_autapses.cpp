// no_autapses: all pairs of different neurons of one region are joined.
#include "network/patterns.hpp"
#include "network/patterns/within_region.hpp"

#include <algorithm>

namespace engram::network {

namespace {

class NoAutapses final : public RowWiring {
public:
  using RowWiring::RowWiring;
  void append_targets(std::size_t pre, std::vector<std::uint32_t> &out) const override {
    for (std::size_t i = 0; i < posts; ++i)
      if (i != pre) out.push_back(static_cast<std::uint32_t>(i));
  }
  /// Onto each neuron; 1 in a region of one neuron.
  double fan_in() const override { return std::max(static_cast<double>(pres), 2.0) - 1; }
};

} // namespace

Pattern no_autapses_pattern() {
  return {.words = {.name = "no_autapses",
                    .help = "every neuron projects to every other of its region",
                    .reference = "",
                    .parameters = {},
                    .check = patterns::check_within_region},
          .place = 30,
          .wire = make_wiring<NoAutapses>};
}

} // namespace engram::network
