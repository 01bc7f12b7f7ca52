// A `burst` region has ensembles of neurons that fire single spikes and bursts.
#include "dynamics/drawn.hpp"
#include "dynamics/entry.hpp"
#include "dynamics/exact_steps.hpp"
#include "dynamics/words.hpp"
#include <cmath>

namespace engram::dynamics {

namespace {

/// Event rate and burst rate of an ensemble: τ u' = −u + I, rate (of events) e = φ(u), burst b = p e with the burst
/// probability p = σ(β h a + α) and h = φ'(u) / e (Payeur et al. 2021, Nat Neurosci 24:1010-1019, Methods, "Deep
/// network models": v, e = f(v), u = h(e) ⊙ Y b, p = σ(β u + α), b = p e).
template <class T> class Burst final : public RegionDynamics<T>, public RelaxingSteps<T> {
public:
  Burst(Activation phi, const numeric::Vector<T> &tau, T slope, T offset)
      : RelaxingSteps<T>(1 / tau), readout_(phi), beta_(slope), alpha_(offset) {}
  bool has_state() const override { return true; }
  SignalSet needed() const override { return wanted_set({Signal::gain, Signal::apical}); }
  void from_state(const Matrix<T> &u, RegionSignals<T> &s, SignalSet wanted) const override {
    readout_.forward(u, s, wanted);
  }
  void from_apical(RegionSignals<T> &s, SignalSet wanted) const override {
    if (!wanted[static_cast<std::size_t>(Signal::burst)]) return;
    const T *e = s[Signal::rate].memptr(), *g = s[Signal::gain].memptr(), *a = s[Signal::apical].memptr();
    T *out = s[Signal::burst].memptr();
    for (std::size_t k = 0; k < s[Signal::burst].n_elem; ++k) out[k] = e[k] * probability(e[k], g[k], a[k]);
  }
  void from_apical_vjp(const RegionSignals<T> &s, RegionSignals<T> &d, SignalSet wanted) const override {
    if (!wanted[static_cast<std::size_t>(Signal::burst)]) return;
    const T *e = s[Signal::rate].memptr(), *g = s[Signal::gain].memptr(), *a = s[Signal::apical].memptr();
    const T *db = d[Signal::burst].memptr();
    T *de = d[Signal::rate].memptr(), *dg = d[Signal::gain].memptr(), *da = d[Signal::apical].memptr();
    for (std::size_t k = 0; k < s[Signal::burst].n_elem; ++k) {
      const T p = probability(e[k], g[k], a[k]);
      if (!(e[k] > smallest)) {
        de[k] += db[k] * p;
        continue;
      }
      const T slope = p * (1 - p) * beta_;
      de[k] += db[k] * (p - slope * a[k] * g[k] / e[k]);
      dg[k] += db[k] * slope * a[k];
      da[k] += db[k] * slope * g[k];
    }
  }
  void error(RegionSignals<T> &) const override {}
  void error_vjp(const RegionSignals<T> &, RegionSignals<T> &) const override {}
  void derivative(const Matrix<T> &u, const RegionSignals<T> &s, Matrix<T> &du) const override {
    for (std::size_t b = 0; b < u.n_cols; ++b)
      for (std::size_t i = 0; i < u.n_rows; ++i) du.at(i, b) = (s.soma.at(i, b) - u.at(i, b)) * rate_[i];
  }
  void derivative_vjp(const Matrix<T> &u, const RegionSignals<T> &, const Matrix<T> &dotu, RegionSignals<T> &d,
                      Matrix<T> &dstate) const override {
    for (std::size_t b = 0; b < u.n_cols; ++b)
      for (std::size_t i = 0; i < u.n_rows; ++i) {
        dstate.at(i, b) -= dotu.at(i, b) * rate_[i];
        d.soma.at(i, b) += dotu.at(i, b) * rate_[i];
      }
  }
  void from_state_vjp(const Matrix<T> &u, const RegionSignals<T> &s, RegionSignals<T> &d, Matrix<T> &dstate,
                      SignalSet wanted) const override {
    readout_.backward(u, s, d, dstate, wanted);
  }

private:
  using RelaxingSteps<T>::rate_;                      // 1/τ, N
  static constexpr T smallest = static_cast<T>(1e-6); // an ensemble below it is silent: nothing of it can burst
  T probability(T e, T g, T a) const {
    const T h = e > smallest ? g / e : T(0);
    return 1 / (1 + std::exp(-(beta_ * h * a + alpha_)));
  }
  Readout<T> readout_;
  T beta_, alpha_;
};

template <class T> std::unique_ptr<RegionDynamics<T>> make_burst(const model::Region &region, std::uint64_t seed) {
  const auto value = [&](const char *name) { return static_cast<T>(region.dynamics.number(name)); };
  return std::make_unique<Burst<T>>(activation_of(region.activation), drawn<T>(region, "tau", seed), value("slope"),
                                    value("offset"));
}

} // namespace

DynamicsEntry burst_dynamics() {
  auto words = dynamics_words("burst",
                              "events and bursts: tau u' = -u + b + sum W r, rate = phi(u) of events, "
                              "burst = rate sigma(slope gain / rate a + offset)",
                              "Payeur et al. 2021, Nat Neurosci 24:1010-1019, Methods");
  words.parameters = {per_neuron(positive("tau", "ms", 10, "membrane time constant")),
                      positive("slope", "", 1, "beta, slope of the burst probability"),
                      number("offset", "", 0, "alpha, log odds of a burst without apical current")};
  words.activation = true;
  words.default_activation = "sigmoid";
  words.signals = {
      {"potential", "", "u, the somatic potential", false, false},
      {"rate", "", "phi(u), the rate of events (bursts and single spikes)", false, false},
      {"gain", "", "the slope of the activation function at u", false, false},
      {"apical", "", "a, the current into the apical compartment", false, true},
      {"burst", "", "the rate of bursts", false, true},
      {"noise", "", "the noise that was injected", false, false},
  };
  words.states = {state("u", "", "the potential")};
  words.compartments = {"soma", "apical"};
  words.state = true;
  words.integrator = "euler";
  words.linear = true;
  words.fastest = by_tau;
  return {.words = std::move(words), .place = 80, .make = {make_burst<float>, make_burst<double>}};
}

} // namespace engram::dynamics
