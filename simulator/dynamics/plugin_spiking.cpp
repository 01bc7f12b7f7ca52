#include "dynamics/plugin_spiking.hpp"

#include "dynamics/integrator_entry.hpp"
#include "dynamics/spiking_receptors.hpp"
#include "dynamics/step_failure.hpp"
#include "input/input_error.hpp"
#include "model/time_grid.hpp"
#include "numeric/finite.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace engram::dynamics {

template <class T>
PluginSpiking<T>::PluginSpiking(const engram_dynamics &table, const model::Model &model, const model::Region &region)
    : neurons_(table, region, model.seed), count_(region.size), h_(model.time.step),
      integrator_(region.integrator.type), stepper_(stepper_of<T>(region.integrator)),
      tableau_(tableau_of(integrator_)), chooses_substeps_(adapts_step(integrator_)), upward_(table.upward != 0),
      has_slopes_(has_slopes(table)) {
  Base::receptors_ = receptors_of<T>(region, model.seed, h_);
  if (has_slopes_) {
    sharp_ = region.dynamics.number("surrogate") != 0;
    through_reset_ = region.dynamics.number("reset_slope") != 0;
    surrogate_gain_ = static_cast<T>(region.dynamics.number("surrogate_gain"));
    surrogate_width_ = static_cast<T>(region.dynamics.number("surrogate_width"));
  }
  if (table.refractory > 0) {
    for (std::size_t i = 0; i < count_; ++i) {
      const double ms = static_cast<double>(neurons_.constant(table.refractory - 1, i));
      quiet_steps_.push_back(static_cast<T>(model::steps_of(std::max(0.0, ms), h_)));
    }
  }
  if (region.initial) {
    const numeric::Vector<T> first =
        network::values_of<T>(*region.initial, count_, model.seed, numeric::name_key(region.name + ".initial"));
    begin_ = neurons_.begin(&first);
  } else {
    begin_ = neurons_.begin(nullptr);
  }
  const bool conducting =
      std::any_of(Base::receptors_.begin(), Base::receptors_.end(), [](const auto &r) { return r.conductance; });
  // An integrator that the file names moves equations; a plugin says itself that its steps are exact.
  const bool stepped = own_of(table) != nullptr && model.time.integrator_given && !is_exponential(integrator_);
  if (table.linear != 0 && !conducting && !stepped)
    exact_ = std::make_unique<LinearSteps<T>>(neurons_, begin_, count_, h_);
  else
    refuse_negative_weights(model, region);
  if (!upward_) refuse_endless(model, region);
  if (upward_) stepper_->between = [this](const Vector<T> &u) { note_highest(u); };
  if (has_slopes_ && !upward_) find_adaptation();
}

// A method with negative weights may throw a neuron back from its upstroke.
template <class T>
void PluginSpiking<T>::refuse_negative_weights(const model::Model &model, const model::Region &region) const {
  if (chooses_substeps_ || upward_) return;
  const auto negative = [](const auto &row) {
    return std::any_of(row.begin(), row.end(), [](double w) { return w < 0; });
  };
  if (!negative(tableau_.b) && std::none_of(tableau_.a.begin(), tableau_.a.end(), negative)) return;
  throw input::InputError(
      {{model.file, 0, "/time/integrator",
        fmt::format("'{}' has stages that go backwards, and may throw a neuron of '{}' back from its threshold; take "
                    "runge_kutta4, or {}",
                    integrator_, region.name, those_that_adapt())}});
}

template <class T> void PluginSpiking<T>::begin(std::size_t trials, SpikeLists &spikes) {
  trials_ = trials;
  state_.set_size(begin_.n_elem * trials);
  slope_.set_size(state_.n_elem);
  for (std::size_t b = 0; b < trials; ++b)
    std::copy_n(begin_.memptr(), begin_.n_elem, state_.memptr() + b * begin_.n_elem);
  for (auto *matrix : {&drive_, &conductance_, &quiet_, &passed_, &before_, &highest_, &gain_})
    matrix->zeros(count_, trials);
  spiked_.assign(count_ * trials, 0);
  counts_.assign(trials, 0);
  kept_ = {};
  kept_.start.zeros(begin_.n_elem, trials);
  dynamics::begin(Base::receptors_, count_, trials);
  for (auto &list : spikes) list.clear();
}

