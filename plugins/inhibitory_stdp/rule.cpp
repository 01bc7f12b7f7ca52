// Inhibition learns to balance excitation: near-coincident spikes of either order strengthen an inhibitory synapse, a
// presynaptic spike alone weakens it.
//   at a presynaptic spike Δw = x_i − α, at a postsynaptic one Δw = x_j, times the learning rate η,
// x traces of the other side's spikes with τ, α = 2 ρ₀ τ: the postsynaptic rate settles at ρ₀ (Vogels et al.
// 2011, supplement). The window exp(−|Δt| / τ) of both orders has its peak at Δt = 0: spikes that meet at the synapse
// are a pair, which counts once, as if the presynaptic one had come just before.
#include <engram/rule.hpp>

struct InhibitoryStdp {
  static constexpr engram::About about{
      .name = "inhibitory_stdp",
      .summary = "inhibitory synapses bring the neuron to a target rate",
      .reference = "Vogels, Sprekeler, Zenke, Clopath & Gerstner 2011, Science 334:1569-1573",
  };
  static constexpr engram_parameter parameters[] = {
      {"tau", "ms", 20, 1e-3, 1e6, "time constant of the traces", nullptr},
      {"target", "Hz", 3, 0, 1e6, "rho_0, rate to which the postsynaptic neuron is brought", nullptr},
  };
  static constexpr engram_signal signals[] = {engram::pre("spike")};
  static constexpr engram_state states[] = {
      {ENGRAM_PRE, "x", "", 0, 1, "trace of presynaptic spikes, with those of this step"},
      {ENGRAM_POST, "y", "", 0, 1, "trace of postsynaptic spikes"},
  };
  template <class T> static void pre_state(engram::Side<T> &side) {
    const auto x = side.state("x");
    const auto spike = side.signal("spike");
    engram::decay(x, side.now().step, side.parameter("tau"));
    for (size_t j = 0; j < side.neurons(); ++j) x(j) += spike(j); // before on_post is called
  }
  template <class T> static void post_state(engram::Side<T> &side) {
    engram::decay(side.state("y"), side.now().step, side.parameter("tau"));
  }
  template <class T> static void post_spike(engram::Side<T> &side, const uint32_t *who, size_t count) {
    engram::add_spikes(side.state("y"), who, count);
  }
  template <class T> static void on_pre(engram::Row<T> &row) {
    const auto y = row.post_state("y");
    const T alpha = static_cast<T>(2 * row.parameter("target") / 1000 * row.parameter("tau"));
    for (size_t k = 0; k < row.size(); ++k) row.change(k) = y(row.other(k)) - alpha;
  }
  template <class T> static void on_post(engram::Row<T> &row) {
    const auto x = row.pre_state("x");
    for (size_t k = 0; k < row.size(); ++k) row.change(k) = x(row.other(k));
  }
};

ENGRAM_RULE(InhibitoryStdp)
