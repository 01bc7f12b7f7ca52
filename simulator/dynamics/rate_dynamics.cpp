// These are the rate dynamics input, static, leaky_rate, wilson_cowan and supralinear. dynamics_of() also chooses the
// others.
#include "dynamics/compartment_dynamics.hpp"
#include "dynamics/spiking_region.hpp"
#include "error/error.hpp"
#include "network/network.hpp"
#include "numeric/random.hpp"

namespace engram::dynamics {

namespace {

/// Shows what it is given.
template <class T> class Input final : public RegionDynamics<T> {
public:
  bool has_state() const override { return false; }
  void error(RegionSignals<T> &) const override {}
  void error_vjp(const RegionSignals<T> &, RegionSignals<T> &) const override {}
};

/// Its signals are those of the spiking neurons, which are moved elsewhere; only the error is made within the step.
template <class T> class Spiking final : public RegionDynamics<T> {
public:
  bool has_state() const override { return false; }
  void error(RegionSignals<T> &s) const override { s[Signal::error] = s[Signal::gain] % s[Signal::apical]; }
  void error_vjp(const RegionSignals<T> &s, RegionSignals<T> &d) const override {
    d[Signal::apical] += s[Signal::gain] % d[Signal::error];
  }
};

/// u = b + Σ W r, rate = φ(u): an artificial neuron.
template <class T> class Static final : public RegionDynamics<T> {
public:
  explicit Static(Activation phi) : readout_(phi) {}
  bool has_state() const override { return false; }
  Wanted needed() const override { return readout_.needed(); }
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
  LeakyRate(Activation phi, const numeric::Vector<T> &tau, T apical_coupling)
      : readout_(phi), rate_(1 / tau), g_(apical_coupling) {}
  bool has_state() const override { return true; }
  Wanted needed() const override { return readout_.needed(); }
  void from_state(const Matrix<T> &u, RegionSignals<T> &s, Wanted wanted) const override {
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
                      Wanted wanted) const override {
    readout_.backward(u, s, d, dstate, wanted);
  }

private:
  Readout<T> readout_;
  numeric::Vector<T> rate_; // 1/τ, N
  T g_;
};

/// τ r' = −r + (1 − k r) φ(I): the state is the rate itself. k: refractory factor.
template <class T> class RateForm final : public RegionDynamics<T> {
public:
  RateForm(Activation phi, const numeric::Vector<T> &tau, T refractory)
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
    if (k_ != T(0)) note_fastest(du);
    for (std::size_t b = 0; b < x.n_cols; ++b)
      for (std::size_t i = 0; i < x.n_rows; ++i)
        du.at(i, b) = ((1 - k_ * x.at(i, b)) * du.at(i, b) - x.at(i, b)) * rate_[i];
  }
  std::pair<std::size_t, T> fastest() const override { return fastest_; }
  void derivative_vjp(const Matrix<T> &x, const RegionSignals<T> &s, const Matrix<T> &dotu, RegionSignals<T> &d,
                      Matrix<T> &dstate) const override {
    value_.set_size(x.n_rows, x.n_cols);
    slope_.set_size(x.n_rows, x.n_cols);
    activate(readout_.phi(), s.soma, value_);
    gain(readout_.phi(), s.soma, value_, slope_);
    for (std::size_t b = 0; b < x.n_cols; ++b)
      for (std::size_t i = 0; i < x.n_rows; ++i) {
        const T scaled = dotu.at(i, b) * rate_[i];
        dstate.at(i, b) -= scaled * (1 + k_ * value_.at(i, b));
        d.soma.at(i, b) += scaled * (1 - k_ * x.at(i, b)) * slope_.at(i, b);
      }
  }
  void error_vjp(const RegionSignals<T> &s, RegionSignals<T> &d) const override {
    d[Signal::apical] += s[Signal::gain] % d[Signal::error];
    d[Signal::gain] += s[Signal::apical] % d[Signal::error];
  }
  void from_soma_vjp(const RegionSignals<T> &s, RegionSignals<T> &d, Wanted wanted) const override {
    if (wanted[static_cast<std::size_t>(Signal::potential)]) d.soma += d[Signal::potential];
    if (!wanted[static_cast<std::size_t>(Signal::gain)] && !wanted[static_cast<std::size_t>(Signal::error)]) return;
    value_.set_size(s.soma.n_rows, s.soma.n_cols);
    slope_.set_size(s.soma.n_rows, s.soma.n_cols);
    activate(readout_.phi(), s.soma, value_);
    curvature(readout_.phi(), s.soma, value_, s[Signal::gain], slope_);
    d.soma += slope_ % d[Signal::gain];
  }
  void from_state_vjp(const Matrix<T> &, const RegionSignals<T> &, RegionSignals<T> &d, Matrix<T> &dstate,
                      Wanted) const override {
    dstate += d[Signal::rate];
  }
  void steady_state(const RegionSignals<T> &s, Matrix<T> &x) const override { // r (1 + k φ) = φ
    activate(readout_.phi(), s.soma, x);
    x /= 1 + k_ * x;
  }
  void steady_state_vjp(const RegionSignals<T> &s, const Matrix<T> &dstate, RegionSignals<T> &d) const override {
    slope_.set_size(s.soma.n_rows, s.soma.n_cols);
    gain_at(s.soma, slope_); // value_: φ
    d.soma += dstate % slope_ / arma::square(1 + k_ * value_);
  }

private:
  void gain_at(const Matrix<T> &current, Matrix<T> &out) const {
    value_.set_size(current.n_rows, current.n_cols);
    activate(readout_.phi(), current, value_);
    gain(readout_.phi(), current, value_, out);
  }
  // `value`: φ(I), on which the relaxation depends where k is not 0.
  void note_fastest(const Matrix<T> &value) const {
    fastest_ = {0, T(0)};
    for (std::size_t b = 0; b < value.n_cols; ++b)
      for (std::size_t i = 0; i < value.n_rows; ++i) {
        const T relaxes = (1 + k_ * value.at(i, b)) * rate_[i];
        if (relaxes > fastest_.second) fastest_ = {b * value.n_rows + i, relaxes};
      }
  }
  Readout<T> readout_;
  numeric::Vector<T> rate_; // 1/τ, N
  T k_;
  mutable std::pair<std::size_t, T> fastest_{0, T(0)};
  mutable Matrix<T> value_, slope_; // scratch, so that no step allocates
};

} // namespace

