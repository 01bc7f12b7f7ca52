#include <algorithm>
#include <engram/rule.hpp>

/// e-prop for rate neurons: the general form of Bellec et al. 2020 (Nat Commun 11:3625), Δw_ji = Σ_t L_j e_ji with
///   e_ji = (∂z_j/∂h_j) ε_ji,   ε_ji(t + h) = (∂h_j(t + h)/∂h_j(t)) ε_ji(t) + ∂h_j(t + h)/∂w_ji,
/// for neurons whose hidden state h is a potential u that leaks, τ du/dt = −u + Σ w r, and whose output z is a rate
/// φ(u):
///   ε_i(t + h) = (1 − h/τ) ε_i(t) + (h/τ) r_i(t),   e_ji(t) = φ'(u_j(t)) ε_i(t)
/// (j is the postsynaptic neuron, i the presynaptic one). ε is the same for all synapses of a presynaptic neuron. Where
/// the readout leaks as well, it sees the past of e, and so does the trace:
///   ē_ji(t + h) = (1 − h/τ_out) ē_ji(t) + (h/τ_out) e_ji(t),   Δw_ji = Σ_t L_j(t) ē_ji(t).
/// L is what arrives at the apical compartment: through the transpose of the readout (symmetric e-prop), random weights
/// (random e-prop) or weights that learn (adaptive e-prop), which is wiring.
struct EPropRate {
  static constexpr engram::About about{
      .name = "e_prop_rate",
      .summary = "e-prop of rate neurons: gain times what the synapse did to the potential, times a learning signal",
      .reference = "Bellec, Scherr, Subramoney, Hajek, Salaj, Legenstein & Maass 2020, Nat Commun 11:3625",
      .delivery = ENGRAM_DELIVERY_VECTOR,
  };
  static constexpr engram_parameter parameters[] = {
      {"tau", "ms", 10, 1e-3, 1e9, "time constant of the postsynaptic region; below a step it counts as a step",
       nullptr},
      {"tau_out", "ms", 0, 0, 1e9, "time constant of the readout; 0: it has none", nullptr},
  };
  static constexpr engram_signal signals[] = {engram::pre("rate"), engram::post("gain"), engram::post("apical")};
  static constexpr engram_state states[] = {
      {ENGRAM_PRE, "next", "", 0, 1, "epsilon of the next step: presynaptic rates through the membrane"},
      {ENGRAM_PRE, "epsilon", "", 0, 1, "epsilon, as the potential of this step has it"},
      {ENGRAM_SYNAPSE, "filtered", "", 0, 1, "the eligibility trace through the readout's leak"},
  };

  template <class T> static void pre_state(engram::Side<T> &side) {
    const auto rate = side.signal("rate");
    const auto next = side.state("next"), epsilon = side.state("epsilon");
    const T leak = static_cast<T>(std::min(1.0, side.now().step / side.parameter("tau")));
    for (size_t b = 0; b < side.trials(); ++b)
      for (size_t i = 0; i < side.neurons(); ++i) {
        epsilon(i, b) = next(i, b);
        next(i, b) += leak * (rate(i, b) - next(i, b));
      }
  }

  // The synapses of one presynaptic neuron in one trial. Nothing overlaps, so the loops run several at once.
  template <class T>
  static void direct(size_t posts, T epsilon, const T *__restrict gain, const T *__restrict signal,
                     T *__restrict change) {
    for (size_t j = 0; j < posts; ++j) change[j] += signal[j] * gain[j] * epsilon;
  }
  template <class T>
  static void through(size_t posts, T epsilon, T leak, const T *__restrict gain, const T *__restrict signal,
                      T *__restrict filtered, T *__restrict change) {
    for (size_t j = 0; j < posts; ++j) {
      change[j] += signal[j] * filtered[j]; // the readout of this step has heard the steps before
      filtered[j] += leak * (gain[j] * epsilon - filtered[j]);
    }
  }

  template <class T> static void synapses(engram::Synapses<T> &tile) {
    const auto epsilon = tile.pre_state("epsilon");
    const auto gain = tile.post("gain"), signal = tile.post("apical");
    const auto change = tile.change();
    const double tau_out = tile.parameter("tau_out");
    const T leak = static_cast<T>(tau_out > 0 ? std::min(1.0, tile.now().step / tau_out) : 1);
    for (size_t b = 0; b < tile.trials(); ++b) {
      const auto filtered = tile.state("filtered", b);
      for (size_t i = 0; i < tile.pres(); ++i)
        if (tau_out > 0)
          through(tile.posts(), epsilon(i, b), leak, &gain(0, b), &signal(0, b), &filtered(0, i), &change(0, i));
        else
          direct(tile.posts(), epsilon(i, b), &gain(0, b), &signal(0, b), &change(0, i));
    }
  }
};

ENGRAM_RULE(EPropRate)
