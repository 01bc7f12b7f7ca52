#include "simulation/forward.hpp"

#include "dynamics/exact_steps.hpp"
#include "numeric/blas_kernel.hpp"
#include "numeric/random.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace engram::simulation {

namespace {

template <class T>
dynamics::CircuitDynamics<T> circuit_of(const Setup<T> &setup, const std::vector<const engram_rule *> &rules,
                                        const std::vector<dynamics::SignalSet> &recorded) {
  numeric::require_right_products();
  auto wanted = learning::signals_read(setup.model, setup.network, rules);
  for (std::size_t r = 0; r < recorded.size(); ++r) wanted[r] |= recorded[r];
  const auto seen = signals_seen(setup.model);
  for (std::size_t r = 0; r < seen.size(); ++r) wanted[r] |= seen[r];
  return dynamics::make_circuit_dynamics(setup.model, setup.network, std::move(wanted), setup.threads, setup.entries);
}

bool reads_modulators(const std::vector<const engram_rule *> &rules) {
  return std::any_of(rules.begin(), rules.end(), [](const engram_rule *rule) { return rule->modulator_count > 0; });
}

// The past that projections with a delay read, and that their rules read with the same delay.
template <class T>
void want_past(const network::Network<T> &network, const std::vector<const engram_rule *> &rules,
               network::History<T> &history) {
  for (const auto &p : network.dense) {
    if (p.delay == 0) continue;
    history.want(p.source, p.signal, p.delay);
    for (const std::size_t attached : p.rules) {
      const auto &rule = *rules[attached];
      for (std::size_t k = 0; k < rule.signal_count; ++k)
        if (rule.signals[k].place == ENGRAM_PRE)
          history.want(p.source, *network::signal_named(rule.signals[k].name), p.delay);
    }
  }
}

} // namespace

template <class T>
Forward<T>::Forward(const Setup<T> &setup, const std::vector<const engram_rule *> &rules,
                    std::vector<dynamics::SignalSet> recorded, learning::Plasticity<T> &plasticity,
                    learning::SpikePlasticity<T> &spike_plasticity)
    : setup_(setup), plasticity_(plasticity), spike_plasticity_(spike_plasticity),
      circuit_(circuit_of(setup, rules, recorded)),
      loop_(setup.model.task.environment.given() ? std::make_unique<ClosedLoop<T>>(setup) : nullptr),
      terms_(setup, batch_, reads_modulators(rules), loop_.get()),
      presentation_(setup, circuit_, batch_, terms_, loop_.get()),
      check_(setup, circuit_, batch_, std::move(recorded)) {
  const auto &model = setup.model;
  spikes_ = std::make_unique<Spikes<T>>(model, setup.network, circuit_, setup.threads, setup.ranks);
  if (spikes_->empty()) spikes_.reset();
  stepper_ = dynamics::circuit_stepper<T>(model, circuit_);
  for (std::size_t r = 0; r < model.regions.size(); ++r) {
    const auto &region = model.regions[r];
    const auto begin = [&](const Vector<T> *first) {
      initial_.push_back(circuit_.regions[r]->begin(region.size, first));
    };
    if (!region.initial) {
      begin(nullptr);
      continue;
    }
    const Vector<T> first =
        network::values_of<T>(*region.initial, region.size, model.seed, numeric::name_key(region.name + ".initial"));
    begin(&first);
  }
  want_past(setup.network, rules, now_.history);
}

template <class T> void Forward<T>::resize(std::size_t trials) {
  const auto &network = setup_.network;
  const std::size_t count = network.regions.size();
  now_.trials = trials;
  now_.signals = std::make_shared<network::Signals<T>>(dynamics::make_signals(circuit_, trials));
  now_.stages.clear();
  now_.held.delayed.assign(count, {});
  now_.held.inputs.assign(count, {});
  now_.held.noise.assign(count, {});
  for (const auto &p : network.dense)
    if (p.delay > 0)
      now_.held.delayed[p.target][static_cast<std::size_t>(p.compartment)].zeros(network.regions[p.target].size,
                                                                                 trials);
  now_.state.set_size(circuit_.states * trials);
  derivative_.set_size(now_.state.n_elem);
  for (auto *modulator : {&modulators_.loss, &modulators_.reward, &modulators_.reward_prediction_error})
    modulator->zeros(1, trials);
  check_.begin(trials);
}