template <class T> std::unique_ptr<RegionDynamics<T>> dynamics_of(const model::Region &region, std::uint64_t seed) {
  const auto &type = region.dynamics.type;
  const Activation phi = activation_of(region.activation);
  if (type == "input") return std::make_unique<Input<T>>();
  if (type == "static") return std::make_unique<Static<T>>(phi);
  if (is_spiking(type)) return std::make_unique<Spiking<T>>();
  if (auto made = compartment_dynamics_of<T>(region, seed)) return made;
  const auto tau =
      network::values_of<T>(region.dynamics.at("tau"), region.size, seed, numeric::name_key(region.name + ".tau"));
  if (type == "leaky_rate")
    return std::make_unique<LeakyRate<T>>(phi, tau, static_cast<T>(region.dynamics.number("apical_coupling")));
  if (type == "wilson_cowan")
    return std::make_unique<RateForm<T>>(phi, tau, static_cast<T>(region.dynamics.number("refractory")));
  if (type == "supralinear") return std::make_unique<RateForm<T>>(phi, tau, T(0));
  throw Broken("no dynamics is made for the type '" + type + "'");
}

template std::unique_ptr<RegionDynamics<float>> dynamics_of(const model::Region &, std::uint64_t);
template std::unique_ptr<RegionDynamics<double>> dynamics_of(const model::Region &, std::uint64_t);

} // namespace engram::dynamics
