#include <algorithm>
#include <engram/rule.hpp>

/// Random feedback local online learning (Murray 2019, eLife 8:e43299). In a recurrent network of rates
///   τ dr_a/dt = −r_a + φ(u_a),   u_a = Σ_b W_ab r_b
/// real-time recurrent learning follows how each rate depends on each weight. RFLO keeps of that only what a neuron's
/// own leak carries on, which a synapse can know:
///   p_ab(t + h) = (1 − h/τ) p_ab(t) + (h/τ) φ'(u_a(t)) r_b(t),   ΔW_ab = Σ_t L_a(t) p_ab(t)
/// L is what arrives at the apical compartment: the error of the readout through fixed random weights. φ' is the signal
/// `gain`. In the paper (and in its author's program, RFLO_Example.ipynb) time is in steps, h = 1.
struct Rflo {
  static constexpr engram::About about{
      .name = "rflo",
      .summary = "random feedback local online learning: a trace of gain times pre, times the error that is fed back",
      .reference = "Murray 2019, eLife 8:e43299",
      .delivery = ENGRAM_DELIVERY_VECTOR,
  };
  static constexpr engram_parameter parameters[] = {
      {"tau", "ms", 10, 1e-3, 1e9, "time constant of the postsynaptic region; below a step it counts as a step",
       nullptr},
  };
  static constexpr engram_signal signals[] = {engram::pre("rate"), engram::post("gain"), engram::post("apical")};
  static constexpr engram_state states[] = {
      {ENGRAM_SYNAPSE, "p", "", 0, 1, "how the rate follows from the weight, by the neuron's own leak alone"}};

  // The synapses of one presynaptic neuron in one trial. Nothing overlaps, so the loop runs several at once.
  template <class T>
  static void learn(size_t posts, T leak, T pre, const T *__restrict gain, const T *__restrict error, T *__restrict p,
                    T *__restrict change) {
    for (size_t a = 0; a < posts; ++a) {
      change[a] += error[a] * p[a]; // the error of this step is of rates that follow from the steps before
      p[a] += leak * (gain[a] * pre - p[a]);
    }
  }

  template <class T> static void synapses(engram::Synapses<T> &tile) {
    const auto rate = tile.pre("rate"), gain = tile.post("gain"), error = tile.post("apical");
    const auto change = tile.change();
    const T leak = static_cast<T>(std::min(1.0, tile.now().step / tile.parameter("tau")));
    for (size_t b = 0; b < tile.trials(); ++b) {
      const auto p = tile.state("p", b);
      for (size_t j = 0; j < tile.pres(); ++j)
        learn(tile.posts(), leak, rate(j, b), &gain(0, b), &error(0, b), &p(0, j), &change(0, j));
    }
  }
};

ENGRAM_RULE(Rflo)