template <class T> void Forward<T>::begin(const Batch &batch, Tape<T> *tape) {
  const std::size_t trials = batch.rows.size(), steps = setup_.schedule.steps;
  batch_ = batch;
  tape_ = tape;
  shown_ = 0;
  if (trials != now_.trials || !now_.signals) resize(trials);
  unshare(now_.signals);
  const std::size_t stages = circuit_.states == 0 ? 0 : tape ? tape->stages : 1;
  while (now_.stages.size() < stages) now_.stages.push_back(dynamics::make_signals(circuit_, trials));
  now_.history.begin(setup_.network, trials, tape ? steps : 0);
  if (tape) tape->begin(steps);
  begin_state();
  presentation_.begin(batch.learn && plasticity_.moves_each_step(), tape != nullptr, now_);
  if (loop_) loop_->begin(batch, presentation_.draws(), tape != nullptr);
  if (spikes_) spikes_->begin(presentation_.draws(), batch.rows);
  modulators_.loss.zeros();
  modulators_.reward.zeros();
  modulators_.reward_prediction_error.zeros();
  modulators_.terms.resize(model::terms_of(setup_.model).size());
  for (auto &term : modulators_.terms)
    for (auto *modulator : {&term.loss, &term.reward, &term.reward_prediction_error}) modulator->zeros(1, trials);
  outcome_ = {};
  outcome_.choices.assign(trials, -1);
  if (batch.learn) plasticity_.begin_epoch(batch.epoch);
  plasticity_.begin(trials);
  if (batch.learn && !spike_plasticity_.empty()) {
    spike_plasticity_.begin_epoch(batch.epoch);
    spike_plasticity_.begin(trials);
  }
}

template <class T> void Forward<T>::begin_state() {
  for (std::size_t r = 0; r < initial_.size(); ++r) {
    if (!circuit_.regions[r]->has_state()) continue;
    auto block = circuit_.block(now_.state, r);
    for (std::size_t b = 0; b < now_.trials; ++b) block.col(b) = initial_[r];
  }
}

// 1. Stimulus. The numbers are those of the table in simulator/README.md.
template <class T> void Forward<T>::present(std::size_t step) {
  if (presentation_.begins_phase(step)) {
    const std::size_t phase = setup_.schedule.phase_of(step), phases = setup_.schedule.phases.size();
    presentation_.keep_likely(phase, *now_.signals);
    if (batch_.learn)
      plasticity_.perturb(setup_.schedule.phases[phase].noise, presentation_.draws()[0] * phases + phase);
  }
  presentation_.show(step, now_);
  if (step == 0 && !circuit_.swept.empty()) sweep();
  if (tape_) tape_->keep(step, now_.state, now_.held.noise);
  presentation_.impose(step, now_);
}

// Swept regions begin a trial at the steady state of what is shown.
template <class T> void Forward<T>::sweep() {
  presentation_.impose_nothing(now_);
  if (spikes_) spikes_->show(*now_.signals);
  for (std::size_t round = 0; round < circuit_.swept.size(); ++round)
    dynamics::sweep(circuit_, now_.held, now_.state, *now_.signals);
}

// 2 and 3. Currents from what projections carry, and signals from currents and states.
template <class T> void Forward<T>::evaluate(std::size_t step) {
  auto &signals = *now_.signals;
  if (spikes_) {
    spikes_->show(signals);
    for (auto &stage : now_.stages) spikes_->show(stage); // held over the step
    if (tape_) spikes_->keep(step, setup_.schedule.steps, signals, tape_->spike_times, tape_->spikes);
  }
  dynamics::evaluate(circuit_, now_.state, now_.held, signals);
  if (spikes_) spikes_->arrive(step);
  if (!now_.history.empty()) now_.history.store(step, signals);
  terms_.keep(step, signals);
}

template <class T> void Forward<T>::look(std::size_t step, bool observed) {
  check_.look(step, now_, spikes_.get(), observed);
}

// 4. Objective and modulators.
template <class T> void Forward<T>::judge(std::size_t step) {
  if (loop_) loop_->act(step, *now_.signals, modulators_);
  if (terms_.judge(step, *now_.signals, modulators_)) outcome_.choices = terms_.choices();
}

// 5. Rules.
template <class T> void Forward<T>::learn(std::size_t step) {
  if (!batch_.learn || (plasticity_.empty() && spike_plasticity_.empty())) return;
  const auto &schedule = setup_.schedule;
  learning::Moment moment;
  moment.step = step;
  moment.phase = schedule.phase_of(step);
  moment.phases = schedule.phases.size();
  moment.step_ms = schedule.step;
  moment.plastic = schedule.phases[moment.phase].plastic;
  moment.may_learn = &schedule.phases[moment.phase].may_learn;
  moment.objective = schedule.phases[moment.phase].objective;
  moment.end_of_phase = step + 1 == schedule.phases[moment.phase].last;
  moment.end_of_trial = step + 1 == schedule.steps;
  learning::broadcast(setup_.model, *now_.signals, modulators_);
  if (loop_) {
    for (const auto &running : loop_->running()) {
      learning::Moment own = moment;
      own.end_of_trial = running.end;
      own.end_of_phase = moment.end_of_phase || running.end;
      plasticity_.call(own, now_.signals, now_.history, modulators_, running.trials, false);
    }
    if (loop_->all_over()) moment.end_of_trial = moment.end_of_phase = true; // of the one trial that spikes teach
  } else {
    plasticity_.call(moment, now_.signals, now_.history, modulators_);
  }
  if (!spike_plasticity_.empty()) spike_plasticity_.call(moment, *now_.signals, spikes_->history(), modulators_);
}

