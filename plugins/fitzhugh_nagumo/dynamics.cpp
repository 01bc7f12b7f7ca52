// fitzhugh_nagumo: v' = v − v³/3 − w + I, tau w' = v + a − b w: an excitable neuron in two states.
#include <engram/dynamics.hpp>

struct FitzHughNagumo {
  static constexpr engram::Neuron about{
      .name = "fitzhugh_nagumo",
      .summary = "time v' = v - v^3/3 - w + I, time tau w' = v + a - b w, rate = 1 / (1 + exp(-slope (v - threshold)))",
      .reference = "FitzHugh 1961, Biophys J 1:445-466; Nagumo, Arimoto & Yoshizawa 1962, Proc IRE 50:2061-2070"};
  static constexpr engram_variable states[] = {
      engram::state("v", "", -1.199408035244035,
                    "the potential; begins at rest for the default parameters without a current"),
      engram::state("w", "", -0.6242600440550439, "recovery")};
  static constexpr engram_parameter parameters[] = {
      engram::parameter("time", "ms", 1, 1e-3, 1e6, "one unit of time of the equations"),
      engram::parameter("tau", "", 12.5, 1e-3, 1e6, "how much slower w is than v"),
      engram::parameter("a", "", 0.7, -100, 100, "w' is 0 where v = b w - a"),
      engram::parameter("b", "", 0.8, -100, 100, "how much w inhibits itself"),
      engram::parameter("slope", "", 4, 0, 1e3, "four times that of the rate by the potential, at the threshold"),
      engram::parameter("threshold", "", 0, -100, 100, "potential at which the rate is 1/2")};
  template <class T> struct State { T v, w; };
  template <class T> struct Constants { T time, tau, a, b, slope, threshold; };

  static void derivative(const auto &x, const auto &p, const auto &in, auto &slope) {
    slope.v = (x.v - x.v * x.v * x.v / 3 - x.w + in.soma) / p.time;
    slope.w = (x.v + p.a - p.b * x.w) / (p.tau * p.time);
  }
  static auto rate(const auto &x, const auto &p) { return sigmoid(p.slope * (x.v - p.threshold)); }
};
ENGRAM_DYNAMICS(FitzHughNagumo)
