// A `leaky_rate` region has leaky integrators of their currents, whose rate follows from the potential.
#include "dynamics/drawn.hpp"
#include "dynamics/entry.hpp"
#include "dynamics/exact_steps.hpp"
#include "dynamics/words.hpp"

namespace engram::dynamics {

namespace {

/// τ u' = −u + I + g a, rate = φ(u).
template <class T> class LeakyRate final : public RegionDynamics<T>, public RelaxingSteps<T> {
public:
  LeakyRate(Activation phi, const numeric::Vector<T> &tau, T apical_coupling)
      : RelaxingSteps<T>(1 / tau), readout_(phi), g_(apical_coupling) {}
  bool has_state() const override { return true; }
  SignalSet needed() const override {
    SignalSet signals = readout_.needed();
    if (g_ != T(0)) signals.set(static_cast<std::size_t>(Signal::apical));
    return signals;
  }
  void from_state(const Matrix<T> &u, RegionSignals<T> &s, SignalSet wanted) const override {
    readout_.forward(u, s, wanted);
  }
  void error(RegionSignals<T> &s) const override { readout_.error(s); }
  void derivative(const Matrix<T> &u, const RegionSignals<T> &s, Matrix<T> &du) const override {
    const T *apical = g_ == T(0) ? nullptr : s[Signal::apical].memptr();
    const T *per_tau = rate_.memptr();
    for (std::size_t b = 0; b < u.n_cols; ++b) {
      const T *x = u.colptr(b), *current = s.soma.colptr(b);
      T *out = du.colptr(b);
#pragma omp simd
      for (std::size_t i = 0; i < u.n_rows; ++i) out[i] = (current[i] - x[i]) * per_tau[i];
      if (apical)
        for (std::size_t i = 0; i < u.n_rows; ++i) out[i] += g_ * apical[i + b * u.n_rows] * per_tau[i];
    }
  }
  void derivative_vjp(const Matrix<T> &u, const RegionSignals<T> &, const Matrix<T> &dotu, RegionSignals<T> &d,
                      Matrix<T> &dstate) const override {
    const T *per_tau = rate_.memptr();
    for (std::size_t b = 0; b < u.n_cols; ++b) {
      const T *in = dotu.colptr(b);
      T *back = dstate.colptr(b), *soma = d.soma.colptr(b);
#pragma omp simd
      for (std::size_t i = 0; i < u.n_rows; ++i) {
        const T scaled = in[i] * per_tau[i];
        back[i] -= scaled;
        soma[i] += scaled;
      }
      if (g_ == T(0)) continue;
      T *apical = d[Signal::apical].colptr(b);
      for (std::size_t i = 0; i < u.n_rows; ++i) apical[i] += g_ * in[i] * per_tau[i];
    }
  }
  void error_vjp(const RegionSignals<T> &s, RegionSignals<T> &d) const override { readout_.error_vjp(s, d); }
  void from_state_vjp(const Matrix<T> &u, const RegionSignals<T> &s, RegionSignals<T> &d, Matrix<T> &dstate,
                      SignalSet wanted) const override {
    readout_.backward(u, s, d, dstate, wanted);
  }

private:
  using RelaxingSteps<T>::rate_; // 1/τ, N
  Readout<T> readout_;
  T g_;
};

template <class T> std::unique_ptr<RegionDynamics<T>> make_leaky_rate(const model::Region &region, std::uint64_t seed) {
  const auto coupling = static_cast<T>(region.dynamics.number("apical_coupling"));
  return std::make_unique<LeakyRate<T>>(activation_of(region.activation), drawn<T>(region, "tau", seed), coupling);
}

} // namespace

DynamicsEntry leaky_rate_dynamics() {
  auto words = dynamics_words("leaky_rate", "tau u' = -u + b + sum W r + apical_coupling a, rate = phi(u)",
                              "Dayan & Abbott 2001, Theoretical Neuroscience, eq. 7.39");
  words.parameters = {per_neuron(positive("tau", "ms", 10, "membrane time constant")),
                      number("apical_coupling", "", 0, "how strongly the apical compartment drives the soma")};
  words.activation = true;
  words.default_activation = "tanh";
  words.pooled_activation = true;
  words.signals = rate_signals(false, false);
  words.states = {state("u", "", "the potential")};
  words.compartments = {"soma", "apical"};
  words.state = true;
  words.integrator = "euler";
  words.linear = true;
  words.fastest = by_tau;
  return {.words = std::move(words), .place = 30, .make = {make_leaky_rate<float>, make_leaky_rate<double>}};
}

} // namespace engram::dynamics
