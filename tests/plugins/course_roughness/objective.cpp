// The course of a neuron is to be smooth: the mean of its squared differences from step to step. The gradient is given.
#include <engram/objective.hpp>

struct CourseRoughness {
  static constexpr engram::Term about{.name = "course_roughness",
                                      .summary = "sum over the neurons of the mean squared difference of two steps",
                                      .reference = "none",
                                      .target = ENGRAM_TARGET_NOTHING,
                                      .over = ENGRAM_OVER_COURSE};
  static constexpr engram_parameter parameters[] = {engram::parameter("scale", "", 1, 1e-3, 1e3, "of the loss")};
  template <class T> struct Constants { T scale; };
  static auto neuron(const auto &x, const auto &, const auto &p) {
    auto sum = 0 * x[0];
    for (std::size_t k = 1; k < x.size(); ++k) sum += (x[k] - x[k - 1]) * (x[k] - x[k - 1]);
    return p.scale * sum / x.size();
  }
  static void neuron_gradient(const auto &x, const auto &, const auto &p, const auto &slope) {
    for (std::size_t k = 1; k < x.size(); ++k) {
      const auto each = 2 * p.scale * (x[k] - x[k - 1]) / x.size();
      slope[k] += each;
      slope[k - 1] += -each;
    }
  }
};
ENGRAM_OBJECTIVE(CourseRoughness)
