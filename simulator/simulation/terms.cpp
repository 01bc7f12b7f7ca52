#include "simulation/terms.hpp"

#include "model/time_grid.hpp"
#include "numeric/finite.hpp"
#include "simulation/failure.hpp"
#include "task/objective_entry.hpp"

#include <algorithm>
#include <cmath>

namespace engram::simulation {

using Delivery = model::Objective::Delivery;
using TargetKind = model::Target::Kind;

template <class T>
Terms<T>::Terms(const Setup<T> &setup, const Batch &batch, bool modulated, const ClosedLoop<T> *loop)
    : setup_(setup), batch_(batch), modulated_(modulated), loop_(loop) {
  for (const auto *words : model::terms_of(setup.model)) {
    Term term;
    term.words = words;
    term.objective = task::objective_of(setup.model, *words, setup.task_entries);
    term.signal = *network::signal_named(words->signal);
    if (words->target.kind == TargetKind::signal) term.target_signal = *network::signal_named(words->target.from.port);
    term.lag = model::steps_of(words->delay, setup.model.time.step);
    term.into_currents = words->delivery == Delivery::vector || words->delivery == Delivery::nudge ||
                         words->delivery == Delivery::attention;
    if (words->delivery == Delivery::nudge) term.compartment = network::Compartment::soma;
    term.judge = Judge<T>(setup.model, *words, term.objective, terms_.size(), setup.trials.count);
    terms_.push_back(std::move(term));
  }
}

template <class T> void Terms<T>::begin(const std::vector<std::uint64_t> &draws, bool taped) {
  const std::size_t trials = draws.size();
  for (auto &term : terms_) {
    term.judge.begin(batch_.learn, draws);
    term.loss.zeros(1, trials);
    term.losses.assign(trials, 0);
    term.judged = 0;
    term.judged_of.assign(trials, 0);
    term.gathered.steps = 0;
    term.gathered_at.clear();
    term.target_frame = network::none;
    if (term.reach() > 0) term.past.resize(taped ? setup_.schedule.steps : term.reach() + 1);
  }
}

template <class T> void Terms<T>::enter(std::size_t phase) {
  for (auto &term : terms_) term.judge.enter(phase);
}

// What the environment teaches in this step. Errors: RunFailure where the term cannot take it.
template <class T> void Terms<T>::take_target(Term &term, std::size_t step) const {
  term.target = loop_->target(term.words->target.array, step);
  const auto &entry = *term.objective.entry;
  const bool whole = !entry.masks || term.words->delivery == Delivery::clamp;
  if (term.on == 0 || (!whole && !entry.counts)) return;
  for (std::size_t b = 0; b < term.target.n_cols; ++b) {
    if (!runs_in(b, step)) continue;
    for (std::size_t n = 0; n < term.target.n_rows; ++n) {
      const T value = term.target(n, b);
      if ((whole && std::isnan(value)) || (entry.counts && value < 0))
        throw RunFailure("the environment gives " + (std::isnan(value) ? std::string("no '") : "a negative '") +
                         term.words->target.array + "' for neuron " + std::to_string(n) + " in epoch " +
                         std::to_string(batch_.epoch + 1) + ", trial " + std::to_string(batch_.rows[b]) + ", step " +
                         std::to_string(step) + ", and '" + term.words->name + "' needs " +
                         (std::isnan(value) ? "one in each step" : "counts") +
                         (std::isnan(value) && entry.masks ? " where it clamps" : ""));
    }
  }
}

template <class T> void Terms<T>::show(std::size_t step, const task::BatchFrame &frame) {
  const auto &phase = setup_.schedule.phases[setup_.schedule.phase_of(step)];
  step_ = step;
  teaches_ = false;
  clamp_ = nullptr;
  for (std::size_t k = 0; k < terms_.size(); ++k) {
    auto &term = terms_[k];
    const auto &target = term.words->target;
    const std::size_t neurons = setup_.network.regions[term.words->region].size;
    const bool of_task =
        target.kind == TargetKind::task || target.kind == TargetKind::array || target.kind == TargetKind::classes;
    if (of_task) {
      const bool moving = task::target_frames(setup_.trials, target, neurons) > 1;
      const std::size_t wanted = moving ? step : 0;
      if (wanted != term.target_frame) task::gather_targets(setup_.trials, target, frame, neurons, term.target);
      term.target_frame = wanted;
    }
    term.on = phase.terms[k];
    if (target.kind == TargetKind::environment) take_target(term, step);
    const bool delivers = batch_.learn && term.on != 0 && is_known(term, step);
    term.delivered = delivers ? static_cast<T>(term.words->strength * term.on * term.words->weight) : T(0);
    teaches_ = teaches_ || (delivers && term.into_currents);
    if (delivers && term.words->delivery == Delivery::clamp) clamp_ = &term.target;
  }
}

template <class T> void Terms<T>::keep(std::size_t step, const network::Signals<T> &signals) {
  for (auto &term : terms_)
    if (!term.past.empty()) term.past[step % term.past.size()] = signals[term.words->region][term.signal];
}

// The loss is recorded in the steps in which the term is on. A clamp or nudge changes the output, so while the circuit
// learns the loss is recorded in the step before it begins.
template <class T> bool Terms<T>::judged_at(const Term &term, std::size_t step) const {
  const auto &schedule = setup_.schedule;
  const auto which = static_cast<std::size_t>(&term - terms_.data());
  const auto on = [&](std::size_t k) { return schedule.phases[schedule.phase_of(k)].terms[which] != 0; };
  if (!is_known(term, step)) return false;
  const bool moves = term.words->delivery == Delivery::clamp || term.words->delivery == Delivery::nudge;
  if (moves && batch_.learn) return !on(step) && step + 1 < schedule.steps && on(step + 1);
  return on(step);
}

template <class T>
auto Terms<T>::seen(const Term &term, std::size_t step, const network::Signals<T> &signals) const -> Seen {
  const auto &now = signals[term.words->region][term.signal];
  const auto &from = term.words->target.from;
  if (term.compares_itself()) return {&now, &term.before(step, 1)};
  return {term.lag > 0 ? &term.before(step, term.lag) : &now,
          term.words->target.kind == TargetKind::signal ? &signals[from.region][term.target_signal] : &term.target};
}

template <class T> void Terms<T>::fail(const Term &term, std::size_t trial) const {
  const auto &hint = term.objective.entry->finite_where;
  const std::string whose = terms_.size() > 1 ? "the loss of '" + term.words->name + "'" : "the loss";
  throw RunFailure(whose + " is not a finite number in epoch " + std::to_string(batch_.epoch + 1) + ", trial " +
                   std::to_string(batch_.rows[trial]) + ": " + (hint.empty() ? "" : hint + "; else ") +
                   "a learning rate or the weights may be too large");
}

// The loss of a term of the trial as a whole, of what is known by now. Where nobody reads it before, it is computed at
// the end of the phase alone: that of a course costs as much as the course is long.
template <class T> void Terms<T>::judge_so_far(Term &term, std::size_t step) const {
  const bool goes_on = step + 1 < setup_.schedule.steps && judged_at(term, step + 1);
  if (!(modulated_ && batch_.learn) && goes_on && term.objective.entry->by_course) return;
  task::loss(term.objective, term.gathered, term.loss);
  for (auto &loss : term.loss) // so far; only at the end must it be finite
    if (!std::isfinite(loss)) loss = 0;
}

template <class T>
bool Terms<T>::judge(std::size_t step, const network::Signals<T> &signals, learning::Modulators<T> &modulators) {
  bool any = false;
  for (std::size_t k = 0; k < terms_.size(); ++k) {
    auto &term = terms_[k];
    auto &own = modulators.terms[k];
    if (!judged_at(term, step)) continue;
    any = true;
    ++term.judged;
    const auto [signal, target] = seen(term, step, signals);
    if (term.objective.of_trial) {
      task::gather(term.objective, *signal, *target, term.gathered);
      term.gathered_at.push_back(step);
      judge_so_far(term, step);
    } else {
      task::loss(term.objective, *signal, *target, term.loss);
      for (std::size_t b = 0; b < term.losses.size(); ++b) {
        if (!runs_in(b, step)) term.loss[b] = 0;
        const double loss = static_cast<double>(term.loss[b]);
        if (!std::isfinite(loss)) fail(term, b);
        term.losses[b] += loss;
        term.judged_of[b] += runs_in(b, step);
      }
    }
    if (loop_)
      own.loss = term.loss; // rewards and choices are the environment's
    else
      term.judge.judge(*signal, *target, term.loss, batch_.rows, own);
  }
  if (!any) return false;
  for (std::size_t k = 0; k < terms_.size(); ++k) {
    const auto &own = modulators.terms[k];
    const T weight = static_cast<T>(terms_[k].words->weight);
    const auto add = [&](const Matrix<T> &from, Matrix<T> &to) {
      for (std::size_t b = 0; b < from.n_elem; ++b) to[b] = k == 0 ? weight * from[b] : to[b] + weight * from[b];
    };
    add(own.loss, modulators.loss);
    if (loop_) continue;
    add(own.reward, modulators.reward);
    add(own.reward_prediction_error, modulators.reward_prediction_error);
  }
  return true;
}

template <class T> std::vector<std::int64_t> Terms<T>::choices() const {
  for (const auto &term : terms_)
    if (term.words->target.kind == TargetKind::task) return term.judge.choices();
  return std::vector<std::int64_t>(batch_.rows.size(), -1);
}

template <class T> void Terms<T>::finish(bool whole, Outcome &outcome) {
  for (auto &term : terms_) {
    term.judge.end(batch_.rows);
    auto &own = outcome.terms.emplace_back();
    if (term.judged == 0 || !whole) continue;
    own = term.losses;
    if (term.objective.of_trial) {
      task::loss(term.objective, term.gathered, term.loss);
      for (std::size_t b = 0; b < own.size(); ++b) {
        own[b] = static_cast<double>(term.loss[b]);
        if (!std::isfinite(own[b])) fail(term, b);
      }
    } else {
      for (std::size_t b = 0; b < own.size(); ++b)
        if (term.judged_of[b] > 0) own[b] /= static_cast<double>(term.judged_of[b]);
    }
    const bool first = outcome.losses.empty();
    if (first) outcome.losses.assign(own.size(), 0);
    for (std::size_t b = 0; b < own.size(); ++b) outcome.losses[b] += term.words->weight * own[b];
  }
}

template <class T> std::vector<Judge<T>> Terms<T>::expectations() const {
  std::vector<Judge<T>> out;
  for (const auto &term : terms_) out.push_back(term.judge);
  return out;
}

template <class T> void Terms<T>::set_expectations(const std::vector<Judge<T>> &expectations) {
  for (std::size_t k = 0; k < terms_.size(); ++k) terms_[k].judge = expectations.at(k);
}

template <class T> std::vector<learning::Kept> Terms<T>::kept() {
  std::vector<learning::Kept> out;
  for (auto &term : terms_)
    for (auto part : term.judge.kept()) {
      part.name = "objective/" + term.words->name + "/reward/" + part.name;
      out.push_back(std::move(part));
    }
  return out;
}

template <class T> void Terms<T>::rewind() {
  for (auto &term : terms_) {
    if (term.reach() == 0) continue;
    term.back.resize(term.reach() + 1);
    for (auto &matrix : term.back) matrix.zeros(setup_.network.regions[term.words->region].size, term.losses.size());
  }
}

namespace {

// Where nobody asks for the gradient of a signal, as of a stimulus, there is no place for it.
template <class T> Matrix<T> *wanted(network::Signals<T> &d, std::size_t region, network::Signal signal) {
  auto &matrix = d[region][signal];
  return matrix.is_empty() ? nullptr : &matrix;
}

// Where the gradient of what a term compares in a step is added.
template <class T> struct Sides {
  Matrix<T> *signal, *target; // null: nobody asks, or the target is none of the circuit
};

template <class T, class Term> Sides<T> sides_of(const Term &term, std::size_t step, network::Signals<T> &d) {
  const auto earlier = [&](std::size_t ago) { return &term.back[(step - ago) % term.back.size()]; };
  const auto &target = term.words->target;
  Sides<T> out{term.lag > 0 ? earlier(term.lag) : wanted(d, term.words->region, term.signal), nullptr};
  if (term.compares_itself()) out.target = earlier(1);
  if (target.kind == TargetKind::signal) out.target = wanted(d, target.from.region, term.target_signal);
  return out;
}

} // namespace

// In a closed loop: of each trial the mean is over its own steps, and nothing is judged after its end.
template <class T> void Terms<T>::add_slope(Term &term, std::size_t step, const Matrix<T> &slope, Matrix<T> &to) const {
  for (std::size_t b = 0; b < to.n_cols; ++b) {
    if (!runs_in(b, step)) continue;
    const T each = 1 / static_cast<T>(term.judged_of[b]);
    for (std::size_t n = 0; n < to.n_rows; ++n) to(n, b) += each * slope(n, b);
  }
}

template <class T>
void Terms<T>::pull_back(std::size_t step, const network::Signals<T> &signals, network::Signals<T> &d) {
  for (auto &term : terms_) {
    Matrix<T> *now = wanted(d, term.words->region, term.signal);
    if (!term.back.empty()) {
      auto &arriving = term.back[step % term.back.size()];
      if (now) *now += arriving;
      arriving.zeros();
    }
    if (!judged_at(term, step)) continue;
    const T weight = static_cast<T>(term.words->weight);
    const auto [signal, target] = seen(term, step, signals);
    const auto to = sides_of(term, step, d);
    if (term.objective.of_trial) {
      const auto &at = term.gathered_at;
      const auto which = static_cast<std::size_t>(std::lower_bound(at.begin(), at.end(), step) - at.begin());
      if (to.signal) task::add_gradient(term.objective, term.gathered, which, *signal, weight, *to.signal);
      continue;
    }
    if (loop_) {
      const auto take = [&](auto gradient, Matrix<T> *side) {
        if (!side) return;
        term.slope.zeros(side->n_rows, side->n_cols);
        gradient(term.objective, *signal, *target, weight, term.slope); // ∂(sum of the losses of the step)
        add_slope(term, step, term.slope, *side);
      };
      const auto &functions = term.objective.entry->functions.template of<T>();
      take(functions.add_gradient, to.signal);
      take(functions.add_target_gradient, to.target);
      continue;
    }
    const T scale = weight / static_cast<T>(term.judged);
    if (to.signal) task::add_gradient(term.objective, *signal, *target, scale, *to.signal);
    if (to.target) task::add_target_gradient(term.objective, *signal, *target, scale, *to.target);
  }
}

template <class T>
void Terms<T>::add(std::size_t region, network::Compartment compartment, const network::Signals<T> &signals,
                   Matrix<T> &current) const {
  for (const auto &term : terms_) {
    if (!delivers(term, region, compartment)) continue;
    const auto &now = signals[region][term.signal];
    if (term.words->delivery == Delivery::attention) {
      const auto &choice = term.judge.choose(now);
      for (std::size_t b = 0; b < current.n_cols; ++b) current(choice.neuron[b], b) += term.delivered;
    } else if (const auto [signal, target] = seen(term, step_, signals); term.objective.of_trial) {
      task::add_gradient_now(term.objective, term.gathered, *signal, *target, -term.delivered, current);
    } else {
      task::add_gradient(term.objective, *signal, *target, -term.delivered, current);
    }
  }
}

template <class T>
void Terms<T>::add_vjp(std::size_t region, network::Compartment compartment, const network::Signals<T> &signals,
                       const Matrix<T> &dcurrent, network::Signals<T> &d) const {
  for (const auto &term : terms_) {
    if (!delivers(term, region, compartment)) continue;
    if (term.words->delivery == Delivery::attention) continue; // a choice has no slope
    const auto &functions = term.objective.entry->functions.template of<T>();
    if (term.objective.of_trial || !functions.add_hessian_product) {
      if (numeric::is_zero(dcurrent)) continue; // what is delivered moves nothing that is judged
      throw RunFailure("what '" + term.words->name +
                       "' delivers moves the circuit, and the gradient through it is not known: deliver it as a "
                       "scalar, or without a coupling of the apical compartment");
    }
    const auto [signal, target] = seen(term, step_, signals);
    const auto to = sides_of(term, step_, d);
    if (to.signal) task::add_hessian_product(term.objective, *signal, *target, dcurrent, -term.delivered, *to.signal);
    if (to.target)
      task::add_target_hessian_product(term.objective, *signal, *target, dcurrent, -term.delivered, *to.target);
  }
}

template class Terms<float>;
template class Terms<double>;

} // namespace engram::simulation
