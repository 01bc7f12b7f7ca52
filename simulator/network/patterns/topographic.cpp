// topographic: neurons of two sheets are joined where they lie near the same place.
#include "network/patterns.hpp"
#include "network/patterns/drawn_pattern.hpp"
#include "network/sheet.hpp"

#include <algorithm>
#include <cmath>

namespace engram::network {

namespace {

class Topographic final : public RowWiring {
public:
  explicit Topographic(const WiringRequest &request)
      : RowWiring(request), reach_(request.connect.number("radius") * (1 + 1e-12)) {}
  void append_targets(std::size_t pre, std::vector<std::uint32_t> &out) const override {
    const SheetPosition b = position_on_sheet(pre, pres);
    for (std::size_t i = 0; i < posts; ++i) {
      const SheetPosition a = position_on_sheet(i, posts);
      if (std::hypot(a.x - b.x, a.y - b.y) <= reach_) out.push_back(static_cast<std::uint32_t>(i));
    }
  }
  /// On average over neurons.
  double fan_in() const override {
    std::size_t synapses = 0;
    std::vector<std::uint32_t> row;
    for (std::size_t j = 0; j < pres; ++j) {
      row.clear();
      append_targets(j, row);
      synapses += row.size();
    }
    return std::max(1.0, static_cast<double>(synapses) / static_cast<double>(posts));
  }

private:
  const double reach_; // as a share of the sheet's width
};

} // namespace

Pattern topographic_pattern() {
  return {
      .words = {.name = "topographic",
                .help =
                    "each region is a square sheet, row by row; neurons within `radius` of the same place are joined",
                .reference = "",
                .parameters = {model::between("radius", 0.1, 0, 2,
                                              "greatest distance, as a share of the sheet's width")}},
      .place = 50,
      .wire = make_wiring<Topographic>};
}

} // namespace engram::network
