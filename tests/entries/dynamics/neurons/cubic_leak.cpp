// cubic_leak is a rate neuron whose leak grows with the cube of its potential.
#include "dynamics/drawn.hpp"
#include "dynamics/entry.hpp"
#include "dynamics/words.hpp"

namespace engram::dynamics {

namespace {

using network::Signal;

/// τ u' = −u − c u³ + I, rate = u.
template <class T> class CubicLeak final : public RegionDynamics<T> {
public:
  CubicLeak(const numeric::Vector<T> &tau, T cubic) : rate_(1 / tau), c_(cubic) {}
  bool has_state() const override { return true; }
  void from_state(const Matrix<T> &u, RegionSignals<T> &s, SignalSet) const override { s[Signal::rate] = u; }
  void from_state_vjp(const Matrix<T> &, const RegionSignals<T> &, RegionSignals<T> &d, Matrix<T> &dstate,
                      SignalSet) const override {
    dstate += d[Signal::rate];
  }
  void derivative(const Matrix<T> &u, const RegionSignals<T> &s, Matrix<T> &du) const override {
    for (std::size_t b = 0; b < u.n_cols; ++b)
      for (std::size_t i = 0; i < u.n_rows; ++i) {
        const T x = u.at(i, b);
        du.at(i, b) = (s.soma.at(i, b) - x - c_ * x * x * x) * rate_[i];
      }
  }
  void derivative_vjp(const Matrix<T> &u, const RegionSignals<T> &, const Matrix<T> &dotu, RegionSignals<T> &d,
                      Matrix<T> &dstate) const override {
    for (std::size_t b = 0; b < u.n_cols; ++b)
      for (std::size_t i = 0; i < u.n_rows; ++i) {
        const T x = u.at(i, b), scaled = dotu.at(i, b) * rate_[i];
        dstate.at(i, b) -= scaled * (1 + 3 * c_ * x * x);
        d.soma.at(i, b) += scaled;
      }
  }
  // The root of u + c u³ = I by Newton's method, which nears it from one side when it begins at I.
  void steady_state(const RegionSignals<T> &s, Matrix<T> &u) const override {
    for (std::size_t k = 0; k < u.n_elem; ++k) {
      u[k] = s.soma[k];
      for (int round = 0; round < 50; ++round)
        u[k] -= (u[k] + c_ * u[k] * u[k] * u[k] - s.soma[k]) / (1 + 3 * c_ * u[k] * u[k]);
    }
  }
  void steady_state_vjp(const RegionSignals<T> &s, const Matrix<T> &dstate, RegionSignals<T> &d) const override {
    Matrix<T> u(arma::size(s.soma));
    steady_state(s, u);
    d.soma += dstate / (1 + 3 * c_ * arma::square(u));
  }
  void error(RegionSignals<T> &) const override {}
  void error_vjp(const RegionSignals<T> &, RegionSignals<T> &) const override {}

private:
  numeric::Vector<T> rate_; // 1/τ, N
  T c_;
};

template <class T> std::unique_ptr<RegionDynamics<T>> make_cubic_leak(const model::Region &region, std::uint64_t seed) {
  return std::make_unique<CubicLeak<T>>(drawn<T>(region, "tau", seed), static_cast<T>(region.dynamics.number("cubic")));
}

} // namespace

DynamicsEntry cubic_leak_dynamics() {
  auto words = dynamics_words("cubic_leak", "tau u' = -u - cubic u^3 + sum W r, rate = u", "written for the tests");
  words.parameters = {per_neuron(positive("tau", "ms", 10, "time constant")),
                      at_least_zero("cubic", "", 0.5, "strength of the cubic leak")};
  words.signals = {{"rate", "", "u", false, false}};
  words.compartments = {"soma"};
  words.state = true;
  words.integrator = "euler";
  words.fastest = by_tau;
  return {.words = std::move(words), .make = {make_cubic_leak<float>, make_cubic_leak<double>}};
}

} // namespace engram::dynamics
