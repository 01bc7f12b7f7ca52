// Regression discontinuity design: what neuron i of the lower region causes in neuron j of the upper one, read from
// how much more j spikes after i only just reached its threshold than after it only just missed it. For the feedback
// projection, in which i is postsynaptic (symbols as in Guerguiev, Kording & Richards 2020, arXiv:1910.01689):
//   q_j = κ ∗ spikes of j,  κ(t) = (e^{−t/τ_L} − e^{−t/τ_s}) / (τ_L − τ_s)
//   window of i: begins where the potential comes near the threshold θ, lasts T
//   u_i: greatest input drive in the window, that is the potential without its resets in the window
//   ΔR_ij = mean of q_j over the window − q_j as it began
//   f(u) = c₁ x + c₂ where i did not spike, c₃ x + c₄ where it did,  x = (u − θ) / range
//   Δc = η (ΔR_ij − f) ∂f/∂c          (the least squares of both lines, window by window)
//   β_ij = c₄ − c₂                     (the jump of f at the threshold)
//   Δw_ij = scale β_ij − w_ij
// The drive is counted from the threshold and in units of `range`, so that the fit does not depend on where potentials
// are 0 and how they are measured. With `fit` "constant" c₁ = c₃ = 0: a difference of means. A synapse whose neuron
// never had a window stays as it is.
#include <cmath>
#include <engram/rule.hpp>

struct Rdd {
  static constexpr engram::About about{
      .name = "rdd",
      .summary = "a feedback weight becomes the causal effect of its neuron: what it just did against what it just did "
                 "not cause",
      .reference =
          "Lansdell & Kording 2019, bioRxiv 253351; Guerguiev, Kording & Richards 2020, ICLR, arXiv:1910.01689",
  };
  static constexpr const char *fits[] = {"linear", "constant", nullptr};
  static constexpr engram_parameter parameters[] = {
      {"tau", "ms", 20, 1e-3, 1e9, "membrane time constant of the postsynaptic neurons", nullptr},
      {"threshold", "mV", -50, -1e6, 1e6, "theta, their threshold", nullptr},
      {"near", "mV", 1, 0, 1e6, "a window begins where the potential is as near to the threshold as this", nullptr},
      {"range", "mV", 10, 0, 1e6, "a window counts where its greatest drive is as near to the threshold as this",
       nullptr},
      {"window", "ms", 30, 1e-3, 1e6, "T, how long a window lasts", nullptr},
      {"tau_l", "ms", 10, 1e-3, 1e6, "decay of the kernel through which presynaptic spikes are seen", nullptr},
      {"tau_s", "ms", 3, 1e-3, 1e6, "its rise; not that of its decay", nullptr},
      {"eta", "", 0.001, 0, 1, "share of the error that the fit takes over at the end of a window", nullptr},
      {"fit", "", 0, 0, 1, "of what is caused by the drive, on either side of the threshold", fits},
      {"scale", "", 1, -1e9, 1e9, "feedback weight of a causal effect of 1", nullptr},
  };
  static constexpr engram_signal signals[] = {engram::pre("spike"), engram::post("spike"), engram::post("potential"),
                                              engram::post("drive")};
  static constexpr engram_state states[] = {
      {ENGRAM_PRE, "slow", "", 0, 1, "presynaptic spikes through exp(-t / tau_l)"},
      {ENGRAM_PRE, "fast", "", 0, 1, "and through exp(-t / tau_s)"},
      {ENGRAM_POST, "left", "", 0, 1, "steps left of the window, the present one among them; 0: there is none"},
      {ENGRAM_POST, "resets", "mV", 0, 1, "what resets before the window still take from the potential"},
      {ENGRAM_POST, "greatest", "mV", 0, 1, "greatest drive in the window so far, less threshold"},
      {ENGRAM_POST, "spiked", "", 0, 1, "did the neuron spike in the window?"},
      {ENGRAM_SYNAPSE, "response", "", 0, 1, "q, summed over the window, less what it was as the window began"},
      {ENGRAM_SYNAPSE, "c1", "", 0, 0, "slope of the response where the threshold was missed, per range"},
      {ENGRAM_SYNAPSE, "c2", "", 0, 0, "response at the threshold, from below"},
      {ENGRAM_SYNAPSE, "c3", "", 0, 0, "slope of the response where the neuron spiked, per range"},
      {ENGRAM_SYNAPSE, "c4", "", 0, 0, "response at the threshold, from above"},
  };

