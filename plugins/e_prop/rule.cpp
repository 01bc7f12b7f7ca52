// e-prop: Δw_ji = Σ_t L_j^t ē_ji^t, the eligibility trace of the synapse times a learning signal of its neuron.
//   ε_v,i^t+1 = α ε_v,i^t + z_i^t                     (the presynaptic spikes through the membrane)
//   ε_a,ji^t+1 = ψ_j^t ε_v,i^t + (ρ − ψ_j^t β_j) ε_a,ji^t  (of neurons whose threshold adapts)
//   e_ji^t = ψ_j^t (ε_v,i^t − β_j ε_a,ji^t)
//   ē_ji^t = κ ē_ji^t−1 + e_ji^t                        (the readout's own membrane)
// (Bellec et al. 2020, Nat Commun 11:3625; j is here the postsynaptic neuron, i the presynaptic one.) ψ is the signal
// `gain`, β the signal `adaptation`, and L what arrives at the apical compartment: through the transpose of the
// readout (symmetric e-prop), random weights (random e-prop) or weights that learn as the readout does (adaptive
// e-prop), which is wiring. Parameters must be those of the postsynaptic region and of the readout: alpha = exp(−h /
// tau), rho = exp(−h / adaptation_tau), kappa = exp(−h / tau_out).
//
// With a `rate_cost` c the neurons are drawn to a firing rate as well: Δw_ji += Σ_t c (f* − f_j) e_ji^t, f_j a running
// mean of the neuron's own rate over time and trials (the paper's regularisation takes the mean over a batch, which is
// known only at its end).
#include <cmath>
#include <engram/rule.hpp>

struct EProp {
  static constexpr engram::About about{
      .name = "e_prop",
      .summary = "an eligibility trace of what the synapse did to the potential, times a learning signal",
      .reference = "Bellec, Scherr, Subramoney, Hajek, Salaj, Legenstein & Maass 2020, Nat Commun 11:3625",
      .delivery = ENGRAM_DELIVERY_VECTOR,
  };
  static constexpr engram_parameter parameters[] = {
      {"tau", "ms", 20, 1e-3, 1e9, "membrane time constant of the postsynaptic neurons", nullptr},
      {"adaptation_tau", "ms", 200, 1e-3, 1e9, "time constant with which their threshold comes back", nullptr},
      {"tau_out", "ms", 20, 0, 1e9, "time constant of the readout; 0: it has none", nullptr},
      {"rate_cost", "", 0, 0, 1e9, "c, of a deviation from rate_target in kHz; 0: rates go where they go", nullptr},
      {"rate_target", "Hz", 10, 0, 1e6, "f*, the firing rate that neurons are drawn to", nullptr},
      {"rate_tau", "ms", 10000, 1e-3, 1e9, "time constant of the running mean of a neuron's rate", nullptr},
  };
  static constexpr engram_signal signals[] = {engram::pre("spike"), engram::post("gain"), engram::post("apical"),
                                              engram::post("adaptation"), engram::post("spike")};
  static constexpr engram_state states[] = {
      {ENGRAM_PRE, "epsilon_v", "", 0, 1, "presynaptic spikes through the membrane of the postsynaptic neuron"},
      {ENGRAM_PRE, "now", "", 0, 1, "the same, as this step's potential saw it"},
      {ENGRAM_POST, "fired", "", 0, 0, "spikes, each forgotten with rate_tau, mean over the trials of a batch"},
      {ENGRAM_POST, "watched", "ms", 0, 0, "time, forgotten with rate_tau: fired / watched is the rate"},
      {ENGRAM_POST, "push", "", 0, 0, "c (f* - f)"},
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

  template <class T> static void post_state(engram::Side<T> &side) {
    const double cost = side.parameter("rate_cost"), h = side.now().step;
    if (cost == 0) return;
    const auto z = side.signal("spike");
    const auto fired = side.state("fired"), watched = side.state("watched"), push = side.state("push");
    const T wanted = static_cast<T>(side.parameter("rate_target") / 1000); // 1/ms
    const T keep = static_cast<T>(std::exp(-h / side.parameter("rate_tau")));
    for (size_t j = 0; j < side.neurons(); ++j) {
      T spikes = 0;
      for (size_t b = 0; b < side.trials(); ++b) spikes += z(j, b);
      fired(j) = keep * fired(j) + spikes / static_cast<T>(side.trials());
      watched(j) = keep * watched(j) + static_cast<T>(h);
      push(j) = static_cast<T>(cost) * (wanted - fired(j) / watched(j));
    }
  }

  // The synapses of one presynaptic neuron in one trial: traces `ea` and `f` of each, and what it adds to its change.
  // Nothing overlaps, so that the loops run several synapses at once.
  template <class T> struct Constants { T kappa, rho; };
  template <class T>
  static void regular(size_t posts, Constants<T> c, T ev, const T *__restrict slope, const T *__restrict signal,
                      T *__restrict f, T *__restrict out) {
    for (size_t j = 0; j < posts; ++j) {
      f[j] = c.kappa * f[j] + slope[j] * ev;
      out[j] += signal[j] * f[j];
    }
  }
  template <class T, bool Pushed>
  static void adapting(size_t posts, Constants<T> c, T ev, const T *__restrict slope, const T *__restrict signal,
                       const T *__restrict beta, const T *__restrict push, T *__restrict ea, T *__restrict f,
                       T *__restrict out) {
    for (size_t j = 0; j < posts; ++j) {
      const T e = slope[j] * (ev - beta[j] * ea[j]);
      ea[j] = slope[j] * ev + (c.rho - slope[j] * beta[j]) * ea[j];
      f[j] = c.kappa * f[j] + e;
      out[j] += signal[j] * f[j] + (Pushed ? push[j] * e : T(0));
    }
  }

  template <class T> static void synapses(engram::Synapses<T> &tile) {
    const auto epsilon_v = tile.pre_state("now");
    const auto psi = tile.post("gain"), l = tile.post("apical"), beta = tile.post("adaptation");
    const auto push = tile.post_state("push");
    const auto change = tile.change();
    const double h = tile.now().step, tau_out = tile.parameter("tau_out");
    const Constants<T> c{static_cast<T>(tau_out > 0 ? std::exp(-h / tau_out) : 0),
                         static_cast<T>(std::exp(-h / tile.parameter("adaptation_tau")))};
    const bool pushed = tile.parameter("rate_cost") != 0;
    const size_t posts = tile.posts();
    bool adapts = false;
    for (size_t j = 0; j < posts; ++j) adapts = adapts || beta(j, 0) != T(0);
    const auto filtered = tile.state("filtered"), epsilon_a = tile.state("epsilon_a"); // of the first trial
    const size_t next = tile.trials() > 1 ? static_cast<size_t>(tile.state("filtered", 1).data - filtered.data) : 0;
    // Neuron by neuron, so that the changes of its synapses stay at hand while the trials pass by.
    for (size_t i = 0; i < tile.pres(); ++i)
      for (size_t b = 0; b < tile.trials(); ++b) {
        const T ev = epsilon_v(i, b);
        T *f = &filtered(0, i) + b * next, *ea = &epsilon_a(0, i) + b * next, *out = &change(0, i);
        if (pushed)
          adapting<T, true>(posts, c, ev, &psi(0, b), &l(0, b), &beta(0, b), &push(0), ea, f, out);
        else if (adapts)
          adapting<T, false>(posts, c, ev, &psi(0, b), &l(0, b), &beta(0, b), &push(0), ea, f, out);
        else
          regular(posts, c, ev, &psi(0, b), &l(0, b), f, out);
      }
  }
};

ENGRAM_RULE(EProp)
