// SuperSpike: Δw_ij = ∫ e_i(s) (α ∗ [σ'(U_i) (ε ∗ S_j)])(s) ds, an error signal times an eligibility trace (Zenke &
// Ganguli 2018, Neural Comput 30:1514). σ'(U) = 1 / (1 + |x|)² is the signal `gain` of a region whose
// surrogate is `fast_sigmoid`, e what arrives at the apical compartment, ε the postsynaptic potential (membrane `tau`,
// synapse `tau_syn`; 0: spikes are pulses), α the double exponential of their error (`tau_rise`, `tau_decay`).
#include <cmath>
#include <engram/rule.hpp>

struct SuperSpike {
  static constexpr engram::About about{
      .name = "superspike",
      .summary = "what the synapse did to a potential near threshold, filtered, times an error signal",
      .reference = "Zenke & Ganguli 2018, Neural Comput 30:1514-1541",
      .delivery = ENGRAM_DELIVERY_VECTOR,
  };
  static constexpr engram_parameter parameters[] = {
      {"tau", "ms", 10, 1e-3, 1e9, "membrane time constant of the postsynaptic neurons", nullptr},
      {"tau_syn", "ms", 5, 0, 1e9, "time constant of the synaptic current; 0: a pulse of one step", nullptr},
      {"tau_rise", "ms", 5, 1e-3, 1e9, "rise of the eligibility trace", nullptr},
      {"tau_decay", "ms", 10, 1e-3, 1e9, "decay of the eligibility trace", nullptr},
  };
  static constexpr engram_signal signals[] = {engram::pre("spike"), engram::post("gain"), engram::post("apical")};
  static constexpr engram_state states[] = {
      {ENGRAM_PRE, "current", "", 0, 1, "presynaptic spikes through the synapse"},
      {ENGRAM_PRE, "psp", "", 0, 1, "and through the membrane"},
      {ENGRAM_SYNAPSE, "rising", "", 0, 1, "eligibility through the first exponential of alpha"},
      {ENGRAM_SYNAPSE, "trace", "", 0, 1, "and through the second"},
  };

  template <class T> static void pre_state(engram::Side<T> &side) {
    const auto spike = side.signal("spike");
    const auto current = side.state("current"), psp = side.state("psp");
    const double h = side.now().step, tau_syn = side.parameter("tau_syn");
    const T membrane = static_cast<T>(std::exp(-h / side.parameter("tau")));
    const T synapse = static_cast<T>(tau_syn > 0 ? std::exp(-h / tau_syn) : 0);
    for (size_t b = 0; b < side.trials(); ++b)
      for (size_t j = 0; j < side.neurons(); ++j) {
        psp(j, b) = membrane * psp(j, b) + current(j, b); // spikes of this step reach the potential of the next
        current(j, b) = synapse * current(j, b) + spike(j, b);
      }
  }

  template <class T> static void synapses(engram::Synapses<T> &tile) {
    const auto psp = tile.pre_state("psp");
    const auto slope = tile.post("gain"), error = tile.post("apical");
    const auto change = tile.change();
    const double h = tile.now().step;
    const T rise = static_cast<T>(std::exp(-h / tile.parameter("tau_rise")));
    const T decay = static_cast<T>(std::exp(-h / tile.parameter("tau_decay")));
    for (size_t b = 0; b < tile.trials(); ++b) {
      const auto rising = tile.state("rising", b), trace = tile.state("trace", b);
      for (size_t j = 0; j < tile.pres(); ++j) {
        const T x = psp(j, b);
        T *r = &rising(0, j), *f = &trace(0, j), *out = &change(0, j);
        for (size_t i = 0; i < tile.posts(); ++i) {
          r[i] = rise * r[i] + (1 - rise) * slope(i, b) * x;
          f[i] = decay * f[i] + (1 - decay) * r[i];
          out[i] += error(i, b) * f[i];
        }
      }
    }
  }
};

ENGRAM_RULE(SuperSpike)