template <class T> void PluginSpiking<T>::step(const StepInput<T> &in, SpikeLists &spikes) {
  for (auto &r : Base::receptors_) add_background(r, *in.draws, in.step, in.threads);
  apical_ = apical_of(in.apical);
  for (std::size_t b = 0; b < trials_; ++b) std::copy_n(first(state_, b), count_, before_.colptr(b));
  take_in(
      Base::receptors_, in.soma, [this](std::size_t b) { return first(state_, b); }, quiet_, drive_, conductance_);
  const bool notes = in.tape && has_slopes_;
  if (notes) note_start(in.apical);
  if (upward_) std::copy_n(before_.memptr(), before_.n_elem, highest_.memptr());
  if (!exact_ && steps_made_++ % look_every == 0) refuse_fast();
  move();
  if (upward_) note_highest(state_);
  if (in.gain && has_slopes_) measure();
  if (notes) std::copy_n(state_.memptr(), state_.n_elem, kept_.reached.memptr());
  fire(spikes);
  if (notes) note_end(spikes);
}

// The states go to the end of the step, with what arrives in it.
template <class T> void PluginSpiking<T>::move() {
  if (!exact_) {
    passed_.zeros();
    slope(state_, slope_);
    refuse_infinite(slope_, "slope");
    stepper_->step([this](const Vector<T> &u, Vector<T> &du) { slope(u, du); }, state_, slope_, static_cast<T>(h_),
                   pieces_);
    return;
  }
  const auto all = neurons_.population(trials_);
  neurons_.call(neurons_.calls().derivative, &all, static_cast<const void *>(state_.memptr()),
                static_cast<const void *>(drive_.memptr()), apical_, static_cast<void *>(slope_.memptr()));
  refuse_infinite(slope_, "slope");
  exact_->move(slope_.memptr(), quiet_.memptr(), trials_, state_.memptr());
  refuse_infinite(state_, "end of a step");
  pieces_.assign(1, static_cast<T>(h_));
}

template <class T> void PluginSpiking<T>::show(RegionSignals<T> &s, SignalSet wanted) const {
  if (wanted[static_cast<std::size_t>(Signal::potential)])
    for (std::size_t b = 0; b < trials_; ++b) std::copy_n(first(state_, b), count_, s[Signal::potential].colptr(b));
  if (wanted[static_cast<std::size_t>(Signal::gain)])
    std::copy_n(gain_.memptr(), gain_.n_elem, s[Signal::gain].memptr());
  if (!wanted[static_cast<std::size_t>(Signal::adaptation)] || !has_slopes_) return;
  auto &raised = s[Signal::adaptation];
  for (std::size_t b = 0; b < trials_; ++b)
    if (adaptation_.empty())
      raised.col(b).zeros();
    else
      std::copy(adaptation_.begin(), adaptation_.end(), raised.colptr(b));
}

template <class T> void PluginSpiking<T>::states(std::vector<NamedState<T>> &out) const {
  const std::size_t K = neurons_.table().state_count;
  seen_.resize(K);
  for (std::size_t k = 0; k < K; ++k) {
    if (trials_ == 1) { // they stand side by side already
      out.push_back({neurons_.table().states[k].name, state_.memptr() + k * count_});
      continue;
    }
    seen_[k].set_size(count_, trials_);
    for (std::size_t b = 0; b < trials_; ++b)
      std::copy_n(state_.memptr() + (k + b * K) * count_, count_, seen_[k].colptr(b));
    out.push_back({neurons_.table().states[k].name, seen_[k].memptr()});
  }
}

// Who spikes in these states of one trial, which are then reset.
template <class T> std::vector<bool> PluginSpiking<T>::fired(Vector<T> &state) const {
  const std::vector<T> none(count_, T(0));
  std::vector<std::uint32_t> who(count_);
  std::size_t number = 0;
  const engram_spiking_step step{sizeof(engram_spiking_step), none.data(), nullptr, none.data(), nullptr};
  const auto all = neurons_.population(1);
  neurons_.call(neurons_.calls().fire, &all, static_cast<void *>(state.memptr()), &step, who.data(), &number);
  std::vector<bool> out(count_, false);
  for (std::size_t k = 0; k < std::min(number, count_); ++k) out[std::min<std::size_t>(who[k], count_ - 1)] = true;
  return out;
}

