// A gated unit: tau h' = z (tanh(I) − h), and the gate z = 1 / (1 + e^−(bias + a + gate_weight h)) opens by the apical
// current a.
#include <engram/dynamics.hpp>

struct GatedRate {
  static constexpr engram::Neuron about{
      .name = "gated_rate",
      .summary = "tau h' = z (tanh(I) - h), gate z = 1 / (1 + exp(-(gate_bias + a + gate_weight h))), rate = h; with "
                 "Euler steps of tau the minimal gated unit",
      .reference = "Zhou, Wu, Zhang & Zhou 2016, Int J Autom Comput 13:226-234; Cho et al. 2014, arXiv:1406.1078",
      .integrator = "euler",
      .apical = true};
  static constexpr engram_variable states[] = {engram::state("h", "", 0, "what the unit holds, its rate")};
  static constexpr engram_parameter parameters[] = {
      engram::parameter("tau", "ms", 1, 1e-3, 1e6, "time constant with an open gate"),
      engram::parameter("gate_bias", "", -1, -100, 100, "of the gate: negative ones make the unit hold"),
      engram::parameter("gate_weight", "", 0, -100, 100, "how much h opens the gate")};
  template <class T> struct State { T h; };
  template <class T> struct Constants { T tau, gate_bias, gate_weight; };

  static void derivative(const auto &x, const auto &p, const auto &in, auto &slope) {
    const auto gate = sigmoid(p.gate_bias + in.apical + p.gate_weight * x.h);
    slope.h = gate * (tanh(in.soma) - x.h) / p.tau;
  }
  static auto rate(const auto &x, const auto &) { return x.h; }
  static void steady(const auto &soma, const auto &, auto &x) { x.h = tanh(soma); }
};
ENGRAM_DYNAMICS(GatedRate)
