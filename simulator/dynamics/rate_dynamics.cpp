// The rate dynamics: input, static, leaky_rate, wilson_cowan, supralinear.
#include "dynamics/region_dynamics.hpp"
#include "network/network.hpp"
#include "network/random.hpp"

namespace engram::dynamics {

namespace {

/// Shows what it is given.
template <class T> class Input final : public RegionDynamics<T> {
public:
  bool has_state() const override { return false; }
  void error(RegionSignals<T> &) const override {}
  void error_vjp(const RegionSignals<T> &, RegionSignals<T> &) const override {}
};

/// u = b + Σ W r, rate = φ(u): an artificial neuron.
template <class T> class Static final : public RegionDynamics<T> {
public:
  explicit Static(Activation phi) : readout_(phi) {}
  bool has_state() const override { return false; }
  void from_soma(RegionSignals<T> &s, Wanted wanted) const override { readout_.forward(s.soma, s, wanted); }
  void error(RegionSignals<T> &s) const override { readout_.error(s); }
  void error_vjp(const RegionSignals<T> &s, RegionSignals<T> &d) const override { readout_.error_vjp(s, d); }
  void from_soma_vjp(const RegionSignals<T> &s, RegionSignals<T> &d, Wanted wanted) const override {
    readout_.backward(s.soma, s, d, d.soma, wanted);
  }

private:
  Readout<T> readout_;
};

/// τ u' = −u + I + g a, rate = φ(u).
template <class T> class LeakyRate final : public RegionDynamics<T> {
public:
  LeakyRate(Activation phi, const network::Vector<T> &tau, T apical_coupling)
      : readout_(phi), rate_(1 / tau), g_(apical_coupling) {}
  bool has_state() const override { return true; }
  void from_state(const Matrix<T> &u, RegionSignals<T> &s, Wanted wanted) const override {
    readout_.forward(u, s, wanted);
  }
  void error(RegionSignals<T> &s) const override { readout_.error(s); }
  void derivative(const Matrix<T> &u, const RegionSignals<T> &s, Matrix<T> &du) const override {
    const T *apical = g_ == T(0) ? nullptr : s[Signal::apical].memptr();
    for (std::size_t b = 0; b < u.n_cols; ++b) {
      const T *x = u.colptr(b), *current = s.soma.colptr(b);
      T *out = du.colptr(b);
      for (std::size_t i = 0; i < u.n_rows; ++i) out[i] = (current[i] - x[i]) * rate_[i];
      if (apical)
        for (std::size_t i = 0; i < u.n_rows; ++i) out[i] += g_ * apical[i + b * u.n_rows] * rate_[i];
    }
  }
  void derivative_vjp(const Matrix<T> &u, const RegionSignals<T> &, const Matrix<T> &dotu, RegionSignals<T> &d,
                      Matrix<T> &dstate) const override {
    for (std::size_t b = 0; b < u.n_cols; ++b)
      for (std::size_t i = 0; i < u.n_rows; ++i) {
        const T scaled = dotu.at(i, b) * rate_[i];
        dstate.at(i, b) -= scaled;
        d.soma.at(i, b) += scaled;
        if (g_ != T(0)) d[Signal::apical].at(i, b) += g_ * scaled;
      }
  }
  void error_vjp(const RegionSignals<T> &s, RegionSignals<T> &d) const override { readout_.error_vjp(s, d); }
  void from_state_vjp(const Matrix<T> &u, const RegionSignals<T> &s, RegionSignals<T> &d, Matrix<T> &dstate,
                      Wanted wanted) const override {
    readout_.backward(u, s, d, dstate, wanted);
  }

private:
  Readout<T> readout_;
  network::Vector<T> rate_; // 1/τ, N
  T g_;
};

/// τ r' = −r + (1 − k r) φ(I): the state is the rate itself. k: refractory factor.
template <class T> class RateForm final : public RegionDynamics<T> {
public:
  RateForm(Activation phi, const network::Vector<T> &tau, T refractory)
      : readout_(phi), rate_(1 / tau), k_(refractory) {}
  bool has_state() const override { return true; }
  void from_state(const Matrix<T> &x, RegionSignals<T> &s, Wanted) const override {
    std::copy_n(x.memptr(), x.n_elem, s[Signal::rate].memptr());
  }
  void from_soma(RegionSignals<T> &s, Wanted wanted) const override {
    if (wanted[static_cast<std::size_t>(Signal::potential)]) s[Signal::potential] = s.soma;
    if (wanted[static_cast<std::size_t>(Signal::gain)] || wanted[static_cast<std::size_t>(Signal::error)])
      gain_at(s.soma, s[Signal::gain]);
  }
  void error(RegionSignals<T> &s) const override { s[Signal::error] = s[Signal::gain] % s[Signal::apical]; }
  void derivative(const Matrix<T> &x, const RegionSignals<T> &s, Matrix<T> &du) const override {
    activate(readout_.phi(), s.soma, du);
    for (std::size_t b = 0; b < x.n_cols; ++b)
      for (std::size_t i = 0; i < x.n_rows; ++i)
        du.at(i, b) = ((1 - k_ * x.at(i, b)) * du.at(i, b) - x.at(i, b)) * rate_[i];
  }
  void derivative_vjp(const Matrix<T> &x, const RegionSignals<T> &s, const Matrix<T> &dotu, RegionSignals<T> &d,
                      Matrix<T> &dstate) const override {
    Matrix<T> value(x.n_rows, x.n_cols), slope(x.n_rows, x.n_cols);
    activate(readout_.phi(), s.soma, value);
    gain(readout_.phi(), s.soma, value, slope);
    for (std::size_t b = 0; b < x.n_cols; ++b)
      for (std::size_t i = 0; i < x.n_rows; ++i) {
        const T scaled = dotu.at(i, b) * rate_[i];
        dstate.at(i, b) -= scaled * (1 + k_ * value.at(i, b));
        d.soma.at(i, b) += scaled * (1 - k_ * x.at(i, b)) * slope.at(i, b);
      }
  }
  void error_vjp(const RegionSignals<T> &s, RegionSignals<T> &d) const override {
    d[Signal::apical] += s[Signal::gain] % d[Signal::error];
    d[Signal::gain] += s[Signal::apical] % d[Signal::error];
  }
  void from_soma_vjp(const RegionSignals<T> &s, RegionSignals<T> &d, Wanted wanted) const override {
    if (wanted[static_cast<std::size_t>(Signal::potential)]) d.soma += d[Signal::potential];
    if (!wanted[static_cast<std::size_t>(Signal::gain)] && !wanted[static_cast<std::size_t>(Signal::error)]) return;
    Matrix<T> value(s.soma.n_rows, s.soma.n_cols), bend(s.soma.n_rows, s.soma.n_cols);
    activate(readout_.phi(), s.soma, value);
    curvature(readout_.phi(), s.soma, value, s[Signal::gain], bend);
    d.soma += bend % d[Signal::gain];
  }
  void from_state_vjp(const Matrix<T> &, const RegionSignals<T> &, RegionSignals<T> &d, Matrix<T> &dstate,
                      Wanted) const override {
    dstate += d[Signal::rate];
  }

private:
  void gain_at(const Matrix<T> &current, Matrix<T> &out) const {
    Matrix<T> value(current.n_rows, current.n_cols);
    activate(readout_.phi(), current, value);
    gain(readout_.phi(), current, value, out);
  }
  Readout<T> readout_;
  network::Vector<T> rate_; // 1/τ, N
  T k_;
};

} // namespace

template <class T> std::unique_ptr<RegionDynamics<T>> dynamics_of(const model::Region &region, std::uint64_t seed) {
  const auto &type = region.dynamics.type;
  const Activation phi = activation_of(region.activation);
  if (type == "input") return std::make_unique<Input<T>>();
  if (type == "static") return std::make_unique<Static<T>>(phi);
  const auto tau =
      network::values_of<T>(region.dynamics.at("tau"), region.size, seed, network::name_key(region.name + ".tau"));
  if (type == "leaky_rate")
    return std::make_unique<LeakyRate<T>>(phi, tau, static_cast<T>(region.dynamics.number("apical_coupling")));
  if (type == "wilson_cowan")
    return std::make_unique<RateForm<T>>(phi, tau, static_cast<T>(region.dynamics.number("refractory")));
  return std::make_unique<RateForm<T>>(phi, tau, T(0)); // supralinear
}

template std::unique_ptr<RegionDynamics<float>> dynamics_of(const model::Region &, std::uint64_t);
template std::unique_ptr<RegionDynamics<double>> dynamics_of(const model::Region &, std::uint64_t);

} // namespace engram::dynamics
