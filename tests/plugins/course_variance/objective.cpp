// The trials of a batch are to differ at each time: minus the variance over them, summed over neurons, mean over steps.
#include <engram/objective.hpp>

struct CourseVariance {
  static constexpr engram::Term about{.name = "course_variance",
                                      .summary =
                                          "-sum over the neurons of their variance over the batch, mean of steps",
                                      .reference = "none",
                                      .target = ENGRAM_TARGET_NOTHING,
                                      .over = ENGRAM_OVER_COURSE};
  static auto batch(const auto &x, const auto &, const auto &, const auto &step) {
    auto sum = 0 * x(0, 0, 0);
    for (std::size_t k = 0; k < x.steps(); ++k)
      for (std::size_t i = 0; i < x.size(); ++i) {
        auto mean = 0 * x(0, 0, 0), square = mean;
        for (std::size_t b = 0; b < x.trials(); ++b) {
          mean += x(i, b, k) / x.trials();
          square += x(i, b, k) * x(i, b, k) / x.trials();
        }
        sum += mean * mean - square;
      }
    return sum * step / x.steps();
  }
};
ENGRAM_OBJECTIVE(CourseVariance)
