#include <cmath>
#include <engram/rule.hpp>

/// e-prop: Δw_ji = Σ_t L_j^t ē_ji^t, the eligibility trace of the synapse times a learning signal of its neuron.
///   ε_v,i^t+1 = α ε_v,i^t + z_i^t                     (the presynaptic spikes through the membrane)
///   ε_a,ji^t+1 = ψ_j^t ε_v,i^t + (ρ − ψ_j^t β) ε_a,ji^t  (of neurons whose threshold adapts)
///   e_ji^t = ψ_j^t (ε_v,i^t − β ε_a,ji^t)
///   ē_ji^t = κ ē_ji^t−1 + e_ji^t                        (the readout's own membrane)
/// (Bellec et al. 2020, Nat Commun 11:3625; j is here the postsynaptic neuron, i the presynaptic one.) ψ is the signal
/// `gain`, and L what arrives at the apical compartment: through the transpose of the readout (symmetric e-prop),
/// random weights (random e-prop) or weights that learn as the readout does (adaptive e-prop), which is wiring.
/// Parameters must be those of the postsynaptic region and of the readout: alpha = exp(−h / tau), rho = exp(−h /
/// adaptation_tau), kappa = exp(−h / tau_out).
struct EProp {
  static constexpr engram::About about{
      .name = "e_prop",
      .summary = "an eligibility trace of what the synapse did to the potential, times a learning signal",
      .reference = "Bellec, Scherr, Subramoney, Hajek, Salaj, Legenstein & Maass 2020, Nat Commun 11:3625",
      .delivery = ENGRAM_DELIVERY_VECTOR,
  };
  static constexpr engram_parameter parameters[] = {
      {"tau", "ms", 20, 1e-3, 1e9, "membrane time constant of the postsynaptic neurons", nullptr},
      {"adaptation", "mV", 0, 0, 1e9, "beta, by which a spike raises their threshold", nullptr},
      {"adaptation_tau", "ms", 200, 1e-3, 1e9, "time constant of that", nullptr},
      {"tau_out", "ms", 20, 0, 1e9, "time constant of the readout; 0: it has none", nullptr},
  };
  static constexpr engram_signal signals[] = {engram::pre("spike"), engram::post("gain"), engram::post("apical")};
  static constexpr engram_state states[] = {
      {ENGRAM_PRE, "epsilon_v", "", 0, 1, "presynaptic spikes through the membrane of the postsynaptic neuron"},
      {ENGRAM_PRE, "now", "", 0, 1, "the same, as this step's potential saw it"},
      {ENGRAM_SYNAPSE, "epsilon_a", "", 0, 1, "of the threshold's adaptation"},
      {ENGRAM_SYNAPSE, "filtered", "", 0, 1, "eligibility trace, through the readout's membrane"},
  };

  template <class T> static void pre_state(engram::Side<T> &side) {
    const auto z = side.signal("spike");
    const auto epsilon = side.state("epsilon_v"), now = side.state("now");
    const T alpha = static_cast<T>(std::exp(-side.now().step / side.parameter("tau")));
    for (size_t b = 0; b < side.trials(); ++b)
      for (size_t i = 0; i < side.neurons(); ++i) {
        now(i, b) = epsilon(i, b); // spikes of this step reach the potential of the next
        epsilon(i, b) = alpha * epsilon(i, b) + z(i, b);
      }
  }

  template <class T> static void synapses(engram::Synapses<T> &tile) {
    const auto epsilon_v = tile.pre_state("now");
    const auto psi = tile.post("gain"), l = tile.post("apical");
    const auto change = tile.change();
    const double h = tile.now().step, tau_out = tile.parameter("tau_out");
    const T kappa = static_cast<T>(tau_out > 0 ? std::exp(-h / tau_out) : 0);
    const T beta = static_cast<T>(tile.parameter("adaptation"));
    const T rho = static_cast<T>(std::exp(-h / tile.parameter("adaptation_tau")));
    for (size_t b = 0; b < tile.trials(); ++b) {
      const auto filtered = tile.state("filtered", b);
      const auto epsilon_a = tile.state("epsilon_a", b);
      for (size_t j = 0; j < tile.pres(); ++j) {
        const T ev = epsilon_v(j, b);
        T *f = &filtered(0, j), *ea = &epsilon_a(0, j), *out = &change(0, j);
        const T *slope = &psi(0, b), *signal = &l(0, b);
        if (beta == T(0)) {
          for (size_t i = 0; i < tile.posts(); ++i) {
            f[i] = kappa * f[i] + slope[i] * ev;
            out[i] += signal[i] * f[i];
          }
        } else {
          for (size_t i = 0; i < tile.posts(); ++i) {
            const T e = slope[i] * (ev - beta * ea[i]);
            ea[i] = slope[i] * ev + (rho - slope[i] * beta) * ea[i];
            f[i] = kappa * f[i] + e;
            out[i] += signal[i] * f[i];
          }
        }
      }
    }
  }
};

ENGRAM_RULE(EProp)
