// The course of a trial is to be that of its target but for a factor: 1 − cos of the angle between them.
#include <engram/objective.hpp>

struct CourseCorrelation {
  static constexpr engram::Term about{.name = "course_correlation",
                                      .summary = "1 - sum x y / sqrt(1e-6 + sum x^2 sum y^2) over neurons and steps",
                                      .reference = "none",
                                      .target = ENGRAM_TARGET_ARRAY,
                                      .masks = true,
                                      .over = ENGRAM_OVER_COURSE};
  static auto trial(const auto &x, const auto &y, const auto &) {
    auto both = 0 * x(0, 0), xs = both, ys = both;
    for (std::size_t k = 0; k < x.steps(); ++k)
      for (std::size_t i = 0; i < x.size(); ++i) {
        if (y.missing(i, k)) continue;
        both += x(i, k) * y(i, k);
        xs += x(i, k) * x(i, k);
        ys += y(i, k) * y(i, k);
      }
    return 1 - both / sqrt(1e-6 + xs * ys);
  }
};
ENGRAM_OBJECTIVE(CourseCorrelation)
