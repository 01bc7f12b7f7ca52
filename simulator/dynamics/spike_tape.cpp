#include "dynamics/spike_tape.hpp"

#include <algorithm>

namespace engram::dynamics {

namespace {
std::size_t at(Signal s) { return static_cast<std::size_t>(s); }

template <class T> void copy(const numeric::Matrix<T> &from, numeric::Matrix<T> &to) {
  if (!to.is_empty()) std::copy_n(from.memptr(), from.n_elem, to.memptr());
}
} // namespace

template <class T>
void SpikeTape<T>::begin(std::size_t steps, T trace_decay, T per_trace_ms, std::vector<ReceptorSlopes<T>> receptors) {
  receptors_ = std::move(receptors);
  trace_decay_ = trace_decay;
  per_trace_ms_ = per_trace_ms;
  steps_.resize(steps);
}

template <class T>
void SpikeTape<T>::keep(std::size_t step, const network::RegionSignals<T> &signals, const SpikingRegion<T> &neurons) {
  auto &kept = steps_[step];
  for (const Signal s : {Signal::spike, Signal::trace, Signal::rate, Signal::potential, Signal::drive, Signal::gain})
    kept.signals[at(s)] = signals[s];
  neurons.slopes(kept.slopes, !signals[Signal::drive].is_empty());
  kept.spikes = *signals.spikes;
}

template <class T> void SpikeTape<T>::restore(std::size_t step, network::RegionSignals<T> &signals) const {
  for (const Signal s : {Signal::spike, Signal::trace, Signal::rate, Signal::potential, Signal::drive, Signal::gain})
    copy(steps_[step].signals[at(s)], signals[s]);
}

template <class T> void SpikeTape<T>::rewind() {
  const auto &shape = steps_[0].slopes.gain;
  for (auto *m : {&dv_, &da_, &dtrace_, &dz_, &ddrive_}) m->zeros(shape.n_rows, shape.n_cols);
  for (const Signal s : {Signal::spike, Signal::trace, Signal::rate, Signal::potential, Signal::drive})
    d_[at(s)].zeros(shape.n_rows, shape.n_cols);
  dx_.resize(receptors_.size());
  dg_.resize(receptors_.size());
  for (std::size_t k = 0; k < receptors_.size(); ++k) {
    dx_[k].zeros(shape.n_rows, shape.n_cols);
    if (!receptors_[k].by_g.is_empty()) dg_[k].zeros(shape.n_rows, shape.n_cols);
  }
}

template <class T> void SpikeTape<T>::inject(std::size_t step, network::RegionSignals<T> &d) const {
  const auto &slopes = steps_[step].slopes;
  d.soma += slopes.by_current % dv_;
  if (!slopes.drive_by_current.is_empty()) d.soma += slopes.drive_by_current % ddrive_;
}

template <class T> void SpikeTape<T>::collect(const network::RegionSignals<T> &d) {
  for (const Signal s : {Signal::spike, Signal::trace, Signal::rate, Signal::potential, Signal::drive})
    if (!d[s].is_empty()) d_[at(s)] += d[s];
}

template <class T> void SpikeTape<T>::pull_back_receptors(std::size_t step) {
  if (receptors_.empty()) return;
  dpull_ = dv_;
  const auto &carries = steps_[step].slopes.carries;
  for (std::size_t k = 0; k < dpull_.n_elem; ++k)
    if (carries[k] == T(0)) dpull_[k] = 0;                                 // it is held
  if (!steps_[step].slopes.drive_by_current.is_empty()) dpull_ += ddrive_; // which nothing holds
  for (std::size_t k = 0; k < receptors_.size(); ++k) {
    const auto &r = receptors_[k];
    dx_[k] *= r.decay;
    if (!r.by_g.is_empty()) dx_[k] += (r.decay * r.rise) * dg_[k];
    dx_[k] += dpull_.each_col() % r.by_x;
    if (r.by_g.is_empty()) continue;
    dg_[k] *= r.decay;
    dg_[k] += dpull_.each_col() % r.by_g;
  }
}

// trace(t) = decay trace(t − h) + z(t), rate = trace / tau.
template <class T> void SpikeTape<T>::pull_back(std::size_t step) {
  const auto &slopes = steps_[step].slopes;
  dv_ = d_[at(Signal::potential)] + slopes.carries % dv_; // of the potential after a reset
  dtrace_ = trace_decay_ * dtrace_ + d_[at(Signal::trace)] + per_trace_ms_ * d_[at(Signal::rate)];
  dz_ = d_[at(Signal::spike)] + dtrace_;
  if (!slopes.drop.is_empty()) dz_ -= slopes.drop % dv_;
  const bool adapts = !slopes.adaptation.is_empty();
  if (adapts) {
    dz_ += da_;
    da_ = slopes.adaptation_decay % da_ - slopes.adaptation % slopes.gain % dz_;
  }
  dv_ = slopes.gain % dz_ + slopes.keeps % dv_;
  if (!slopes.drive_carries.is_empty()) ddrive_ = d_[at(Signal::drive)] + slopes.drive_carries % ddrive_;
  for (auto &m : d_)
    if (!m.is_empty()) m.zeros();
}

template class SpikeTape<float>;
template class SpikeTape<double>;

} // namespace engram::dynamics