// A neuron that is not below its threshold after a spike would spike in every step.
template <class T> void PluginSpiking<T>::refuse_endless(const model::Model &model, const model::Region &region) const {
  constexpr int halvings = 60; // of an interval that holds any threshold in mV
  std::vector<T> low(count_, T(-1e4)), high(count_, T(1e4));
  Vector<T> state;
  for (int k = 0; k < halvings; ++k) {
    state = begin_;
    for (std::size_t i = 0; i < count_; ++i) state[i] = (low[i] + high[i]) / 2;
    const Vector<T> tried = state;
    const auto spikes = fired(state);
    for (std::size_t i = 0; i < count_; ++i) (spikes[i] ? high[i] : low[i]) = tried[i];
  }
  state = begin_;
  std::copy(high.begin(), high.end(), state.begin());
  fired(state);
  const auto again = fired(state);
  const auto bad = std::find(again.begin(), again.end(), true);
  if (bad == again.end()) return;
  throw input::InputError(
      {{model.file, 0, region.pointer + "/dynamics",
        fmt::format("neuron {} is still at its threshold after a spike: it would spike in every step",
                    bad - again.begin())}});
}

// N × B, of the present states.
template <class T> Matrix<T> PluginSpiking<T>::thresholds() const {
  Matrix<T> out(count_, trials_);
  const auto all = neurons_.population(trials_);
  neurons_.call(neurons_.calls().beyond, &all, static_cast<const void *>(state_.memptr()),
                static_cast<void *>(out.memptr()));
  for (std::size_t b = 0; b < trials_; ++b)
    for (std::size_t i = 0; i < count_; ++i) out(i, b) = first(state_, b)[i] - out(i, b);
  return out;
}

// A trial begins with a spike, or without one: how far apart are the thresholds a step later?
template <class T> void PluginSpiking<T>::find_adaptation() {
  SpikeLists none(1);
  begin(1, none);
  const Matrix<T> before = thresholds();
  for (std::size_t i = 0; i < count_; ++i) state_[i] = before[i] + (1 + std::abs(before[i])) / 1000;
  fired(state_);
  const Vector<T> after = state_;
  // A threshold comes out as v - (v - threshold), with the rounding of both.
  const auto rise = [&](const Matrix<T> &high, const Matrix<T> &low, std::size_t i) {
    const T by = high[i] - low[i], size = std::abs(high[i]) + std::abs(after[i]) + std::abs(begin_[i]);
    return std::abs(by) > 8 * std::numeric_limits<T>::epsilon() * size ? by : T(0);
  };
  const auto raised_by = [&](const Matrix<T> &high, const Matrix<T> &low) {
    std::vector<T> out(count_);
    for (std::size_t i = 0; i < count_; ++i) out[i] = rise(high, low, i);
    return out;
  };
  const auto at_once = raised_by(thresholds(), before);
  if (std::all_of(at_once.begin(), at_once.end(), [](T by) { return by == T(0); })) return;
  const auto a_step_later = [&](const Vector<T> &state) {
    state_ = state;
    move();
    return thresholds();
  };
  adaptation_.assign(count_, std::numeric_limits<T>::quiet_NaN());
  try {
    const Matrix<T> raised = a_step_later(after), usual = a_step_later(begin_);
    adaptation_ = raised_by(raised, usual);
  } catch (const StepFailure &) { // who reads it ends the run; others may never come there
  }
}

template <class T> void PluginSpiking<T>::note_highest(const Vector<T> &u) {
  for (std::size_t b = 0; b < trials_; ++b)
    for (std::size_t i = 0; i < count_; ++i) highest_(i, b) = std::max(highest_(i, b), first(u, b)[i]);
}

