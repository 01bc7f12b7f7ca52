// The trials of a batch are to differ: minus the mean variance of the neurons over them.
#include <engram/objective.hpp>

struct VarianceOfBatch {
  static constexpr engram::Term about{.name = "variance_of_batch",
                                      .summary = "-sum over the neurons of their variance over the batch, per ms",
                                      .reference = "none",
                                      .target = ENGRAM_TARGET_NOTHING};
  static constexpr const char *words[] = {"variance", "half", nullptr};
  static constexpr engram_parameter parameters[] = {{"measure", "", 0, 0, 1, "the variance, or half of it", words}};
  template <class T> struct Constants { T measure; };
  static auto batch(const auto &x, const auto &, const auto &p, const auto &step) {
    auto sum = 0 * x(0, 0);
    for (std::size_t i = 0; i < x.size(); ++i) {
      auto mean = 0 * x(0, 0), square = 0 * x(0, 0);
      for (std::size_t b = 0; b < x.trials(); ++b) {
        mean += x(i, b) / x.trials();
        square += x(i, b) * x(i, b) / x.trials();
      }
      sum += mean * mean - square;
    }
    return sum * step / (1 + p.measure);
  }
};
ENGRAM_OBJECTIVE(VarianceOfBatch)
