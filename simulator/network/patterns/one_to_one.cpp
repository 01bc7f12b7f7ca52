// one_to_one: neuron i projects to neuron i.
#include "input/document.hpp"
#include "network/patterns.hpp"

#include <fmt/format.h>

namespace engram::network {

namespace {

class OneToOne final : public RowWiring {
public:
  using RowWiring::RowWiring;
  void append_targets(std::size_t pre, std::vector<std::uint32_t> &out) const override {
    out.push_back(static_cast<std::uint32_t>(pre));
  }
  double fan_in() const override { return 1; }
  std::uint64_t weight_index(std::size_t, std::size_t pre) const override { return pre; }
  bool is_one_to_one() const override { return true; }
};

void check_one_to_one(const model::Projection &projection, const model::Model &model, input::Problems &problems) {
  const auto &pre = model.regions[projection.from.region], &post = model.regions[projection.to.region];
  if (pre.size != post.size)
    problems.add(projection.pointer + "/connect",
                 fmt::format("one_to_one joins regions of one size, and '{}' has {} neurons, '{}' {}", pre.name,
                             pre.size, post.name, post.size));
}

} // namespace

Pattern one_to_one_pattern() {
  return {.words = {.name = "one_to_one",
                    .help = "neuron i projects to neuron i; both regions have the same size",
                    .reference = "",
                    .parameters = {},
                    .check = check_one_to_one},
          .place = 20,
          .wire = make_wiring<OneToOne>};
}

} // namespace engram::network
