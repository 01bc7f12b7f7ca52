#include <algorithm>
#include <cmath>
#include <engram/rule.hpp>

/// The Bayesian confidence propagation neural network: a weight says how much more often two neurons are active
/// together than if they knew nothing of each other, and a bias how often a neuron is active.
///   w_ij = gain log(P_ij / (P_i P_j)),   β_i = gain log P_i
/// (Lansner & Ekeberg 1989, Int J Neural Syst 1:77-87). Three traces, one behind the other, estimate the P:
///   τ_z dZ/dt = r / max_rate − Z + ε,   τ_e dE/dt = Z − E,   τ_p dP/dt = κ (E − P),
/// for the presynaptic neuron (j), the postsynaptic one (i), and both: E_ij follows Z_i Z_j, and P_ij follows E_ij
/// (Tully, Hennig & Lansner 2014, Front Synaptic Neurosci 6:8; their program bcpnn_connection.h takes Euler steps, each
/// trace from the new value of the one before, and so does this rule). κ, the signal to print now, is 1 in plastic
/// phases and 0 in others. A P_ij begins so that the weight is what the projection begins with.
struct Bcpnn {
  static constexpr engram::About about{
      .name = "bcpnn",
      .summary = "the weight is the log of how much more often both are active than by chance",
      .reference = "Tully, Hennig & Lansner 2014, Front Synaptic Neurosci 6:8; Lansner & Ekeberg 1989, Int J Neural "
                   "Syst 1:77-87",
  };
  static constexpr const char *words[] = {"weight", "bias", nullptr};
  static constexpr engram_parameter parameters[] = {
      {"max_rate", "", 1, 1e-9, 1e9, "rate at which a neuron is surely active, in the unit of its region", nullptr},
      {"tau_z_pre", "ms", 10, 0, 1e9, "time constant of the presynaptic Z; 0: the rate itself", nullptr},
      {"tau_z_post", "ms", 10, 0, 1e9, "time constant of the postsynaptic Z; 0: the rate itself", nullptr},
      {"tau_e", "ms", 100, 0, 1e9, "time constant of E, the eligibility; 0: E is Z", nullptr},
      {"tau_p", "ms", 1000, 1e-3, 1e9, "time constant of P, the memory", nullptr},
      {"epsilon", "", 0.001, 1e-9, 1, "activity of a silent neuron, so that no probability is 0", nullptr},
      {"gain", "", 1, 1e-3, 1e9, "weight of a log of 1", nullptr},
      {"learns", "", 0, 0, 1, "what the synapse is: a weight, or a bias", words},
  };
  static constexpr engram_signal signals[] = {engram::pre("rate"), engram::post("rate")};
  // The values that they begin with are those of the authors' program.
  static constexpr engram_state states[] = {
      {ENGRAM_PRE, "z", "", 0.01, 1, "trace of the presynaptic rate"},
      {ENGRAM_PRE, "e", "", 0.01, 1, "trace of its z"},
      {ENGRAM_PRE, "p", "", 0.01, 0, "probability that the presynaptic neuron is active"},
      {ENGRAM_POST, "z", "", 0.01, 1, "trace of the postsynaptic rate"},
      {ENGRAM_POST, "e", "", 0.01, 1, "trace of its z"},
      {ENGRAM_POST, "p", "", 0.01, 0, "probability that the postsynaptic neuron is active"},
      {ENGRAM_POST, "calls", "", 0, 0, "0, 1 in the first call, 2 later"},
      {ENGRAM_SYNAPSE, "e", "", 0.0001, 1, "trace of z z"},
      {ENGRAM_SYNAPSE, "p", "", 0, 0, "probability that both are active; until the first call the weight"},
  };
  static constexpr const char *from_weight[] = {"p"};

  /// The share of the way to its aim that a trace goes in a step.
  static double share(double step, double tau) { return tau > step ? step / tau : 1; }

  template <class T> static void move(engram::Side<T> &side, const char *tau_z, const char *whose) {
    const double step = side.now().step;
    const T fast = static_cast<T>(share(step, side.parameter(tau_z)));
    const T mid = static_cast<T>(share(step, side.parameter("tau_e")));
    const T slow = static_cast<T>(share(step, side.parameter("tau_p")));
    const T per_rate = static_cast<T>(1 / side.parameter("max_rate"));
    const T epsilon = static_cast<T>(side.parameter("epsilon"));
    const auto rate = side.signal("rate");
    const auto z = side.state("z"), e = side.state("e"), p = side.state("p");
    for (size_t i = 0; i < side.neurons(); ++i) {
      T mean = 0;
      for (size_t b = 0; b < side.trials(); ++b) {
        if (rate(i, b) < T(0))
          throw std::domain_error(std::string("the rate of a ") + whose +
                                  "synaptic neuron is negative, and bcpnn takes "
                                  "it for a probability");
        z(i, b) += fast * (rate(i, b) * per_rate + epsilon - z(i, b));
        e(i, b) += mid * (z(i, b) - e(i, b));
        mean += e(i, b) / static_cast<T>(side.trials());
      }
      if (side.now().plastic) p(i) += slow * (mean - p(i));
    }
  }
  template <class T> static void pre_state(engram::Side<T> &side) { move(side, "tau_z_pre", "pre"); }
  template <class T> static void post_state(engram::Side<T> &side) {
    const auto calls = side.state("calls");
    for (size_t i = 0; i < side.neurons(); ++i) calls(i) = std::min(calls(i) + 1, T(2));
    move(side, "tau_z_post", "post");
  }

  template <class T> static void synapses(engram::Synapses<T> &tile) {
    const double step = tile.now().step;
    const T mid = static_cast<T>(share(step, tile.parameter("tau_e")));
    const T slow = static_cast<T>(share(step, tile.parameter("tau_p")));
    const T gain = static_cast<T>(tile.parameter("gain")), trials = static_cast<T>(tile.trials());
    const bool bias = tile.parameter("learns") != 0;
    const auto z_pre = tile.pre_state("z"), z_post = tile.post_state("z");
    const auto p_pre = tile.pre_state("p"), p_post = tile.post_state("p"), calls = tile.post_state("calls");
    const auto p = tile.state("p"), change = tile.change();
    const auto w = tile.weights();
    const auto e_pair = tile.state("e"); // of the first trial
    const size_t next = tile.trials() > 1 ? static_cast<size_t>(tile.state("e", 1).data - e_pair.data) : 0;
    for (size_t j = 0; j < tile.pres(); ++j) {
      for (size_t i = 0; i < tile.posts(); ++i) {
        // Before the first step all P_i and P_j are 0.01, and P_ij is no more than they are.
        if (calls(i) == T(1))
          p(i, j) = T(0.01) * std::exp(std::clamp(p(i, j) / gain + std::log(T(0.01)), T(-60), T(0)));
        T mean = 0;
        for (size_t b = 0; b < tile.trials(); ++b) {
          T &e = (&e_pair(i, j))[b * next];
          e += mid * (z_post(i, b) * z_pre(j, b) - e);
          mean += e / trials;
        }
        if (!tile.now().plastic) continue;
        p(i, j) += slow * (mean - p(i, j));
        const T aim = gain * std::log(bias ? p_post(i) : p(i, j) / (p_post(i) * p_pre(j)));
        change(i, j) += trials * (aim - w(i, j)); // a sum over the trials; the host divides by their number
      }
    }
  }
};

ENGRAM_RULE(Bcpnn)