// 7. The next state; and 8 for rules that move their weights at each step.
template <class T> void Forward<T>::move(std::size_t step) {
  const bool last = step + 1 == setup_.schedule.steps || all_over();
  if (!last) { // no signal of this trial follows from a state after the last step
    advance(step);
    if (tape_) tape_->pieces[step] = pieces_;
    try {
      if (spikes_)
        spikes_->move(step, *now_.signals, tape_ != nullptr, tape_ && tape_->spike_times,
                      step + 2 == setup_.schedule.steps);
    } catch (const Stuck &failure) {
      check_.fail_step(step, failure.place, failure.what());
    }
  }
  if (batch_.learn && plasticity_.moves_each_step()) plasticity_.apply(model::Rule::Apply::step);
}

template <class T> void Forward<T>::advance(std::size_t step) {
  if (circuit_.states == 0) return;
  integrate(step);
  if (loop_) restart_ended(step);
}

template <class T> void Forward<T>::integrate(std::size_t step) {
  dynamics::derivative(circuit_, now_.state, *now_.signals, derivative_);
  refuse_fast(step);
  try {
    stepper_->step(
        [this](const Vector<T> &u, Vector<T> &du) {
          dynamics::evaluate(circuit_, u, now_.held, now_.stages[0]);
          dynamics::derivative(circuit_, u, now_.stages[0], du);
        },
        now_.state, derivative_, static_cast<T>(setup_.schedule.step), pieces_);
  } catch (const dynamics::StepFailure &failure) {
    check_.fail_step(step, check_.place_of(failure.place, now_.trials), failure.what());
  }
}

// What goes on of a trial that has ended is of no account: it neither grows nor ends the run.
template <class T> void Forward<T>::restart_ended(std::size_t step) {
  for (std::size_t r = 0; r < initial_.size(); ++r) {
    if (!circuit_.regions[r]->has_state()) continue;
    auto block = circuit_.block(now_.state, r);
    for (std::size_t b = 0; b < now_.trials; ++b)
      if (!loop_->runs_in(b, step + 1)) block.col(b) = initial_[r];
  }
}

template <class T> void Forward<T>::show(std::size_t step, Observer<T> &observer) {
  if (!exchange()) {
    observer.step(step, *now_.signals);
    return;
  }
  if (spikes_->gathers()) spikes_->gather(*now_.signals); // then each step is told at once
  show_rest(step, observer);
}

template <class T> void Forward<T>::show_rest(std::size_t step, Observer<T> &observer) {
  if (!exchange()) return;
  for (; shown_ <= std::min<std::uint64_t>(step, spikes_->told(step)); ++shown_) {
    spikes_->point(*now_.signals, shown_);
    observer.step(shown_, *now_.signals);
  }
}

template <class T> void Forward<T>::tell_ended(std::size_t step, Observer<T> &observer) const {
  if (!loop_) return;
  for (const auto &running : loop_->running())
    for (std::size_t b = running.trials.first; running.end && b < running.trials.first + running.trials.count; ++b)
      if (step + 1 < setup_.schedule.steps) observer.trial_ended(b);
}

// A strong input makes some dynamics faster than their time constant: an explicit step would overshoot, and swing
// further with each step.
template <class T> void Forward<T>::refuse_fast(std::size_t step) const {
  const auto &integrator = setup_.model.time.integrator.type;
  const double stable = dynamics::stable_to(integrator);
  for (std::size_t r = 0; r < circuit_.regions.size(); ++r) {
    const auto [place, rate] = circuit_.regions[r]->fastest();
    if (!(static_cast<double>(rate) * setup_.schedule.step > stable)) continue;
    const std::size_t neurons = setup_.network.regions[r].size;
    check_.fail_step(step, {r, place % neurons, place / neurons, "", 0},
                     fmt::format("with what reaches it now it relaxes so fast that '{}' is stable only in steps below "
                                 "{:.2g} ms; take a shorter step, or {}",
                                 integrator, stable / static_cast<double>(rate), dynamics::those_that_adapt()));
  }
}

template <class T> Outcome Forward<T>::finish(bool whole) {
  terms_.finish(whole, outcome_);
  if (loop_) loop_->finish(outcome_);
  if (batch_.learn) plasticity_.check_states();
  if (batch_.learn) spike_plasticity_.check_states();
  const auto &labels = setup_.trials.labels;
  if (!labels.empty())
    for (std::size_t b = 0; b < now_.trials; ++b) outcome_.correct += outcome_.choices[b] == labels[batch_.rows[b]];
  return outcome_;
}

template <class T> std::vector<learning::Kept> Forward<T>::kept() {
  auto out = terms_.kept();
  if (loop_)
    for (auto &part : loop_->kept()) out.push_back(std::move(part));
  return out;
}

template class Forward<float>;
template class Forward<double>;

} // namespace engram::simulation
