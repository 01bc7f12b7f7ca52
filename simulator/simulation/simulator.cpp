#include "simulation/simulator.hpp"

#include "learning/call_global.hpp"
#include "numeric/blas_kernel.hpp"
#include "numeric/flush_denormals.hpp"
#include "numeric/random.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace engram::simulation {

template <class T>
Simulator<T>::Simulator(const model::Model &model, network::Network<T> &network, const protocol::Trials &trials,
                        const std::vector<const engram_rule *> &rules, std::vector<dynamics::Wanted> recorded,
                        int threads, const dynamics::DynamicsEntries &entries)
    : model_(model), network_(network), trials_(trials), schedule_(protocol::schedule_of(model)),
      plasticity_(model, network, rules, threads), spike_plasticity_(model, network, rules, threads),
      threads_(threads) {
  numeric::require_right_products();
  auto wanted = learning::signals_read(model, network, rules);
  for (std::size_t r = 0; r < recorded.size(); ++r) wanted[r] |= recorded[r];
  recorded_ = std::move(recorded);
  circuit_ = dynamics::make_circuit(model, network, wanted, threads, entries);
  spikes_ = std::make_unique<Spikes<T>>(model, network, circuit_, threads);
  if (spikes_->empty()) spikes_.reset();
  stepper_ = dynamics::stepper_of<T>(model.time.integrator);
  tableau_ = dynamics::tableau_of(model.time.integrator.type);
  has_objective_ = !model.objective.type.empty();
  if (has_objective_) {
    objective_ = objective::objective_of(model);
    teacher_.objective = objective_;
    judge_ = Judge<T>(model, trials_.count);
    attention_.judge = &judge_;
  }
  for (const auto &said : model.regions)
    initial_.push_back(network::values_of<T>(said.initial.value_or(model::Quantity::of(0)), said.size, model.seed,
                                             numeric::name_key(said.name + ".initial")));
  bool noisy_input = false;
  for (std::size_t r = 0; r < model.regions.size(); ++r) {
    noise_.emplace_back(model.regions[r], model.seed, schedule_.step);
    noisy_input = noisy_input || (circuit_.entries[r]->words.stimulus && !noise_.back().none());
  }
  for (const auto &phase : schedule_.phases) moving_.push_back(noisy_input || moves(phase));
  for (const auto &p : network.dense) {
    if (p.delay == 0) continue;
    history_.want(p.source, p.signal, p.delay);
    for (const std::size_t attached : p.rules) {
      const auto &rule = *rules[attached]; // what a rule reads of the source has the same delay
      for (std::size_t k = 0; k < rule.signal_count; ++k)
        if (rule.signals[k].place == ENGRAM_PRE)
          history_.want(p.source, *network::signal_named(rule.signals[k].name), p.delay);
    }
  }
}

// One batch of trials. Everything that happens in a step is in this loop, in this order.
template <class T> Outcome Simulator<T>::simulate(const Batch &batch, Observer<T> *observer) {
  struct Unperturbed { // whatever ends the batch: what a rule adds to the weights for a phase does not stay there
    learning::Plasticity<T> &plasticity;
    ~Unperturbed() { plasticity.perturb(false, 0); }
  } const unperturbed{plasticity_};
  begin(batch);
  if (observer) observer->begin(batch);
  for (std::size_t step = 0; step < schedule_.steps; ++step) {
    if (watch_.step) watch_.step({step, schedule_.steps, batch_size_});
    if (is_stopped()) break;
    present(step);  // stimuli, noise, what arrives with a delay, what the objective delivers
    evaluate(step); // currents and signals of all regions
    watch(step, observer != nullptr);
    judge(step); // loss and modulators
    learn(step); // plastic rules see the signals
    if (observer) observer->step(step, signals_);
    move(step); // the stepper takes the states to the next step
    outcome_.steps = step + 1;
  }
  outcome_.interrupted = outcome_.steps < schedule_.steps;
  if (batch.learn) plasticity_.perturb(false, 0);
  if (batch.learn && plasticity_.global() && !outcome_.interrupted) {
    replaying_ = true; // what spiked has spiked
    call_global();
    replaying_ = false;
  }
  Outcome outcome = finish();
  if (outcome.interrupted) { // neither is known before the end of a trial
    outcome.losses.clear();
    outcome.choices.assign(batch_size_, -1);
    outcome.correct = 0;
  }
  if (observer) observer->end(batch, outcome);
  return outcome;
}

template <class T> Outcome Simulator<T>::run(const Batch &batch, Observer<T> *observer) {
  const numeric::FlushDenormals flush;
  Outcome outcome = simulate(batch, observer);
  if (outcome.interrupted)
    discard();
  else if (batch.learn)
    plasticity_.apply(model::Rule::Apply::trial);
  return outcome;
}

