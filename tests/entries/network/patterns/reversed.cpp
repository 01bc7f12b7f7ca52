// reversed: neuron i projects to the i-th from the end.
#include "network/patterns.hpp"

namespace engram::network {

namespace {

class Reversed final : public RowWiring {
public:
  using RowWiring::RowWiring;
  void append_targets(std::size_t pre, std::vector<std::uint32_t> &out) const override {
    if (pre < posts) out.push_back(static_cast<std::uint32_t>(posts - 1 - pre));
  }
  double fan_in() const override { return 1; }
};

} // namespace

Pattern reversed_pattern() {
  return {.words = {.name = "reversed",
                    .help = "neuron i projects to the i-th from the end",
                    .reference = "written for the tests",
                    .parameters = {}},
          .wire = make_wiring<Reversed>};
}

} // namespace engram::network
