// Each neuron is to keep its mean rate of a trial within a band: with ν_i the mean over the steps in which it is
// judged,
//   L = low_strength / N Σ_i max(0, low − ν_i)² + high_strength / N Σ_i max(0, ν_i − high)²
// or, of the population, high_strength max(0, Σ_i ν_i / N − high)².
#include <engram/objective.hpp>

struct RateBand {
  static constexpr engram::Term about{
      .name = "rate_band",
      .summary =
          "mean over the neurons of the squared distance by which their mean rate of a trial lies below 'low' or "
          "above 'high'",
      .reference = "Zenke & Vogels 2021, Neural Computation 33:899-925",
      .target = ENGRAM_TARGET_NOTHING,
      .over = ENGRAM_OVER_MEAN};
  static constexpr const char *bounded[] = {"neuron", "population", nullptr};
  static constexpr const char *units[] = {"signal", "hertz", nullptr};
  static constexpr engram_parameter parameters[] = {
      engram::parameter("low", "", 0.1, -1e9, 1e9, "mean rate below which a neuron is pushed up"),
      engram::parameter("high", "", 1, -1e9, 1e9, "mean rate above which it is pushed down"),
      engram::parameter("low_strength", "", 1, 0, 1e9, "weight of what lies below"),
      engram::parameter("high_strength", "", 1, 0, 1e9, "weight of what lies above"),
      {"high_of", "", 0, 0, 1, "whose rate has the upper bound: of each neuron, or the mean of the population",
       bounded},
      {"unit", "", 0, 0, 1, "of 'low' and 'high': that of the signal, or, of the signal 'spike', Hz", units}};
  template <class T> struct Constants { T low, high, low_strength, high_strength, high_of, unit; };

  static auto trial(const auto &x, const auto &, const auto &p, const auto &step) {
    const auto scale = select(p.unit > 0, 1000 / step, 1 + 0 * step); // spikes of a step are 1
    auto below = 0 * x[0], above = 0 * x[0], all = 0 * x[0];
    for (std::size_t i = 0; i < x.size(); ++i) {
      const auto rate = x[i] * scale, lacks = max(p.low - rate, 0), exceeds = max(rate - p.high, 0);
      below += lacks * lacks;
      above += exceeds * exceeds;
      all += rate;
    }
    const auto mean = max(all / x.size() - p.high, 0);
    return p.low_strength * below / x.size() + p.high_strength * select(p.high_of > 0, mean * mean, above / x.size());
  }
};
ENGRAM_OBJECTIVE(RateBand)