template <class T> Outcome Simulator<T>::measure(const Batch &batch) {
  const numeric::FlushDenormals flush;
  if (spike_plasticity_.empty()) return simulate(batch, nullptr);
  Outcome all;
  spike_plasticity_.measure(true);
  const struct Moving { // also where a rule fails
    ~Moving() { rules.measure(false); }
    learning::SpikePlasticity<T> &rules;
  } again{spike_plasticity_};
  for (const std::size_t row : batch.rows) {
    const auto one = simulate({{row}, batch.epoch, batch.learn}, nullptr);
    all.losses.insert(all.losses.end(), one.losses.begin(), one.losses.end());
    all.choices.insert(all.choices.end(), one.choices.begin(), one.choices.end());
    all.correct += one.correct;
    all.steps = one.steps;
    all.interrupted = one.interrupted;
    if (one.interrupted) break;
  }
  return all;
}

template <class T> Matrix<T> Simulator<T>::change(std::size_t projection) {
  const numeric::FlushDenormals flush;
  Matrix<T> out = plasticity_.change(projection);
  const Matrix<T> at_spikes = spike_plasticity_.change(projection);
  if (!at_spikes.is_empty()) out += at_spikes;
  return out;
}

template <class T> void Simulator<T>::discard() {
  plasticity_.discard();
  spike_plasticity_.discard();
}

template <class T> void Simulator<T>::begin(const Batch &batch) {
  batch_ = batch;
  const std::size_t trials = batch.rows.size(), count = network_.regions.size();
  tracking_ = batch.learn && plasticity_.global() != nullptr;
  if (trials != batch_size_) {
    batch_size_ = trials;
    signals_ = dynamics::make_signals(circuit_, trials);
    dsignals_ = {};
    stages_.clear();
    held_.delayed.assign(count, {});
    held_.inputs.assign(count, {});
    held_.noise.assign(count, {});
    for (const auto &p : network_.dense)
      if (p.delay > 0)
        held_.delayed[p.target][static_cast<std::size_t>(p.compartment)].zeros(network_.regions[p.target].size, trials);
    state_.set_size(circuit_.state_neurons * trials);
    derivative_.set_size(state_.n_elem);
    step_loss_.zeros(1, trials);
    modulators_.loss.zeros(1, trials);
    modulators_.reward.zeros(1, trials);
    modulators_.reward_prediction_error.zeros(1, trials);
    begin_watch();
  }
  const std::size_t stages = circuit_.state_neurons == 0 ? 0 : tracking_ ? tableau_.b.size() : 1;
  while (stages_.size() < stages) stages_.push_back(dynamics::make_signals(circuit_, trials));
  history_.begin(network_, trials, tracking_ ? schedule_.steps : 0);
  for (std::size_t r = 0; r < count; ++r) {
    const auto &said = model_.regions[r];
    if (said.noise.type != "none") held_.noise[r].zeros(said.size, trials);
  }
  begin_state();
  if (has_objective_) {
    target_frame_ = network::none;
    target_at(0);
    teacher_.target = &target_;
  }
  draws_.resize(trials);
  for (std::size_t b = 0; b < trials; ++b) draws_[b] = draw_of(b);
  if (spikes_) spikes_->begin(draws_, batch.rows);
  judge_.begin(batch.learn, draws_);
  modulators_.loss.zeros();
  modulators_.reward.zeros();
  modulators_.reward_prediction_error.zeros();
  outcome_ = {};
  if (has_objective_) outcome_.losses.assign(trials, 0);
  outcome_.choices.assign(trials, -1);
  judged_ = 0;
  shown_phase_ = evaluated_ = network::none;
  replaying_ = false;
  if (tracking_) {
    every_ = learning::kept_every(*plasticity_.global(), plasticity_.global_parameters().data(), schedule_.steps);
    kept_.resize((schedule_.steps + every_ - 1) / every_);
    substeps_.resize(schedule_.steps);
  }
  if (batch.learn) plasticity_.begin_epoch(batch.epoch);
  plasticity_.begin(trials);
  if (batch.learn && !spike_plasticity_.empty()) {
    spike_plasticity_.begin_epoch(batch.epoch);
    spike_plasticity_.begin(trials);
  }
}

template <class T> void Simulator<T>::evaluate(std::size_t step) {
  if (spikes_) {
    const auto show = [&](network::Signals<T> &s) { replaying_ ? spikes_->restore(step, s) : spikes_->show(s); };
    show(signals_);
    for (auto &stage : stages_) show(stage); // held over the step
    if (tracking_ && !replaying_) spikes_->keep(step, schedule_.steps, signals_);
  }
  dynamics::evaluate(circuit_, state_, held_, signals_);
  if (spikes_ && !replaying_) spikes_->arrive(step);
  if (!history_.empty()) history_.store(step, signals_);
  evaluated_ = step;
}

