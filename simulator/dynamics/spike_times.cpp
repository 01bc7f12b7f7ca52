// This part of SpikeTape takes the gradient back through the times of spikes: eventprop (Wunderlich & Pehle 2021, Sci
// Rep 11:12829), for neurons that are moved in steps.
//
// A potential reaches the threshold at a time s within a step, and the spike acts at ŝ, the end of the step. With ŝ − s
// held as it is, all that follows a spike is a function of s, and dL/ds has a part for each thing that the spike did:
//   an arrival: x = w from ŝ + delay on. A later one leaves x greater by w/τ, and the potential smaller by w/C;
//   trace: z = 1 from ŝ on, greater by 1/τ_trace; where the objective reads it, at ŝ it is still lower by 1;
//   the reset: the potential moves from ŝ + refractory on, later by ds.
// The gradient then goes on by ∂s/∂(state with which the step began). As steps become short ŝ − s vanishes, and so does
// all that is of its order.
#include "dynamics/spike_tape.hpp"

namespace engram::dynamics {

// A signal that is read jumps at ŝ: what reads it there sees the mean of the slopes before and after, which is exact
// where the loss is a quadratic function of the signal, and where it changes steadily with time.
template <class T> void SpikeTape<T>::time_spikes(std::size_t step, const network::RegionSignals<T> &d) {
  if (step + 1 < steps_.size()) {
    const auto &crossings = steps_[step + 1].events.crossings;
    for (std::size_t k = 0; k < crossings.size(); ++k) {
      const auto &c = crossings[k];
      const auto jump = [&](Signal s, T by) {
        if (!d[s].is_empty()) dtime_[k] -= by * d[s][c.place] / (2 * reading_.step_ms);
      };
      jump(Signal::trace, 1);
      jump(Signal::rate, reading_.per_trace_ms);
      jump(Signal::potential, c.fall);
    }
  }
  for (const Signal s : {Signal::trace, Signal::rate, Signal::potential}) direct_[place_of(s)] = d[s];
}

// The state with which the step began moved the times of the spikes that it made, and of what arrived.
template <class T> void SpikeTape<T>::pull_back_events(std::size_t step) {
  const auto &slopes = steps_[step].slopes;
  const bool adapts = !slopes.adaptation.is_empty();
  const StepEvents<T> none, &events = step + 1 < steps_.size() ? steps_[step + 1].events : none;
  dafter_ = slopes.carries % dv_;
  if (adapts) da_ = slopes.adaptation_decay % da_;
  for (std::size_t k = 0; k < events.crossings.size(); ++k) {
    const auto &c = events.crossings[k];
    if (c.released) continue;
    dafter_[c.place] += dtime_[k] * c.by_potential;
    if (adapts) da_[c.place] += dtime_[k] * c.by_adaptation;
    for (std::size_t r = 0; r < receptors_.size(); ++r) {
      dx_[r][c.place] += dtime_[k] * events.by_receptor[c.receptor + 2 * r];
      if (!dg_[r].is_empty()) dg_[r][c.place] += dtime_[k] * events.by_receptor[c.receptor + 2 * r + 1];
    }
  }
  dv_ = dafter_ + d_[place_of(Signal::potential)];
  // What comes later by ds leaves the potential at the time of the step as it is where ds > 0, and else moves it.
  dafter_ += d_[place_of(Signal::potential)] / 2;
  for (std::size_t k = 0; k < dafter_.n_elem; ++k)
    if (slopes.by_current[k] == T(0)) dafter_[k] = 0; // it is held
  for (std::size_t r = 0; r < receptors_.size(); ++r) {
    const auto &receptor = receptors_[r];
    shift_[r] = dx_[r] / receptor.tau;
    if (receptor.by_g.is_empty())
      shift_[r] -= dafter_.each_col() % receptor.push;
    else
      shift_[r] -= receptor.rise / reading_.step_ms * dg_[r];
  }
  for (const auto &release : events.releases) dheld_[release.place] = -release.slope * dafter_[release.place];
  for (std::size_t k = 0; k < events.crossings.size(); ++k)
    if (events.crossings[k].released) dheld_[events.crossings[k].place] += dtime_[k];
}

// dv_ is dL/d(potential after a reset). The part of dL/d(time) that comes by way of synapses stands among d_.
template <class T> void SpikeTape<T>::pull_back_times(std::size_t step) {
  const auto &slopes = steps_[step].slopes;
  const auto &crossings = steps_[step].events.crossings;
  dtime_.assign(crossings.size(), T(0));
  for (std::size_t k = 0; k < crossings.size(); ++k) {
    const auto &c = crossings[k];
    T &dtime = dtime_[k];
    dtime = d_[place_of(Signal::spike)][c.place] + dtrace_[c.place] * reading_.per_trace_ms / 1000;
    dtime += dheld_[c.place] + c.climb * dv_[c.place];
    dheld_[c.place] = 0;
    if (!slopes.adaptation.is_empty()) dtime += c.later_adaptation * da_[c.place];
    const auto jump = [&](Signal s, T by) {
      const auto &direct = direct_[place_of(s)];
      const T twice = direct.is_empty() ? T(0) : direct[c.place] / 2;
      dtime -= by * (d_[place_of(s)][c.place] - twice) / reading_.step_ms;
    };
    jump(Signal::trace, 1);
    jump(Signal::rate, reading_.per_trace_ms);
    jump(Signal::potential, c.fall);
  }
  dv_ = slopes.keeps % dv_;
}

template class SpikeTape<float>;
template class SpikeTape<double>;

} // namespace engram::dynamics
