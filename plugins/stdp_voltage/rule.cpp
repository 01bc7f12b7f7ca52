// Plasticity by the postsynaptic potential u and two low-pass filtered versions of it, ū₋ and ū₊:
//   at a presynaptic spike  Δw = −A_LTD(ū̄) [ū₋ − θ₋]₊,
//   at all times            w' = A_LTP x̄ [u − θ₊]₊ [ū₊ − θ₋]₊,
// x̄ the presynaptic spikes, filtered: τ_x x̄' = −x̄ + Σ δ(t − t_pre), so that each has area 1 (Clopath, Büsing,
// Vasilaki & Gerstner 2010, Nat Neurosci 13:344, eqs. 1-3). ū₋ and ū₊ are read `delay` ms late, as in the authors'
// program (ModelDB 144566): a spike is to meet the potential before it, not its own. A_LTD(ū̄) = A_LTD ū̄ / u²_ref,
// with ū̄ the squared depolarization (u − E)², filtered, as in that program; A_LTD where u²_ref is 0.
// Potentiation is summed up at each sweep; between them it is held.
#include <cmath>
#include <engram/rule.hpp>

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
      {"a_ltp", "1/mV^2", 8e-5, 0, 1e6, "amplitude of potentiation", nullptr},
      {"tau_minus", "ms", 10, 1e-3, 1e6, "time constant of the potential that depresses", nullptr},
      {"tau_plus", "ms", 7, 1e-3, 1e6, "time constant of the potential that potentiates", nullptr},
      {"tau_x", "ms", 15, 1e-3, 1e6, "time constant of the presynaptic trace", nullptr},
      {"delay", "ms", 4, 0, 1e3, "by which the filtered potentials are read late: more than a spike's width", nullptr},
      {"u_ref_squared", "mV^2", 0, 0, 1e9, "mean squared depolarization at which depression is a_ltd; 0: it always is",
       nullptr},
      {"tau_bar", "ms", 1200, 1e-3, 1e9, "time constant of that mean", nullptr},
      {"rest", "mV", -70.6, -1e6, 1e6, "E, from which the depolarization counts", nullptr},
      {"every", "ms", 0.1, 1e-4, 1e3, "time between sweeps: the model's step, or a few of them", nullptr},
  };
  static constexpr engram_signal signals[] = {engram::post("potential")};
  static constexpr engram_state states[] = {
      {ENGRAM_PRE, "x", "1/ms", 0, 1, "trace of presynaptic spikes"},
      {ENGRAM_POST, "over", "mV", 0, 1, "u - theta_plus, rectified"},
      {ENGRAM_POST, "u_minus", "mV", 0, 1, "filtered potential, less theta_minus"},
      {ENGRAM_POST, "u_plus", "mV", 0, 1, "filtered potential, less theta_minus"},
      {ENGRAM_POST, "u_bar", "mV^2", 0, 1, "squared depolarization, filtered"},
  };
  static constexpr engram::Late late[] = {{"u_minus", "delay"}, {"u_plus", "delay"}};

  template <class T> static T above(T x) { return x > 0 ? x : T(0); }

  template <class T> static void pre_state(engram::Side<T> &side) {
    engram::decay(side.state("x"), side.now().step, side.parameter("tau_x"));
  }
  template <class T> static void pre_spike(engram::Side<T> &side, const uint32_t *who, size_t count) {
    const auto x = side.state("x");
    const T height = static_cast<T>(1 / side.parameter("tau_x"));
    for (size_t k = 0; k < count; ++k) x(who[k]) += height;
  }
  template <class T> static void post_state(engram::Side<T> &side) {
    const auto u = side.signal("potential");
    const auto over = side.state("over"), slow = side.state("u_minus"), fast = side.state("u_plus"),
               bar = side.state("u_bar");
    const T low = static_cast<T>(side.parameter("theta_minus")), high = static_cast<T>(side.parameter("theta_plus")),
            rest = static_cast<T>(side.parameter("rest"));
    const auto keep = [&](const char *tau) { return static_cast<T>(std::exp(-side.now().step / side.parameter(tau))); };
    const T keep_slow = keep("tau_minus"), keep_fast = keep("tau_plus"), keep_bar = keep("tau_bar");
    for (size_t i = 0; i < side.neurons(); ++i) {
      over(i) = above(u(i) - high);
      slow(i) = keep_slow * slow(i) + (1 - keep_slow) * (u(i) - low);
      fast(i) = keep_fast * fast(i) + (1 - keep_fast) * (u(i) - low);
      bar(i) = keep_bar * bar(i) + (1 - keep_bar) * (u(i) - rest) * (u(i) - rest);
    }
  }

  template <class T> static void on_pre(engram::Row<T> &row) {
    const auto slow = row.post_state("u_minus"), bar = row.post_state("u_bar");
    const T a = static_cast<T>(row.parameter("a_ltd")), squared = static_cast<T>(row.parameter("u_ref_squared"));
    if (squared == T(0))
      for (size_t k = 0; k < row.size(); ++k) row.change(k) = -a * above(slow(row.other(k)));
    else
      for (size_t k = 0; k < row.size(); ++k)
        row.change(k) = -a * bar(row.other(k)) / squared * above(slow(row.other(k)));
  }
  template <class T> static void sweep(engram::Row<T> &row) {
    const T x = row.pre_state("x")(row.neuron());
    if (x == T(0)) return;
    const auto over = row.post_state("over"), fast = row.post_state("u_plus");
    const T a = static_cast<T>(row.parameter("a_ltp") * row.parameter("every")) * x;
    for (size_t k = 0; k < row.size(); ++k) row.change(k) = a * over(row.other(k)) * above(fast(row.other(k)));
  }
};

ENGRAM_RULE(StdpVoltage)