// The loss is recorded in the steps in which the objective is on. A clamp or nudge changes the output, so while the
// circuit learns the loss is recorded in the step before it begins.
template <class T> bool Simulator<T>::judged_at(std::size_t step) const {
  const auto on = [&](std::size_t k) { return schedule_.phases[schedule_.phase_of(k)].objective != 0; };
  if (!has_objective_) return false;
  using Delivery = model::Objective::Delivery;
  const bool moves = model_.objective.delivery == Delivery::clamp || model_.objective.delivery == Delivery::nudge;
  if (moves && batch_.learn) return !on(step) && step + 1 < schedule_.steps && on(step + 1);
  return on(step);
}

template <class T> void Simulator<T>::judge(std::size_t step) {
  if (!judged_at(step)) return;
  const auto &rate = signals_[model_.objective.region][network::Signal::rate];
  objective::loss(objective_, rate, target_, step_loss_);
  for (std::size_t b = 0; b < batch_size_; ++b) {
    const double loss = static_cast<double>(step_loss_[b]);
    if (!std::isfinite(loss))
      throw RunFailure("the loss is not a finite number in epoch " + std::to_string(batch_.epoch + 1) + ", trial " +
                       std::to_string(batch_.rows[b]) + ": a learning rate or the weights may be too large");
    outcome_.losses[b] += loss;
  }
  ++judged_;
  judge_.judge(rate, target_, step_loss_, batch_.rows, modulators_);
  outcome_.choices = judge_.choices();
}

template <class T> void Simulator<T>::learn(std::size_t step) {
  if (!batch_.learn || (plasticity_.empty() && spike_plasticity_.empty())) return;
  learning::Moment moment;
  moment.step = step;
  moment.phase = schedule_.phase_of(step);
  moment.phases = schedule_.phases.size();
  moment.step_ms = schedule_.step;
  moment.plastic = schedule_.phases[moment.phase].plastic;
  moment.may_learn = &schedule_.phases[moment.phase].may_learn;
  moment.objective = schedule_.phases[moment.phase].objective;
  moment.end_of_phase = step + 1 == schedule_.phases[moment.phase].last;
  moment.end_of_trial = step + 1 == schedule_.steps;
  learning::broadcast(model_, signals_, modulators_);
  plasticity_.call(moment, signals_, history_, modulators_);
  if (!spike_plasticity_.empty()) spike_plasticity_.call(moment, signals_, spikes_->history(), modulators_);
}

// A strong input makes some dynamics faster than their time constant: an explicit step would overshoot, and swing
// further with each step.
template <class T> void Simulator<T>::refuse_fast(std::size_t step) const {
  const double stable = dynamics::stable_to(model_.time.integrator.type);
  for (std::size_t r = 0; r < circuit_.regions.size(); ++r) {
    const auto [place, rate] = circuit_.regions[r]->fastest();
    if (!(static_cast<double>(rate) * schedule_.step > stable)) continue;
    const std::size_t neurons = network_.regions[r].size;
    fail_step(step, {r, place % neurons, place / neurons, "", 0},
              fmt::format("its input is so strong that '{}' is stable only in steps below {:.2g} ms; take a shorter "
                          "step, or \"controlled_dopri5\"",
                          model_.time.integrator.type, stable / static_cast<double>(rate)));
  }
}

template <class T> void Simulator<T>::move(std::size_t step) {
  if (step + 1 == schedule_.steps) {
    if (batch_.learn && plasticity_.moves_each_step()) plasticity_.apply(model::Rule::Apply::step);
    return; // no signal of this trial follows from a further state
  }
  plasticity_.settle(); // the signals are about to change
  if (circuit_.state_neurons > 0) {
    dynamics::derivative(circuit_, state_, signals_, derivative_);
    refuse_fast(step);
    try {
      stepper_->step(
          [this](const Vector<T> &u, Vector<T> &du) {
            dynamics::evaluate(circuit_, u, held_, stages_[0]);
            dynamics::derivative(circuit_, u, stages_[0], du);
          },
          state_, derivative_, static_cast<T>(schedule_.step), pieces_);
    } catch (const dynamics::StepFailure &failure) {
      fail_step(step, place_of(failure.place), failure.what());
    }
    if (tracking_) substeps_[step] = pieces_;
  }
  try {
    if (spikes_ && !replaying_) spikes_->move(step, signals_, tracking_);
  } catch (const Stuck &failure) {
    fail_step(step, failure.place, failure.what());
  }
  evaluated_ = network::none;
  if (batch_.learn && plasticity_.moves_each_step()) plasticity_.apply(model::Rule::Apply::step);
}

template <class T> Outcome Simulator<T>::finish() {
  judge_.end(batch_.rows);
  if (batch_.learn) plasticity_.check_states();
  if (batch_.learn) spike_plasticity_.check_states();
  if (judged_ > 0)
    for (auto &loss : outcome_.losses) loss /= static_cast<double>(judged_);
  else
    outcome_.losses.clear();
  if (!trials_.labels.empty())
    for (std::size_t b = 0; b < batch_size_; ++b)
      outcome_.correct += outcome_.choices[b] == trials_.labels[batch_.rows[b]];
  return outcome_;
}

template class Simulator<float>;
template class Simulator<double>;

} // namespace engram::simulation
