#include "simulation/presentation.hpp"

#include "network/project.hpp"

#include <algorithm>

namespace engram::simulation {

template <class T>
Presentation<T>::Presentation(const Setup<T> &setup, const dynamics::CircuitDynamics<T> &circuit, const Batch &batch,
                              Terms<T> &terms, const ClosedLoop<T> *loop)
    : setup_(setup), circuit_(circuit), batch_(batch), terms_(terms), loop_(loop) {
  bool noisy_input = false;
  for (std::size_t r = 0; r < setup.model.regions.size(); ++r) {
    noise_.emplace_back(setup.model.regions[r], setup.model.seed, setup.schedule.step);
    noisy_input = noisy_input || (circuit.entries[r]->words.stimulus && !noise_.back().none());
  }
  for (const auto &phase : setup.schedule.phases) moving_.push_back(noisy_input || loop_ || moves(phase));
}

template <class T> void Presentation<T>::begin(bool weights_move, bool taped, CircuitState<T> &now) {
  weights_move_ = weights_move;
  for (std::size_t r = 0; r < setup_.model.regions.size(); ++r) {
    const auto &region = setup_.model.regions[r];
    if (!noise_[r].none()) now.held.noise[r].zeros(region.size, now.trials);
  }
  draws_.resize(now.trials);
  for (std::size_t b = 0; b < now.trials; ++b) draws_[b] = draw_of(b);
  shown_phase_ = network::none;
  terms_.begin(draws_, taped);
}

// A trial of an epoch has random numbers of its own; trials that are only tested have those of epoch 0.
template <class T> std::uint64_t Presentation<T>::draw_of(std::size_t b) const {
  return (batch_.learn ? batch_.epoch + 1 : 0) * setup_.trials.count + batch_.rows[b];
}

template <class T> task::BatchFrame Presentation<T>::frame_at(std::size_t step) const {
  const auto &phase = setup_.schedule.phases[setup_.schedule.phase_of(step)];
  return {batch_.rows, batch_.learn ? batch_.epoch + 1 : 0, step - phase.first, phase.last - phase.first};
}

// Does anything that is shown in the phase change within it?
template <class T> bool Presentation<T>::moves(const task::PhaseSteps &phase) const {
  return std::any_of(phase.stimuli.begin(), phase.stimuli.end(), [&](const auto &shown) {
    const auto found = setup_.trials.arrays.find(shown.array);
    const auto &array = found != setup_.trials.arrays.end() ? found->second : setup_.trials.targets;
    return task::frames(array, setup_.network.regions[shown.region].size) > 1;
  });
}

template <class T> void Presentation<T>::keep_likely(std::size_t phase, const network::Signals<T> &signals) {
  likely_.resize(setup_.schedule.phases.size());
  const auto &stimuli = setup_.schedule.phases[phase].stimuli;
  if (std::any_of(stimuli.begin(), stimuli.end(), [](const auto &s) { return s.array == "likely_wrong_targets"; }))
    likely_[phase] = signals[setup_.model.objective.region][network::Signal::rate];
}

template <class T> void Presentation<T>::show(std::size_t step, CircuitState<T> &now) {
  const std::size_t which = setup_.schedule.phase_of(step);
  const auto &phase = setup_.schedule.phases[which];
  const bool begins = which != shown_phase_;
  if (begins || moving_[which]) show_stimuli(phase, step, now);
  if (begins) hold_inputs(phase, now);
  if (begins) terms_.enter(which);
  shown_phase_ = which;
  terms_.show(step, frame_at(step));
}

template <class T>
void Presentation<T>::show_stimuli(const task::PhaseSteps &phase, std::size_t step, CircuitState<T> &now) {
  const auto &likely = likely_[setup_.schedule.phase_of(phase.first)];
  for (std::size_t r = 0; r < setup_.network.regions.size(); ++r) {
    if (!circuit_.entries[r]->words.stimulus) continue;
    auto &rate = (*now.signals)[r][network::Signal::rate];
    const auto shown =
        std::find_if(phase.stimuli.begin(), phase.stimuli.end(), [&](const auto &s) { return s.region == r; });
    if (const Matrix<T> *answer = loop_ ? loop_->shown(r, step) : nullptr)
      rate = *answer;
    else if (shown == phase.stimuli.end())
      rate.zeros();
    else // from the data into the signal itself: nothing lies in between
      task::gather(setup_.trials, shown->array, frame_at(step), setup_.model.seed, likely, rate);
    for (auto &stage : now.stages) std::copy_n(rate.memptr(), rate.n_elem, stage[r][network::Signal::rate].memptr());
  }
}

// The current from input regions stays the same through a phase in which neither their rates nor the weights change.
template <class T> void Presentation<T>::hold_inputs(const task::PhaseSteps &phase, CircuitState<T> &now) const {
  if (phase.last - phase.first > 1 && !moving_[setup_.schedule.phase_of(phase.first)] && !weights_move_)
    dynamics::hold_inputs(circuit_, *now.signals, now.held);
  else
    dynamics::release_inputs(now.held);
}

template <class T> void Presentation<T>::impose(std::size_t step, CircuitState<T> &now) {
  make_noise(step, now);
  if (!now.history.empty()) arrive(step, now);
  deliver(now);
}

template <class T> void Presentation<T>::make_noise(std::size_t step, CircuitState<T> &now) {
  for (std::size_t r = 0; r < setup_.network.regions.size(); ++r) {
    if (noise_[r].none()) continue;
    const auto &noise = now.held.noise[r];
    noise_[r].move(setup_.schedule, step, draws_, now.held.noise[r]);
    const auto share = [&](network::Signals<T> &s) {
      if (circuit_.entries[r]->words.stimulus) s[r][network::Signal::rate] += noise;
      if (!s[r][network::Signal::noise].is_empty()) s[r][network::Signal::noise] = noise;
    };
    share(*now.signals);
    for (auto &stage : now.stages) share(stage);
  }
}

// Currents of projections with a delay: the same for the whole step.
template <class T> void Presentation<T>::arrive(std::size_t step, CircuitState<T> &now) const {
  for (auto &region : now.held.delayed)
    for (auto &matrix : region) matrix.zeros();
  for (const auto &p : setup_.network.dense) {
    if (p.delay == 0 || p.delay > step) continue;
    network::project(setup_.network, p, network::Way::forward, now.history.at(step, p.delay, p.source, p.signal), T(1),
                     now.held.delayed[p.target][static_cast<std::size_t>(p.compartment)], setup_.threads);
  }
}

template <class T> void Presentation<T>::deliver(CircuitState<T> &now) const {
  now.held.teacher = terms_.teaches() ? &terms_ : nullptr;
  now.held.clamp = terms_.clamp();
}

template <class T> void Presentation<T>::impose_nothing(CircuitState<T> &now) const {
  now.held.teacher = nullptr;
  now.held.clamp = nullptr;
  for (auto &matrix : now.held.noise) matrix.zeros();
  for (auto &region : now.held.delayed)
    for (auto &matrix : region) matrix.zeros();
}

template class Presentation<float>;
template class Presentation<double>;

} // namespace engram::simulation
