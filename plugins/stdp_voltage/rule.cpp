#include <cmath>
#include <engram/rule.hpp>

/// Plasticity by the postsynaptic potential u and two low-pass filtered versions of it, ū₋ and ū₊:
///   at a presynaptic spike  Δw = −A_LTD [ū₋ − θ₋]₊,
///   at all times            w' = A_LTP x̄ [u − θ₊]₊ [ū₊ − θ₋]₊,
/// x̄ the presynaptic spikes, filtered with τ_x (Clopath, Büsing, Vasilaki & Gerstner 2010, Nat Neurosci 13:344, with
/// A_LTD fixed, as for slices). A filtered spike has height 1 (its area is τ_x). Potentiation is summed up at
/// each sweep; between them it is held. ū₋ and ū₊ are read before this step's potential enters them.
struct StdpVoltage {
  static constexpr engram::About about{
      .name = "stdp_voltage",
      .summary = "a synapse changes by its neuron's potential, now and shortly before",
      .reference = "Clopath, Büsing, Vasilaki & Gerstner 2010, Nat Neurosci 13:344-352",
      .sweep_every = "every",
  };
  static constexpr engram_parameter parameters[] = {
      {"theta_minus", "mV", -70.6, -1e6, 1e6, "threshold of the filtered potentials", nullptr},
      {"theta_plus", "mV", -45.3, -1e6, 1e6, "threshold of the potential for potentiation", nullptr},
      {"a_ltd", "1/mV", 14e-5, 0, 1e6, "amplitude of depression", nullptr},
      {"a_ltp", "1/(mV^2 ms)", 8e-5, 0, 1e6, "amplitude of potentiation", nullptr},
      {"tau_minus", "ms", 10, 1e-3, 1e6, "time constant of the potential that depresses", nullptr},
      {"tau_plus", "ms", 7, 1e-3, 1e6, "time constant of the potential that potentiates", nullptr},
      {"tau_x", "ms", 15, 1e-3, 1e6, "time constant of the presynaptic trace", nullptr},
      {"every", "ms", 0.1, 1e-4, 1e3, "time between sweeps: the model's step, or a few of them", nullptr},
  };
  static constexpr engram_signal signals[] = {engram::post("potential")};
  static constexpr engram_state states[] = {
      {ENGRAM_PRE, "x", "", 0, 1, "trace of presynaptic spikes"},
      {ENGRAM_POST, "minus", "mV", 0, 1, "u_minus - theta_minus, rectified, as the step began"},
      {ENGRAM_POST, "gate", "mV^2", 0, 1, "[u - theta_plus]+ [u_plus - theta_minus]+ as the step began"},
      {ENGRAM_POST, "u_minus", "mV", 0, 1, "filtered potential, less theta_minus"},
      {ENGRAM_POST, "u_plus", "mV", 0, 1, "filtered potential, less theta_minus"},
  };

  template <class T> static void pre_state(engram::Side<T> &side) {
    engram::decay(side.state("x"), side.now().step, side.parameter("tau_x"));
  }
  template <class T> static void pre_spike(engram::Side<T> &side, const uint32_t *who, size_t count) {
    engram::add_spikes(side.state("x"), who, count);
  }
  template <class T> static void post_state(engram::Side<T> &side) {
    const auto u = side.signal("potential");
    const auto minus = side.state("minus"), gate = side.state("gate");
    const auto slow = side.state("u_minus"), fast = side.state("u_plus");
    const double h = side.now().step;
    const T low = static_cast<T>(side.parameter("theta_minus")), high = static_cast<T>(side.parameter("theta_plus"));
    const T keep_slow = static_cast<T>(std::exp(-h / side.parameter("tau_minus")));
    const T keep_fast = static_cast<T>(std::exp(-h / side.parameter("tau_plus")));
    const auto above = [](T x) { return x > 0 ? x : T(0); };
    for (size_t i = 0; i < side.neurons(); ++i) {
      minus(i) = above(slow(i));
      gate(i) = above(u(i) - high) * above(fast(i));
      slow(i) = keep_slow * slow(i) + (1 - keep_slow) * (u(i) - low);
      fast(i) = keep_fast * fast(i) + (1 - keep_fast) * (u(i) - low);
    }
  }

  template <class T> static void on_pre(engram::Row<T> &row) {
    const auto minus = row.post_state("minus");
    const T a = static_cast<T>(row.parameter("a_ltd"));
    for (size_t k = 0; k < row.size(); ++k) row.change(k) = -a * minus(row.other(k));
  }
  template <class T> static void sweep(engram::Row<T> &row) {
    const T x = row.pre_state("x")(row.neuron());
    if (x == T(0)) return;
    const auto gate = row.post_state("gate");
    const T a = static_cast<T>(row.parameter("a_ltp") * row.parameter("every")) * x;
    for (size_t k = 0; k < row.size(); ++k) row.change(k) = a * gate(row.other(k));
  }
};

ENGRAM_RULE(StdpVoltage)