template <class T> void PluginSpiking<T>::slope(const Vector<T> &u, Vector<T> &du) {
  // Substeps that are tried may overshoot and be taken back. So only a potential beyond the threshold at the end is a
  // spike.
  if (chooses_substeps_) passed_.zeros();
  const engram_spiking_input in{
      sizeof(engram_spiking_input), drive_.memptr(), conductance_.memptr(), apical_, quiet_.memptr(), passed_.memptr(),
      chooses_substeps_ ? 1.0 : 0.0};
  const auto all = neurons_.population(trials_);
  neurons_.call(neurons_.calls().spiking_derivative, &all, static_cast<const void *>(u.memptr()), &in,
                static_cast<void *>(du.memptr()));
}

// A potential that became infinite would be taken for a spike.
template <class T> void PluginSpiking<T>::refuse_infinite(const Vector<T> &values, const char *what) const {
  const std::size_t k = numeric::first_not_finite(values.memptr(), values.n_elem);
  if (k == values.n_elem) return;
  const std::size_t neuron = k % count_, state = k % begin_.n_elem / count_;
  const T value = std::isnan(values[k]) ? std::abs(values[k]) : values[k]; // NaN has no sign
  throw StepFailure(neuron + k / begin_.n_elem * count_,
                    fmt::format("the {} of '{}' is {}", what, neurons_.table().states[state].name, value));
}

template <class T> void PluginSpiking<T>::refuse_fast() {
  if (chooses_substeps_) return;
  relaxation_.set_size(count_, trials_);
  const auto all = neurons_.population(trials_);
  neurons_.call(neurons_.calls().relaxation, &all, static_cast<const void *>(state_.memptr()),
                static_cast<const void *>(drive_.memptr()), static_cast<const void *>(conductance_.memptr()),
                static_cast<void *>(relaxation_.memptr()));
  const double stable = stable_to(integrator_);
  for (std::size_t k = 0; k < relaxation_.n_elem; ++k) {
    const double rate = static_cast<double>(relaxation_[k]);
    if (quiet_[k] != T(0) || !(rate * h_ > stable) || !std::isfinite(rate)) continue;
    throw StepFailure(k,
                      fmt::format("with what reaches it now it relaxes so fast that '{}' is stable only in steps below "
                                  "{:.2g} ms; take a shorter step, or {}",
                                  integrator_, stable / rate, those_that_adapt()));
  }
}

template <class T> void PluginSpiking<T>::fire(SpikeLists &spikes) {
  const engram_spiking_step step{sizeof(engram_spiking_step), quiet_.memptr(),
                                 chooses_substeps_ || exact_ ? nullptr : passed_.memptr(), before_.memptr(),
                                 upward_ ? highest_.memptr() : nullptr};
  const auto all = neurons_.population(trials_);
  neurons_.call(neurons_.calls().fire, &all, static_cast<void *>(state_.memptr()), &step, spiked_.data(),
                counts_.data());
  for (std::size_t b = 0; b < trials_; ++b) {
    T *quiet = quiet_.colptr(b);
    for (std::size_t i = 0; i < count_; ++i) quiet[i] = quiet[i] > T(0) ? quiet[i] - T(1) : T(0);
    const auto *who = spiked_.data() + b * count_;
    if (counts_[b] > count_) neurons_.fail("more neurons spike than there are");
    spikes[b].assign(who, who + counts_[b]);
    for (const auto i : spikes[b]) {
      if (i >= count_) neurons_.fail("a neuron spikes that is not there");
      if (!quiet_steps_.empty()) quiet[i] = quiet_steps_[i];
    }
  }
}

template class PluginSpiking<float>;
template class PluginSpiking<double>;

template <class T>
std::unique_ptr<SpikingRegion<T>> make_plugin_spiking(const engram_dynamics &table, const model::Model &model,
                                                      const model::Region &region) {
  return std::make_unique<PluginSpiking<T>>(table, model, region);
}
template std::unique_ptr<SpikingRegion<float>> make_plugin_spiking(const engram_dynamics &, const model::Model &,
                                                                   const model::Region &);
template std::unique_ptr<SpikingRegion<double>> make_plugin_spiking(const engram_dynamics &, const model::Model &,
                                                                    const model::Region &);

} // namespace engram::dynamics
