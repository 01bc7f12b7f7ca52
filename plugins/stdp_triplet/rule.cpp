// The triplet rule: how strongly a pair counts depends on the spikes before it.
//   at a presynaptic spike   Δw = −o₁ (A₂⁻ + A₃⁻ r₂(t − ε)),
//   at a postsynaptic spike  Δw = r₁ (A₂⁺ + A₃⁺ o₂(t − ε)),
// r₁ and r₂ traces of presynaptic spikes with τ₊ and τ_x, o₁ and o₂ of postsynaptic ones with τ₋ and τ_y
// (Pfister & Gerstner 2006, eqs. 1-4). Defaults: their model of visual cortex, all spikes.
#include <engram/rule.hpp>

struct StdpTriplet {
  static constexpr engram::About about{
      .name = "stdp_triplet",
      .summary = "pairs of spikes change a synapse, by more where a third spike came shortly before",
      .reference = "Pfister & Gerstner 2006, J Neurosci 26:9673-9682, eqs. 1-4",
  };
  static constexpr const char *spikes[] = {"all", "nearest", nullptr};
  static constexpr engram_parameter parameters[] = {
      {"tau_plus", "ms", 16.8, 1e-3, 1e6, "time constant of r1, of potentiation by pairs", nullptr},
      {"tau_minus", "ms", 33.7, 1e-3, 1e6, "time constant of o1, of depression by pairs", nullptr},
      {"tau_x", "ms", 101, 1e-3, 1e6, "time constant of r2, of triplets of two presynaptic spikes", nullptr},
      {"tau_y", "ms", 125, 1e-3, 1e6, "time constant of o2, of triplets of two postsynaptic spikes", nullptr},
      {"a2_plus", "", 5e-10, 0, 1e6, "A2+, potentiation by a pair", nullptr},
      {"a2_minus", "", 7e-3, 0, 1e6, "A2-, depression by a pair", nullptr},
      {"a3_plus", "", 6.2e-3, 0, 1e6, "A3+, potentiation by a triplet of two postsynaptic spikes", nullptr},
      {"a3_minus", "", 2.3e-4, 0, 1e6, "A3-, depression by a triplet of two presynaptic spikes", nullptr},
      {"spikes", "", 0, 0, 1, "do traces add up over all spikes, or count from the last alone", spikes},
  };
  static constexpr engram_state states[] = {
      {ENGRAM_PRE, "r1", "", 0, 1, "fast trace of presynaptic spikes"},
      {ENGRAM_PRE, "r2", "", 0, 1, "slow trace of presynaptic spikes"},
      {ENGRAM_POST, "o1", "", 0, 1, "fast trace of postsynaptic spikes"},
      {ENGRAM_POST, "o2", "", 0, 1, "slow trace of postsynaptic spikes"},
  };

  template <class T> static void spike(engram::Side<T> &side, const char *trace, const uint32_t *who, size_t count) {
    side.parameter("spikes") == 0 ? engram::add_spikes(side.state(trace), who, count)
                                  : engram::set_spikes(side.state(trace), who, count);
  }
  template <class T> static void pre_state(engram::Side<T> &side) {
    engram::decay(side.state("r1"), side.now().step, side.parameter("tau_plus"));
    engram::decay(side.state("r2"), side.now().step, side.parameter("tau_x"));
  }
  template <class T> static void post_state(engram::Side<T> &side) {
    engram::decay(side.state("o1"), side.now().step, side.parameter("tau_minus"));
    engram::decay(side.state("o2"), side.now().step, side.parameter("tau_y"));
  }
  template <class T> static void pre_spike(engram::Side<T> &side, const uint32_t *who, size_t count) {
    spike(side, "r1", who, count);
    spike(side, "r2", who, count);
  }
  template <class T> static void post_spike(engram::Side<T> &side, const uint32_t *who, size_t count) {
    spike(side, "o1", who, count);
    spike(side, "o2", who, count);
  }

  template <class T> static void on_pre(engram::Row<T> &row) {
    const auto o1 = row.post_state("o1");
    const T a = static_cast<T>(row.parameter("a2_minus") +
                               row.parameter("a3_minus") * static_cast<double>(row.pre_state("r2")(row.neuron())));
    for (size_t k = 0; k < row.size(); ++k) row.change(k) = -a * o1(row.other(k));
  }
  template <class T> static void on_post(engram::Row<T> &row) {
    const auto r1 = row.pre_state("r1");
    const T a = static_cast<T>(row.parameter("a2_plus") +
                               row.parameter("a3_plus") * static_cast<double>(row.post_state("o2")(row.neuron())));
    for (size_t k = 0; k < row.size(); ++k) row.change(k) = a * r1(row.other(k));
  }
};

ENGRAM_RULE(StdpTriplet)
