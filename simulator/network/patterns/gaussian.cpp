// gaussian: neurons of two sheets are joined by chance, and the nearer they lie to the same place, the more often.
#include "network/patterns.hpp"
#include "network/patterns/drawn_pattern.hpp"
#include "network/sheet.hpp"
#include "numeric/random.hpp"

#include <algorithm>
#include <cmath>

namespace engram::network {

namespace {

class Gaussian final : public RowWiring {
public:
  explicit Gaussian(const WiringRequest &request)
      : RowWiring(request), sigma_(request.connect.number("sigma")), peak_(request.connect.number("peak")),
        excludes_itself_(patterns::excludes_autapses(request)) {}
  void append_targets(std::size_t pre, std::vector<std::uint32_t> &out) const override {
    const numeric::Random random{seed, numeric::Purpose::connectivity, key};
    const double sigma = sigma_, peak = peak_;
    const std::size_t first = out.size();
    const SheetPosition at = position_on_sheet(pre, pres);
    for (std::size_t i = 0; i < posts; ++i) {
      const SheetPosition to = position_on_sheet(i, posts);
      const double x = to.x - at.x, y = to.y - at.y;
      if (random.uniform(i, pre) < peak * std::exp(-(x * x + y * y) / (2 * sigma * sigma)))
        out.push_back(static_cast<std::uint32_t>(i));
    }
    if (excludes_itself_) patterns::erase_autapse(out, first, pre);
  }
  /// As expected onto the neuron in the middle of the sheet.
  double fan_in() const override {
    const double sigma = sigma_, peak = peak_;
    double sum = 0;
    for (std::size_t j = 0; j < pres; ++j) {
      const SheetPosition at = position_on_sheet(j, pres);
      sum += peak * std::exp(-(std::pow(at.x - 0.5, 2) + std::pow(at.y - 0.5, 2)) / (2 * sigma * sigma));
    }
    return std::max(1.0, sum);
  }

private:
  const double sigma_, peak_;
  const bool excludes_itself_;
};

} // namespace

Pattern gaussian_pattern() {
  const auto sigma =
      model::above_minimum(model::between("sigma", 0.1, 0, 1e6, "standard deviation, as a share of the sheet's width"));
  return {.words = {.name = "gaussian",
                    .help = "each region is a square sheet; the probability of a synapse falls with distance, "
                            "peak exp(-d^2 / (2 sigma^2))",
                    .reference = "",
                    .parameters = {sigma,
                                   model::between("peak", 1, 0, 1,
                                                  "probability of a synapse between neurons at the same place"),
                                   patterns::autapses()}},
          .place = 80,
          .wire = make_wiring<Gaussian>};
}

} // namespace engram::network