  template <class T> static void pre_state(engram::Side<T> &side) {
    const auto spike = side.signal("spike");
    for (const char *name : {"slow", "fast"}) {
      const auto trace = side.state(name);
      const double tau = side.parameter(name[0] == 's' ? "tau_l" : "tau_s");
      const T keep = static_cast<T>(std::exp(-side.now().step / tau));
      for (size_t b = 0; b < side.trials(); ++b) // κ(0) = 0: a spike of this step shows in the next
        for (size_t j = 0; j < side.neurons(); ++j) trace(j, b) = keep * trace(j, b) + spike(j, b);
    }
  }

  template <class T> static void post_state(engram::Side<T> &side) {
    const auto spike = side.signal("spike"), v = side.signal("potential"), drive = side.signal("drive");
    const auto left = side.state("left"), resets = side.state("resets"), greatest = side.state("greatest"),
               spiked = side.state("spiked");
    const T keep = static_cast<T>(std::exp(-side.now().step / side.parameter("tau")));
    const T theta = static_cast<T>(side.parameter("threshold")), near = static_cast<T>(side.parameter("near"));
    const T steps = length<T>(side);
    const bool plastic = side.now().plastic != 0;
    for (size_t b = 0; b < side.trials(); ++b)
      for (size_t i = 0; i < side.neurons(); ++i) {
        T &l = left(i, b);
        l = plastic && l > T(0) ? l - T(1) : T(0); // windows are of plastic phases
        if (l > T(1)) {                            // what the last step brings can no longer act
          resets(i, b) *= keep;
          const T u = drive(i, b) - resets(i, b) - theta;
          if (u > greatest(i, b)) greatest(i, b) = u;
          if (spike(i, b) > T(0)) spiked(i, b) = T(1);
        } else if (l == T(0) && plastic && std::abs(v(i, b) - theta) <= near) {
          l = steps + T(1);
          resets(i, b) = drive(i, b) - v(i, b);
          greatest(i, b) = v(i, b) - theta;
          spiked(i, b) = spike(i, b) > T(0) ? T(1) : T(0);
        }
      }
  }

  template <class T> static void synapses(engram::Synapses<T> &tile) {
    if (!tile.now().plastic) return;
    const auto slow = tile.pre_state("slow"), fast = tile.pre_state("fast"), left = tile.post_state("left"),
               greatest = tile.post_state("greatest"), spiked = tile.post_state("spiked"), c1 = tile.state("c1"),
               c2 = tile.state("c2"), c3 = tile.state("c3"), c4 = tile.state("c4"), change = tile.change();
    const auto w = tile.weights();
    const T scale = static_cast<T>(tile.parameter("scale")), trials = static_cast<T>(tile.trials());
    for (size_t j = 0; j < tile.pres(); ++j)
      for (size_t i = 0; i < tile.posts(); ++i) {
        const T beta = c4(i, j) - c2(i, j);
        if (beta != T(0)) change(i, j) += trials * (scale * beta - w(i, j));
      }
    const double tau_l = tile.parameter("tau_l"), tau_s = tile.parameter("tau_s");
    if (tau_l == tau_s) throw std::invalid_argument("tau_l and tau_s must differ");
    const T area = static_cast<T>(1 / (tau_l - tau_s));
    const T steps = length<T>(tile), eta = static_cast<T>(tile.parameter("eta")),
            range = static_cast<T>(tile.parameter("range"));
    const bool linear = tile.parameter("fit") == 0;
    for (size_t b = 0; b < tile.trials(); ++b) {
      const auto response = tile.state("response", b);
      for (size_t j = 0; j < tile.pres(); ++j) {
        const T q = area * (slow(j, b) - fast(j, b));
        for (size_t i = 0; i < tile.posts(); ++i) {
          const T l = left(i, b);
          if (l == T(0)) continue;
          response(i, j) = l > steps ? -steps * q : response(i, j) + q;
          if (l != T(1) || std::abs(greatest(i, b)) > range) continue;
          const T x = linear && range > T(0) ? greatest(i, b) / range : T(0);
          const bool above = spiked(i, b) > T(0);
          T &slope = above ? c3(i, j) : c1(i, j), &at_threshold = above ? c4(i, j) : c2(i, j);
          const T error = response(i, j) / steps - (slope * x + at_threshold);
          slope += eta * error * x;
          at_threshold += eta * error;
        }
      }
    }
  }

private:
  template <class T, class Side> static T length(const Side &side) { // of a window, in steps
    const double exact = side.parameter("window") / side.now().step, steps = std::round(exact);
    if (steps < 1 || std::abs(exact - steps) > 1e-6)
      throw std::invalid_argument("'window' must be a multiple of the time step");
    return static_cast<T>(steps);
  }
};

ENGRAM_RULE(Rdd)
