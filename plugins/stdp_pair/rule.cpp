// Pair-based spike-timing-dependent plasticity. With x_j and y_i the traces of presynaptic and postsynaptic spikes:
//   at a presynaptic spike  Δw = −A₋ f₋(w) y_i,   at a postsynaptic spike  Δw = A₊ f₊(w) x_j,
//   x' = −x / τ₊ and y' = −y / τ₋ between spikes; a spike adds 1 (all pairs) or sets 1 (nearest pairs),
// f₊ = w_max (1 − w / w_max)^μ and f₋ = w_max (w / w_max)^μ (Gütig et al. 2003): μ = 0 is additive (Song, Miller
// & Abbott 2000), μ = 1 multiplicative (van Rossum, Bi & Turrigiano 2000). A pair of spikes Δt = t_post − t_pre apart
// changes an additive synapse by A₊ w_max exp(−Δt / τ₊), or by −A₋ w_max exp(Δt / τ₋) for Δt < 0, as each reaches the
// synapse; spikes that meet there do nothing.
#include <cmath>
#include <engram/rule.hpp>

struct StdpPair {
  static constexpr engram::About about{
      .name = "stdp_pair",
      .summary = "a synapse grows when its presynaptic spike comes first, and shrinks when it comes last",
      .reference = "Song, Miller & Abbott 2000, Nat Neurosci 3:919-926; Gütig, Aharonov, Rotter & Sompolinsky 2003, J "
                   "Neurosci 23:3697-3714",
  };
  static constexpr const char *pairs[] = {"all", "nearest", nullptr};
  static constexpr engram_parameter parameters[] = {
      {"tau_plus", "ms", 20, 1e-3, 1e6, "time constant of potentiation", nullptr},
      {"tau_minus", "ms", 20, 1e-3, 1e6, "time constant of depression", nullptr},
      {"a_plus", "", 0.01, 0, 1e6, "A+, potentiation by a pair without delay, as a share of w_max", nullptr},
      {"a_minus", "", 0.0105, 0, 1e6, "A-, depression by such a pair", nullptr},
      {"mu", "", 0, 0, 10, "dependence on the weight: 0 none (additive), 1 linear (multiplicative)", nullptr},
      {"w_max", "", 1, 0, 1e12, "weight to which the changes are relative; \"constraints\" keep it as a bound",
       nullptr},
      {"pairs", "", 0, 0, 1, "of each spike with all earlier ones of the other side, or with the nearest", pairs},
  };
  static constexpr engram_state states[] = {
      {ENGRAM_PRE, "x", "", 0, 1, "trace of presynaptic spikes"},
      {ENGRAM_POST, "y", "", 0, 1, "trace of postsynaptic spikes"},
  };

  template <class T> static void pre_state(engram::Side<T> &side) {
    engram::decay(side.state("x"), side.now().step, side.parameter("tau_plus"));
  }
  template <class T> static void post_state(engram::Side<T> &side) {
    engram::decay(side.state("y"), side.now().step, side.parameter("tau_minus"));
  }
  template <class T> static void spike(engram::Side<T> &side, const char *trace, const uint32_t *who, size_t count) {
    side.parameter("pairs") == 0 ? engram::add_spikes(side.state(trace), who, count)
                                 : engram::set_spikes(side.state(trace), who, count);
  }
  template <class T> static void pre_spike(engram::Side<T> &side, const uint32_t *who, size_t count) {
    spike(side, "x", who, count);
  }
  template <class T> static void post_spike(engram::Side<T> &side, const uint32_t *who, size_t count) {
    spike(side, "y", who, count);
  }

  template <class T> static void on_pre(engram::Row<T> &row) {
    const auto y = row.post_state("y");
    const auto w = row.weights();
    const double mu = row.parameter("mu");
    const T top = static_cast<T>(row.parameter("w_max")), a = static_cast<T>(row.parameter("a_minus")) * top;
    if (mu == 0)
      for (size_t k = 0; k < row.size(); ++k) row.change(k) = -a * y(row.other(k));
    else
      for (size_t k = 0; k < row.size(); ++k)
        row.change(k) = -a * power(w[k] / top, static_cast<T>(mu)) * y(row.other(k));
  }
  template <class T> static void on_post(engram::Row<T> &row) {
    const auto x = row.pre_state("x");
    const auto w = row.weights();
    const double mu = row.parameter("mu");
    const T top = static_cast<T>(row.parameter("w_max")), a = static_cast<T>(row.parameter("a_plus")) * top;
    if (mu == 0)
      for (size_t k = 0; k < row.size(); ++k) row.change(k) = a * x(row.other(k));
    else
      for (size_t k = 0; k < row.size(); ++k)
        row.change(k) = a * power(1 - w[k] / top, static_cast<T>(mu)) * x(row.other(k));
  }

private:
  // Beyond the bounds the dependence ends.
  template <class T> static T power(T share, T mu) { return share <= T(0) ? T(0) : std::pow(share, mu); }
};

ENGRAM_RULE(StdpPair)
