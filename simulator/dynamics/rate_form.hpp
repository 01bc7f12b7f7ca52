// A RateForm is the equation that wilson_cowan and supralinear share: the state is the rate itself.
#pragma once

#include "dynamics/exact_steps.hpp"
#include "dynamics/region_dynamics.hpp"

#include <algorithm>
#include <utility>

namespace engram::dynamics {

/// τ r' = −r + (1 − k r) φ(I): the state is the rate itself. k: refractory factor.
template <class T> class RateForm final : public RegionDynamics<T>, public RelaxingSteps<T> {
public:
  RateForm(Activation phi, const numeric::Vector<T> &tau, T refractory)
      : RelaxingSteps<T>(1 / tau, refractory == T(0)), readout_(phi), k_(refractory) {}
  bool has_state() const override { return true; }
  void from_state(const Matrix<T> &x, RegionSignals<T> &s, SignalSet) const override {
    std::copy_n(x.memptr(), x.n_elem, s[Signal::rate].memptr());
  }
  void from_soma(RegionSignals<T> &s, SignalSet wanted) const override {
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
  void from_soma_vjp(const RegionSignals<T> &s, RegionSignals<T> &d, SignalSet wanted) const override {
    if (wanted[static_cast<std::size_t>(Signal::potential)]) d.soma += d[Signal::potential];
    if (!wanted[static_cast<std::size_t>(Signal::gain)] && !wanted[static_cast<std::size_t>(Signal::error)]) return;
    value_.set_size(s.soma.n_rows, s.soma.n_cols);
    slope_.set_size(s.soma.n_rows, s.soma.n_cols);
    activate(readout_.phi(), s.soma, value_);
    curvature(readout_.phi(), s.soma, value_, s[Signal::gain], slope_);
    d.soma += slope_ % d[Signal::gain];
  }
  void from_state_vjp(const Matrix<T> &, const RegionSignals<T> &, RegionSignals<T> &d, Matrix<T> &dstate,
                      SignalSet) const override {
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
  using RelaxingSteps<T>::rate_; // 1/τ, N
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
  T k_;
  mutable std::pair<std::size_t, T> fastest_{0, T(0)};
  mutable Matrix<T> value_, slope_; // scratch, so that no step allocates
};

} // namespace engram::dynamics
