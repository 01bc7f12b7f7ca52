// This part of Simulator begins a trial, shows its stimuli, and prepares what stays the same through a step.
#include "simulation/simulator.hpp"

#include "network/project.hpp"

#include <algorithm>

namespace engram::simulation {

template <class T> void Simulator<T>::begin_state() {
  for (std::size_t r = 0; r < initial_.size(); ++r) {
    if (!circuit_.regions[r]->has_state()) continue;
    auto block = circuit_.block(state_, r);
    for (std::size_t b = 0; b < batch_size_; ++b) block.col(b) = initial_[r];
  }
}

// A trial of an epoch has random numbers of its own; trials that are only tested have those of epoch 0.
template <class T> std::uint64_t Simulator<T>::draw_of(std::size_t b) const {
  return (batch_.learn ? batch_.epoch + 1 : 0) * trials_.count + batch_.rows[b];
}

template <class T> protocol::Moment Simulator<T>::moment(std::size_t step) const {
  const auto &phase = schedule_.phases[schedule_.phase_of(step)];
  return {batch_.rows, batch_.learn ? batch_.epoch + 1 : 0, step - phase.first, phase.last - phase.first};
}

// Does anything that is shown in the phase change within it?
template <class T> bool Simulator<T>::moves(const protocol::PhaseSteps &phase) const {
  return std::any_of(phase.stimuli.begin(), phase.stimuli.end(), [&](const auto &shown) {
    const auto found = trials_.arrays.find(shown.array);
    const auto &array = found != trials_.arrays.end() ? found->second : trials_.targets;
    return protocol::frames(array, network_.regions[shown.region].size) > 1;
  });
}

template <class T> void Simulator<T>::target_at(std::size_t step) {
  const std::size_t neurons = network_.regions[model_.objective.region].size;
  const bool moving = trials_.has_targets && protocol::frames(trials_.targets, neurons) > 1;
  const std::size_t wanted = moving ? step : 0;
  if (wanted != target_frame_) protocol::gather_targets(trials_, moment(step), neurons, target_);
  target_frame_ = wanted;
}

// The rates of the output as a phase begins, by which wrong labels are drawn in it.
template <class T> void Simulator<T>::keep_likely(std::size_t phase) {
  likely_.resize(schedule_.phases.size());
  const auto &stimuli = schedule_.phases[phase].stimuli;
  if (std::any_of(stimuli.begin(), stimuli.end(), [](const auto &s) { return s.array == "likely_wrong_targets"; }))
    likely_[phase] = signals_[model_.objective.region][network::Signal::rate];
}

template <class T> void Simulator<T>::show(const protocol::PhaseSteps &phase, std::size_t step) {
  const auto &likely = likely_[schedule_.phase_of(phase.first)];
  for (std::size_t r = 0; r < network_.regions.size(); ++r) {
    if (!circuit_.entries[r]->words.stimulus) continue;
    auto &rate = signals_[r][network::Signal::rate];
    const auto shown =
        std::find_if(phase.stimuli.begin(), phase.stimuli.end(), [&](const auto &s) { return s.region == r; });
    if (shown == phase.stimuli.end())
      rate.zeros();
    else // from the data into the signal itself: nothing lies in between
      protocol::gather(trials_, shown->array, moment(step), model_.seed, likely, rate);
    for (auto &stage : stages_) std::copy_n(rate.memptr(), rate.n_elem, stage[r][network::Signal::rate].memptr());
  }
}

// The current from input regions stays the same through a phase in which neither their rates nor the weights change.
template <class T> void Simulator<T>::hold_inputs(const protocol::PhaseSteps &phase) {
  const bool weights_move = batch_.learn && plasticity_.moves_each_step();
  if (phase.last - phase.first > 1 && !moving_[schedule_.phase_of(phase.first)] && !weights_move)
    dynamics::hold_inputs(circuit_, signals_, held_);
  else
    dynamics::release_inputs(held_);
}

template <class T> void Simulator<T>::make_noise(std::size_t step) {
  for (std::size_t r = 0; r < network_.regions.size(); ++r) {
    if (noise_[r].none()) continue;
    const auto &noise = held_.noise[r];
    noise_[r].move(schedule_, step, draws_, held_.noise[r]);
    const auto share = [&](network::Signals<T> &s) {
      if (circuit_.entries[r]->words.stimulus) s[r][network::Signal::rate] += noise;
      if (!s[r][network::Signal::noise].is_empty()) s[r][network::Signal::noise] = noise;
    };
    share(signals_);
    for (auto &stage : stages_) share(stage);
  }
}

// Currents of projections with a delay: the same for the whole step.
template <class T> void Simulator<T>::arrive(std::size_t step) {
  for (auto &region : held_.delayed)
    for (auto &matrix : region) matrix.zeros();
  for (const auto &p : network_.dense) {
    if (p.delay == 0 || p.delay > step) continue;
    network::project(network_, p, network::Way::forward, history_.at(step, p.delay, p.source, p.signal), T(1),
                     held_.delayed[p.target][static_cast<std::size_t>(p.compartment)], threads_);
  }
}

// The state of affairs before there is noise, a delayed current, or anything that the objective delivers.
template <class T> void Simulator<T>::hold_nothing() {
  held_.teacher = nullptr;
  held_.clamp = nullptr;
  for (auto &matrix : held_.noise) matrix.zeros();
  for (auto &region : held_.delayed)
    for (auto &matrix : region) matrix.zeros();
}

template <class T> void Simulator<T>::sweep() {
  hold_nothing();
  if (spikes_) spikes_->show(signals_);
  for (std::size_t round = 0; round < circuit_.swept.size(); ++round)
    dynamics::sweep(circuit_, held_, state_, signals_);
}

template <class T> void Simulator<T>::present(std::size_t step) {
  const std::size_t phase = schedule_.phase_of(step);
  const auto &now = schedule_.phases[phase];
  const bool begins = phase != shown_phase_;
  if (begins && !replaying_) keep_likely(phase);
  if (begins || moving_[phase]) show(now, step);
  if (begins && batch_.learn && !tracking_) plasticity_.perturb(now.noise, draws_[0] * schedule_.phases.size() + phase);
  if (begins) hold_inputs(now);
  if (begins && has_objective_) judge_.enter(phase);
  shown_phase_ = phase;
  if (has_objective_) target_at(step);
  if (step == 0 && !replaying_ && !circuit_.swept.empty()) sweep();
  if (tracking_) keep(step);
  make_noise(step);
  if (!history_.empty()) arrive(step);
  const bool on = has_objective_ && batch_.learn && now.objective != 0;
  using Delivery = model::Objective::Delivery;
  const auto delivery = model_.objective.delivery;
  held_.teacher = nullptr;
  if (on && (delivery == Delivery::vector || delivery == Delivery::nudge)) held_.teacher = &teacher_;
  if (on && delivery == Delivery::attention) held_.teacher = &attention_;
  teacher_.strength = attention_.strength = static_cast<T>(objective_.strength * now.objective);
  held_.clamp = on && delivery == Delivery::clamp ? &target_ : nullptr;
}

template class Simulator<float>;
template class Simulator<double>;

} // namespace engram::simulation
