// Trials of different labels are to have different means: over all pairs exp(−D²), D the distance of their means.
#include <engram/objective.hpp>

struct MeanApart {
  static constexpr engram::Term about{.name = "mean_apart",
                                      .summary = "sum over pairs of trials of different labels of exp(-distance^2)",
                                      .reference = "none",
                                      .target = ENGRAM_TARGET_LABELS,
                                      .over = ENGRAM_OVER_MEAN};
  static auto batch(const auto &x, const auto &y, const auto &) {
    auto sum = 0 * x(0, 0);
    for (std::size_t b = 0; b < x.trials(); ++b)
      for (std::size_t c = 0; c < b; ++c) {
        if (y(0, b) == y(0, c)) continue;
        auto far = 0 * x(0, 0);
        for (std::size_t i = 0; i < x.size(); ++i) far += (x(i, b) - x(i, c)) * (x(i, b) - x(i, c));
        sum += exp(-far);
      }
    return sum;
  }
};
ENGRAM_OBJECTIVE(MeanApart)
