// convolution: a neuron sees a square of neurons of each map below it. A region is a number of maps, one after the
// other, and a map is a square of neurons, row by row.
#include "input/document.hpp"
#include "model/reader.hpp"
#include "network/patterns.hpp"
#include "network/patterns/drawn_pattern.hpp"

#include <cmath>
#include <fmt/format.h>

namespace engram::network {

namespace {

std::size_t whole(const model::Typed &connect, const char *name) {
  return static_cast<std::size_t>(connect.number(name));
}

// The side of each of so many square maps, which may not be whole.
std::size_t nearest_side(std::size_t neurons, std::size_t maps) {
  return static_cast<std::size_t>(std::llround(std::sqrt(static_cast<double>(neurons / maps))));
}

class Convolution final : public RowWiring {
public:
  explicit Convolution(const WiringRequest &request)
      : RowWiring(request), kernel_(whole(request.connect, "kernel")), stride_(whole(request.connect, "stride")),
        padding_(whole(request.connect, "padding")), channels_(whole(request.connect, "channels")),
        from_(nearest_side(request.pres, channels_)), to_(nearest_side(request.posts, whole(request.connect, "maps"))),
        shared_(request.connect.number("shared") != 0) {}

  void append_targets(std::size_t pre, std::vector<std::uint32_t> &out) const override {
    for (std::size_t i = 0; i < posts; ++i)
      if (place_in_kernel(i, pre) >= 0) out.push_back(static_cast<std::uint32_t>(i));
  }
  /// Onto a neuron away from the border.
  double fan_in() const override { return static_cast<double>(kernel_ * kernel_ * channels_); }
  /// Of shared weights: the place in the kernels.
  std::uint64_t weight_index(std::size_t post, std::size_t pre) const override {
    return shared_ ? static_cast<std::uint64_t>(place_in_kernel(post, pre)) : RowWiring::weight_index(post, pre);
  }
  bool shares_weights() const override { return shared_; }

private:
  // The place in the kernel at which `pre` reaches `post`, of all kernels one after the other; or −1.
  std::int64_t place_in_kernel(std::size_t post, std::size_t pre) const {
    const std::size_t channel = pre / (from_ * from_), map = post / (to_ * to_);
    const std::size_t below = pre % (from_ * from_), above = post % (to_ * to_);
    // Places before the kernel wrap around to numbers far behind it.
    const std::size_t y = below / from_ + padding_ - above / to_ * stride_;
    const std::size_t x = below % from_ + padding_ - above % to_ * stride_;
    if (y >= kernel_ || x >= kernel_) return -1;
    return static_cast<std::int64_t>(((map * channels_ + channel) * kernel_ + y) * kernel_ + x);
  }

  const std::size_t kernel_, stride_, padding_, channels_;
  const std::size_t from_, to_; // sides of the source's maps and of the target's
  const bool shared_;           // have the neurons of a map the same weights, now and after learning?
};

// Maps are squares, and those of the target have the side that the kernel leaves.
void check_convolution(const model::Projection &projection, const model::Model &model, input::Problems &problems) {
  const auto &pre = model.regions[projection.from.region], &post = model.regions[projection.to.region];
  const auto &connect = projection.connect;
  const std::string at = projection.pointer + "/connect";
  const std::size_t channels = whole(connect, "channels"), maps = whole(connect, "maps");
  const std::size_t kernel = whole(connect, "kernel"), below = nearest_side(pre.size, channels);
  if (below == 0 || below * below * channels != pre.size) {
    problems.add(at, fmt::format("the {} neurons of '{}' are not {} square map{}", pre.size, pre.name, channels,
                                 channels == 1 ? "" : "s"));
    return;
  }
  const std::size_t wide = below + 2 * whole(connect, "padding");
  if (kernel > wide) {
    problems.add(at,
                 fmt::format("a kernel of {} × {} on maps of {} × {} (padding counted)", kernel, kernel, wide, wide));
    return;
  }
  const std::size_t above = (wide - kernel) / whole(connect, "stride") + 1;
  if (post.size != above * above * maps)
    problems.add(at, fmt::format("gives {} × {} × {} = {} neurons, and '{}' has {}", maps, above, above,
                                 maps * above * above, post.name, post.size));
  if (connect.number("shared") != 0 && model::carries_spikes(projection, model) && !projection.rules.empty())
    problems.add(at, "synapses that carry spikes and learn have weights of their own: \"shared\": \"no\"");
}

} // namespace

Pattern convolution_pattern() {
  constexpr double most = 65536;
  return {
      .words =
          {.name = "convolution",
           .help = "each region is a number of maps, one after the other, each a square, row by row; a neuron sees the "
                   "square of kernel × kernel neurons of each map below that stands over it",
           .reference = "LeCun et al. 1989, Neural Comput 1:541",
           .parameters = {patterns::count("kernel", 5, 1, most, "side of the square that a neuron sees"),
                          patterns::count("stride", 1, 1, most, "from one such square to the next"),
                          patterns::count("padding", 0, 0, most, "silent neurons around each map of the source"),
                          patterns::count("channels", 1, 1, most, "maps of the source"),
                          patterns::count("maps", 1, 1, most, "maps of the target"),
                          patterns::yes_or_no("shared", true,
                                              "have all neurons of a map the same weights, now and after learning?")},
           .check = check_convolution},
      .place = 90,
      .wire = make_wiring<Convolution>};
}

} // namespace engram::network
