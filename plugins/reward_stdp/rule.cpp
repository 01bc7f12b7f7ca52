// Spike timing marks a synapse, and reward turns the mark into a change.
//   c' = −c / τ_c + STDP(Δt) δ(t − s),  w' = c d
// c the eligibility trace of the synapse, d the modulator `dopamine`: what it is, the model says (Izhikevich 2007;
// Frémaux & Gerstner 2016). STDP(Δt) = A₊
// exp(−Δt / τ₊) for Δt = t_post − t_pre > 0, −A₋ exp(Δt / τ₋) for Δt < 0. Marks made between two sweeps count as made
// at the later one, and the modulator that a sweep reads holds until the next, as in the paper's program, which sweeps
// every 10 ms.
#include <cmath>
#include <engram/rule.hpp>

struct RewardStdp {
  static constexpr engram::About about{
      .name = "reward_stdp",
      .summary = "what spike timing marked is learnt when reward comes",
      .reference = "Izhikevich 2007, Cereb Cortex 17:2443-2452; Frémaux & Gerstner 2016, Front Neural Circuits 9:85",
      .sweep_every = "every",
  };
  static constexpr engram_parameter parameters[] = {
      {"tau_plus", "ms", 20, 1e-3, 1e6, "time constant of potentiation", nullptr},
      {"tau_minus", "ms", 20, 1e-3, 1e6, "time constant of depression", nullptr},
      {"a_plus", "", 0.1, 0, 1e6, "mark left by a presynaptic spike shortly before a postsynaptic one", nullptr},
      {"a_minus", "", 0.12, 0, 1e6, "mark taken by the opposite order", nullptr},
      {"tau_c", "ms", 1000, 1e-3, 1e9, "time constant of the eligibility trace", nullptr},
      {"every", "ms", 10, 1e-3, 1e9, "time between updates of the weights", nullptr},
  };
  static constexpr const char *modulators[] = {"dopamine"};
  static constexpr engram_state states[] = {
      {ENGRAM_PRE, "x", "", 0, 1, "trace of presynaptic spikes"},
      {ENGRAM_POST, "y", "", 0, 1, "trace of postsynaptic spikes"},
      {ENGRAM_SYNAPSE, "c", "", 0, 1, "eligibility trace"},
  };
  template <class T> static void pre_state(engram::Side<T> &side) {
    engram::decay(side.state("x"), side.now().step, side.parameter("tau_plus"));
  }
  template <class T> static void post_state(engram::Side<T> &side) {
    engram::decay(side.state("y"), side.now().step, side.parameter("tau_minus"));
  }
  template <class T> static void pre_spike(engram::Side<T> &side, const uint32_t *who, size_t count) {
    engram::add_spikes(side.state("x"), who, count);
  }
  template <class T> static void post_spike(engram::Side<T> &side, const uint32_t *who, size_t count) {
    engram::add_spikes(side.state("y"), who, count);
  }
  template <class T> static void on_pre(engram::Row<T> &row) {
    const auto y = row.post_state("y");
    const auto c = row.state("c");
    const T a = static_cast<T>(row.parameter("a_minus"));
    for (size_t k = 0; k < row.size(); ++k) c[k] -= a * y(row.other(k));
  }
  template <class T> static void on_post(engram::Row<T> &row) {
    const auto x = row.pre_state("x");
    const auto c = row.state("c");
    const T a = static_cast<T>(row.parameter("a_plus"));
    for (size_t k = 0; k < row.size(); ++k) c[k] += a * x(row.other(k));
  }
  template <class T> static void sweep(engram::Row<T> &row) {
    const auto c = row.state("c");
    const T d = row.modulator("dopamine");
    const double tau = row.parameter("tau_c"), every = row.parameter("every");
    const T decayed = static_cast<T>(std::exp(-every / tau));
    const T integral = d * static_cast<T>(-std::expm1(-every / tau) * tau / 1000); // of c until the next sweep, s
    for (size_t k = 0; k < row.size(); ++k) {
      row.change(k) = integral * c[k];
      c[k] *= decayed;
    }
  }
};

ENGRAM_RULE(RewardStdp)
