// The built-in cross_entropy of a linear region, written as a plugin: neurons hang together.
#include <engram/objective.hpp>

struct SoftmaxAgain {
  static constexpr engram::Term about{
      .name = "softmax_again", .summary = "-sum y log softmax(x)", .reference = "none", .target = ENGRAM_TARGET_GIVEN};
  static auto trial(const auto &x, const auto &y, const auto &) {
    auto top = x[0];
    for (std::size_t i = 1; i < x.size(); ++i) top = max(top, x[i]);
    auto sum = exp(x[0] - top), all = y[0], along = y[0] * (x[0] - top);
    for (std::size_t i = 1; i < x.size(); ++i) {
      sum += exp(x[i] - top);
      all += y[i];
      along += y[i] * (x[i] - top);
    }
    return all * log(sum) - along;
  }
};
ENGRAM_OBJECTIVE(SoftmaxAgain)
