// Small errors count by their square, great ones by their size: ½ e² where |e| ≤ width, else width (|e| − width / 2).
#include <engram/objective.hpp>

struct Huber {
  static constexpr engram::Term about{
      .name = "huber",
      .summary =
          "sum over the neurons of e^2 / 2 where |e| <= width, else width (|e| - width / 2), e = signal - target",
      .reference = "Huber 1964, Ann Math Stat 35:73-101"};
  static constexpr engram_parameter parameters[] = {
      engram::parameter("width", "", 1, 1e-9, 1e9, "error from which on the loss grows in proportion to it")};
  template <class T> struct Constants { T width; };

  static auto neuron(const auto &x, const auto &y, const auto &p) {
    const auto error = x - y, size = abs(error);
    return select(size <= p.width, error * error / 2, p.width * (size - p.width / 2));
  }
};
ENGRAM_OBJECTIVE(Huber)
