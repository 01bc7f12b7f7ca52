// A Readout computes rate, gain and error from the potential, and the gradient of all three.
#include "dynamics/activation_entry.hpp"
#include "dynamics/region_dynamics.hpp"

namespace engram::dynamics {

namespace {
bool has(SignalSet wanted, Signal s) { return wanted[network::place_of(s)]; }
} // namespace

template <class T> void Readout<T>::forward(const Matrix<T> &u, RegionSignals<T> &s, SignalSet wanted) const {
  if (has(wanted, Signal::potential)) s[Signal::potential] = u;
  activate(phi_, u, s[Signal::rate]);
  if (has(wanted, Signal::gain)) gain(phi_, u, s[Signal::rate], s[Signal::gain]);
}

template <class T> SignalSet Readout<T>::needed() const {
  SignalSet signals;
  if (phi_.entry->reads_potential) signals.set(static_cast<std::size_t>(Signal::potential));
  return signals;
}

template <class T> void Readout<T>::error(RegionSignals<T> &s) const {
  const auto &functions = phi_.entry->functions.of<T>();
  if (functions.error)
    functions.error(phi_, s);
  else
    s[Signal::error] = s[Signal::gain] % s[Signal::apical];
}

template <class T> void Readout<T>::error_vjp(const RegionSignals<T> &s, RegionSignals<T> &d) const {
  const auto &functions = phi_.entry->functions.of<T>();
  if (functions.error_vjp) return functions.error_vjp(phi_, s, d, scratch_);
  const auto &e = d[Signal::error];
  d[Signal::apical] += s[Signal::gain] % e;
  d[Signal::gain] += s[Signal::apical] % e;
}

template <class T>
void Readout<T>::backward(const Matrix<T> &u, const RegionSignals<T> &s, const RegionSignals<T> &d, Matrix<T> &du,
                          SignalSet wanted) const {
  const auto &functions = phi_.entry->functions.of<T>();
  const bool gained = has(wanted, Signal::gain);
  if (has(wanted, Signal::potential)) du += d[Signal::potential];
  if (functions.rate_vjp) return functions.rate_vjp(phi_, u, s, d, gained, du, scratch_);
  const auto &r = s[Signal::rate];
  auto &slopes = scratch_[0];
  // The gain was computed in the forward sweep whenever a cotangent of it can be other than zero.
  if (!gained) {
    if (functions.backward) return functions.backward(phi_, u, r, d[Signal::rate], du);
    slopes.set_size(u.n_rows, u.n_cols);
    gain(phi_, u, r, slopes);
    du += slopes % d[Signal::rate];
    return;
  }
  slopes.set_size(u.n_rows, u.n_cols);
  curvature(phi_, u, r, s[Signal::gain], slopes);
  du += s[Signal::gain] % d[Signal::rate] + slopes % d[Signal::gain];
}

template class Readout<float>;
template class Readout<double>;

} // namespace engram::dynamics
