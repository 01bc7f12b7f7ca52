#include "dynamics/spike_tape.hpp"

#include <algorithm>

namespace engram::dynamics {

namespace {

template <class T> void copy(const numeric::Matrix<T> &from, numeric::Matrix<T> &to) {
  if (!to.is_empty()) std::copy_n(from.memptr(), from.n_elem, to.memptr());
}
} // namespace

template <class T>
void SpikeTape<T>::begin(std::size_t steps, const SpikeReading<T> &reading, const SpikingRegion<T> &neurons) {
  neurons_ = &neurons;
  own_ = neurons.keeps_steps();
  receptors_ = neurons.receptor_slopes();
  reading_ = reading;
  steps_.resize(steps);
}

template <class T>
void SpikeTape<T>::keep(std::size_t step, const network::RegionSignals<T> &signals, const SpikingRegion<T> &neurons) {
  auto &kept = steps_[step];
  for (const Signal s : {Signal::spike, Signal::trace, Signal::rate, Signal::potential, Signal::drive, Signal::gain})
    kept.signals[place_of(s)] = signals[s];
  neurons.slopes(kept.slopes, !signals[Signal::drive].is_empty(), times());
  kept.spikes = *signals.spikes;
  if (own_) neurons.keep(kept.arrived);
  if (times() && !kept.slopes.keeps.is_empty()) kept.events = neurons.events();
}

template <class T> void SpikeTape<T>::restore(std::size_t step, network::RegionSignals<T> &signals) const {
  for (const Signal s : {Signal::spike, Signal::trace, Signal::rate, Signal::potential, Signal::drive, Signal::gain})
    copy(steps_[step].signals[place_of(s)], signals[s]);
}

template <class T> void SpikeTape<T>::rewind() {
  const auto &slopes = steps_[0].slopes;
  const auto &shape = slopes.keeps.is_empty() ? slopes.gain : slopes.keeps; // neurons with a tape say `gain` alone
  for (auto *m : {&dv_, &da_, &dtrace_, &dz_, &ddrive_, &dafter_, &dheld_}) m->zeros(shape.n_rows, shape.n_cols);
  for (const Signal s : {Signal::spike, Signal::trace, Signal::rate, Signal::potential, Signal::drive})
    d_[place_of(s)].zeros(shape.n_rows, shape.n_cols);
  if (own_) own_d_.state.zeros(steps_[0].arrived.start.n_rows, shape.n_cols);
  dtime_.clear();
  shift_.resize(receptors_.size());
  dx_.resize(receptors_.size());
  dg_.resize(receptors_.size());
  for (std::size_t k = 0; k < receptors_.size(); ++k) {
    dx_[k].zeros(shape.n_rows, shape.n_cols);
    if (!receptors_[k].by_g.is_empty()) dg_[k].zeros(shape.n_rows, shape.n_cols);
  }
}

template <class T> void SpikeTape<T>::step_back(std::size_t step) {
  if (!own_) return; // slopes say all
  if (step + 1 < steps_.size()) return neurons_->step_back(steps_[step + 1].arrived, own_d_);
  for (auto *m : {&own_d_.drive, &own_d_.conductance, &own_d_.apical}) m->zeros(dz_.n_rows, dz_.n_cols);
}

template <class T> void SpikeTape<T>::inject(std::size_t step, network::RegionSignals<T> &d) const {
  if (own_) {
    if (!d.soma.is_empty()) d.soma += own_d_.drive;
    if (!d[Signal::apical].is_empty() && !own_d_.apical.is_empty()) d[Signal::apical] += own_d_.apical;
    return;
  }
  if (d.soma.is_empty()) return;
  const auto &slopes = steps_[step].slopes;
  d.soma += slopes.by_current % dv_;
  if (!slopes.drive_by_current.is_empty()) d.soma += slopes.drive_by_current % ddrive_;
}

template <class T> void SpikeTape<T>::collect(const network::RegionSignals<T> &d) {
  for (const Signal s : {Signal::spike, Signal::trace, Signal::rate, Signal::potential, Signal::drive})
    if (!d[s].is_empty()) d_[place_of(s)] += d[s];
}

template <class T> void SpikeTape<T>::pull_back_receptors(std::size_t step) {
  for (std::size_t k = 0; k < receptors_.size(); ++k) {
    const auto &r = receptors_[k];
    const auto &dpull = pulled(step, k);
    dx_[k] *= r.decay;
    if (!r.by_g.is_empty()) dx_[k] += (r.decay * r.rise) * dg_[k];
    dx_[k] += dpull.each_col() % r.by_x;
    if (r.by_g.is_empty()) continue;
    dg_[k] *= r.decay;
    dg_[k] += dpull.each_col() % r.by_g;
  }
  if (times()) pull_back_events(step);
}

// dL/d(what a receptor adds in the step): to the potential, or, of neurons with a tape of their own, to drive and
// conductance.
template <class T> auto SpikeTape<T>::pulled(std::size_t step, std::size_t receptor) -> const Matrix & {
  const auto &r = receptors_[receptor];
  if (own_ && r.kind == Receptor<T>::Kind::delta) {
    dpull_ = own_d_.state.head_rows(dz_.n_rows);
    if (step + 1 < steps_.size()) {
      const auto &held = steps_[step + 1].arrived.held;
      for (std::size_t k = 0; k < dpull_.n_elem; ++k)
        if (held[k] != T(0)) dpull_[k] = 0;
    }
  } else if (own_) {
    dpull_ = r.by_drive * own_d_.drive + r.by_conductance * own_d_.conductance;
  } else if (receptor == 0) { // the same for all
    dpull_ = dv_;
    const auto &by_current = steps_[step].slopes.by_current;
    for (std::size_t k = 0; k < dpull_.n_elem; ++k)
      if (by_current[k] == T(0)) dpull_[k] = 0;                              // it is held
    if (!steps_[step].slopes.drive_by_current.is_empty()) dpull_ += ddrive_; // which nothing holds
  }
  return dpull_;
}

// trace(t) = decay trace(t − h) + z(t), rate = trace / tau.
template <class T> void SpikeTape<T>::pull_back(std::size_t step) {
  const auto &slopes = steps_[step].slopes;
  dtrace_ =
      reading_.trace_decay * dtrace_ + d_[place_of(Signal::trace)] + reading_.per_trace_ms * d_[place_of(Signal::rate)];
  if (!slopes.drive_carries.is_empty()) ddrive_ = d_[place_of(Signal::drive)] + slopes.drive_carries % ddrive_;
  if (times())
    pull_back_times(step);
  else
    pull_back_slopes(step);
  for (auto &m : d_)
    if (!m.is_empty()) m.zeros();
}

template <class T> void SpikeTape<T>::pull_back_slopes(std::size_t step) {
  const auto &slopes = steps_[step].slopes;
  dz_ = d_[place_of(Signal::spike)] + dtrace_;
  if (own_) {
    own_d_.state.head_rows(dz_.n_rows) += d_[place_of(Signal::potential)];
    const auto &arrived = steps_[step].arrived;
    if (!arrived.pieces.empty()) neurons_->fire_back(arrived, slopes.gain, dz_, own_d_.state);
  } else {
    dv_ = d_[place_of(Signal::potential)] + slopes.carries % dv_; // of the potential after a reset
    if (!slopes.drop.is_empty()) dz_ -= slopes.drop % dv_;
    const bool adapts = !slopes.adaptation.is_empty();
    if (adapts) {
      dz_ += da_;
      da_ = slopes.adaptation_decay % da_ - slopes.adaptation % slopes.gain % dz_;
    }
    dv_ = slopes.gain % dz_ + slopes.keeps % dv_;
  }
}

template class SpikeTape<float>;
template class SpikeTape<double>;

} // namespace engram::dynamics
