// A Readout computes rate, gain and error from the potential, and the gradient of all three.
#include "dynamics/divisive.hpp"
#include "dynamics/region_dynamics.hpp"

namespace engram::dynamics {

namespace {
bool has(Wanted wanted, Signal s) { return wanted[static_cast<std::size_t>(s)]; }

// du += φ'(u) dr, where φ' follows from u or from the rate alone: no matrix of slopes in between.
template <class T>
bool backward_at_once(const Activation &phi, const Matrix<T> &u, const Matrix<T> &rate, const Matrix<T> &drate,
                      Matrix<T> &du) {
  const T a = static_cast<T>(phi.a);
  const T *x = u.memptr(), *r = rate.memptr(), *dr = drate.memptr();
  T *out = du.memptr();
  const std::size_t count = u.n_elem;
  switch (phi.kind) {
  case Activation::Kind::linear:
    du += drate;
    return true;
  case Activation::Kind::relu:
    for (std::size_t i = 0; i < count; ++i) out[i] += x[i] > 0 ? dr[i] : dr[i] * 0; // keeps NaN
    return true;
  case Activation::Kind::tanh:
    for (std::size_t i = 0; i < count; ++i) out[i] += (1 - r[i] * r[i]) * dr[i];
    return true;
  case Activation::Kind::sigmoid:
    for (std::size_t i = 0; i < count; ++i) out[i] += a * r[i] * (1 - r[i]) * dr[i];
    return true;
  default:
    return false;
  }
}
} // namespace

template <class T> void Readout<T>::forward(const Matrix<T> &u, RegionSignals<T> &s, Wanted wanted) const {
  if (has(wanted, Signal::potential)) s[Signal::potential] = u;
  activate(phi_, u, s[Signal::rate]);
  if (has(wanted, Signal::gain)) gain(phi_, u, s[Signal::rate], s[Signal::gain]);
}

template <class T> Wanted Readout<T>::needed() const {
  Wanted signals;
  if (phi_.kind == Activation::Kind::divisive_normalization) signals.set(static_cast<std::size_t>(Signal::potential));
  return signals;
}

template <class T> void Readout<T>::error(RegionSignals<T> &s) const {
  if (phi_.kind == Activation::Kind::softmax)
    softmax_jacobian(s[Signal::rate], s[Signal::apical], s[Signal::error]);
  else if (phi_.kind == Activation::Kind::divisive_normalization)
    divisive_jacobian(phi_, s[Signal::potential], s[Signal::apical], s[Signal::error]);
  else
    s[Signal::error] = s[Signal::gain] % s[Signal::apical];
}

template <class T> void Readout<T>::error_vjp(const RegionSignals<T> &s, RegionSignals<T> &d) const {
  const auto &e = d[Signal::error];
  if (phi_.kind == Activation::Kind::softmax) {
    // error = J(r) a with J = diag(r) − r rᵀ, symmetric.
    const auto &r = s[Signal::rate];
    const auto &a = s[Signal::apical];
    scratch_.set_size(r.n_rows, r.n_cols);
    softmax_jacobian(r, e, scratch_);
    d[Signal::apical] += scratch_;
    for (std::size_t b = 0; b < r.n_cols; ++b) {
      const T ra = arma::dot(r.col(b), a.col(b)), re = arma::dot(r.col(b), e.col(b));
      d[Signal::rate].col(b) += e.col(b) % a.col(b) - ra * e.col(b) - re * a.col(b);
    }
    return;
  }
  if (phi_.kind == Activation::Kind::divisive_normalization) {
    const auto &u = s[Signal::potential];
    scratch_.set_size(u.n_rows, u.n_cols);
    divisive_jacobian(phi_, u, e, scratch_);
    d[Signal::apical] += scratch_;
    divisive_jacobian_vjp(phi_, u, s[Signal::apical], e, d[Signal::potential]);
    return;
  }
  d[Signal::apical] += s[Signal::gain] % e;
  d[Signal::gain] += s[Signal::apical] % e;
}

template <class T>
void Readout<T>::backward(const Matrix<T> &u, const RegionSignals<T> &s, const RegionSignals<T> &d, Matrix<T> &du,
                          Wanted wanted) const {
  if (has(wanted, Signal::potential)) du += d[Signal::potential];
  const auto &r = s[Signal::rate];
  if (phi_.kind == Activation::Kind::softmax) {
    rates_ = d[Signal::rate];
    if (has(wanted, Signal::gain)) rates_ += (1 - 2 * r) % d[Signal::gain];
    scratch_.set_size(r.n_rows, r.n_cols);
    softmax_jacobian(r, rates_, scratch_);
    du += scratch_;
    return;
  }
  if (phi_.kind == Activation::Kind::divisive_normalization) {
    scratch_.set_size(u.n_rows, u.n_cols);
    divisive_jacobian(phi_, u, d[Signal::rate], scratch_);
    du += scratch_;
    if (has(wanted, Signal::gain)) divisive_gain_vjp(phi_, u, d[Signal::gain], du);
    return;
  }
  // The gain was computed in the forward sweep whenever a cotangent of it can be other than zero.
  if (!has(wanted, Signal::gain)) {
    if (backward_at_once(phi_, u, r, d[Signal::rate], du)) return;
    scratch_.set_size(u.n_rows, u.n_cols);
    gain(phi_, u, r, scratch_);
    du += scratch_ % d[Signal::rate];
    return;
  }
  scratch_.set_size(u.n_rows, u.n_cols);
  curvature(phi_, u, r, s[Signal::gain], scratch_);
  du += s[Signal::gain] % d[Signal::rate] + scratch_ % d[Signal::gain];
}

template class Readout<float>;
template class Readout<double>;

} // namespace engram::dynamics
