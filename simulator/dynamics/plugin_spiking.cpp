// Neurons of a plugin that spike. The plugin gives slopes, threshold and reset; receptors, steppers and refractory
// times are those of engram's own neurons (ode_region.hpp), and so is the way in which a step meets the threshold.
#include "dynamics/plugin_neurons.hpp"
#include "dynamics/spiking_receptors.hpp"
#include "dynamics/step_failure.hpp"
#include "dynamics/stepper.hpp"
#include "input/input_error.hpp"
#include "model/time_grid.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace engram::dynamics {

namespace {

// One with negative weights may throw a neuron back from its upstroke.
bool has_negative_weights(const Tableau &tableau) {
  const auto negative = [](const auto &row) {
    return std::any_of(row.begin(), row.end(), [](double w) { return w < 0; });
  };
  return negative(tableau.b) || std::any_of(tableau.a.begin(), tableau.a.end(), negative);
}

template <class T> class PluginSpiking final : public SpikingRegion<T> {
public:
  PluginSpiking(const engram_dynamics &table, const model::Model &model, const model::Region &region)
      : neurons_(table, region, model.seed), count_(region.size), h_(model.time.step),
        integrator_(region.integrator.type), stepper_(stepper_of<T>(region.integrator)),
        chooses_substeps_(adapts_step(integrator_)), upward_(table.upward != 0) {
    if (!chooses_substeps_ && !upward_ && has_negative_weights(tableau_of(integrator_)))
      throw input::InputError(
          {{model.file, 0, "/time/integrator",
            fmt::format(
                "'{}' has stages that go backwards, and may throw a neuron of '{}' back from its threshold; take "
                "runge_kutta4, or {}",
                integrator_, region.name, those_that_adapt())}});
    Base::receptors_ = receptors_of<T>(region, model.seed, h_);
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
    if (!upward_) refuse_endless(model, region);
    if (upward_) stepper_->between = [this](const Vector<T> &u) { note_highest(u); };
  }

  void begin(std::size_t trials, SpikeLists &spikes) override {
    trials_ = trials;
    state_.set_size(begin_.n_elem * trials);
    slope_.set_size(state_.n_elem);
    for (std::size_t b = 0; b < trials; ++b)
      std::copy_n(begin_.memptr(), begin_.n_elem, state_.memptr() + b * begin_.n_elem);
    for (auto *matrix : {&drive_, &conductance_, &quiet_, &passed_, &before_, &highest_}) matrix->zeros(count_, trials);
    spiked_.assign(count_ * trials, 0);
    counts_.assign(trials, 0);
    dynamics::begin(Base::receptors_, count_, trials);
    for (auto &list : spikes) list.clear();
  }

  void step(const StepInput<T> &in, SpikeLists &spikes) override {
    for (auto &r : Base::receptors_) add_background(r, *in.draws, in.step, in.threads);
    if (in.soma)
      std::copy_n(in.soma->memptr(), in.soma->n_elem, drive_.memptr());
    else
      drive_.zeros();
    conductance_.zeros();
    for (std::size_t b = 0; b < trials_; ++b) {
      std::copy_n(first(state_, b), count_, before_.colptr(b));
      for (auto &r : Base::receptors_)
        take_in_step(r, b, count_, first(state_, b), quiet_.colptr(b), drive_.colptr(b), conductance_.colptr(b));
    }
    if (steps_made_++ % look_every == 0) refuse_fast();
    passed_.zeros();
    if (upward_) std::copy_n(before_.memptr(), before_.n_elem, highest_.memptr());
    slope(state_, slope_);
    stepper_->step([this](const Vector<T> &u, Vector<T> &du) { slope(u, du); }, state_, slope_, static_cast<T>(h_),
                   pieces_);
    if (upward_) note_highest(state_);
    fire(spikes);
  }

  void show(RegionSignals<T> &s, SignalSet wanted) const override {
    if (!wanted[static_cast<std::size_t>(Signal::potential)]) return;
    for (std::size_t b = 0; b < trials_; ++b) std::copy_n(first(state_, b), count_, s[Signal::potential].colptr(b));
  }

  void states(std::vector<NamedState<T>> &out) const override {
    const std::size_t K = neurons_.table().state_count;
    seen_.resize(K);
    for (std::size_t k = 0; k < K; ++k) {
      seen_[k].set_size(count_, trials_);
      for (std::size_t b = 0; b < trials_; ++b)
        std::copy_n(state_.memptr() + (k + b * K) * count_, count_, seen_[k].colptr(b));
      out.push_back({neurons_.table().states[k].name, seen_[k].memptr()});
    }
  }

private:
  using Base = SpikingRegion<T>;
  static constexpr std::size_t look_every = 61; // steps between looks at how fast the states relax

  // Who spikes in these states of one trial, which are then reset.
  std::vector<bool> fired(Vector<T> &state) const {
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
  void refuse_endless(const model::Model &model, const model::Region &region) const {
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

  T *first(Vector<T> &u, std::size_t b) const { return u.memptr() + b * begin_.n_elem; }
  const T *first(const Vector<T> &u, std::size_t b) const { return u.memptr() + b * begin_.n_elem; }

  void note_highest(const Vector<T> &u) {
    for (std::size_t b = 0; b < trials_; ++b)
      for (std::size_t i = 0; i < count_; ++i) highest_(i, b) = std::max(highest_(i, b), first(u, b)[i]);
  }

  void slope(const Vector<T> &u, Vector<T> &du) {
    // Substeps that are tried may overshoot and be taken back. So only a potential beyond the threshold at the end is a
    // spike.
    if (chooses_substeps_) passed_.zeros();
    const engram_spiking_input in{
        sizeof(engram_spiking_input), drive_.memptr(), conductance_.memptr(), quiet_.memptr(), passed_.memptr(),
        chooses_substeps_ ? 1.0 : 0.0};
    const auto all = neurons_.population(trials_);
    neurons_.call(neurons_.calls().spiking_derivative, &all, static_cast<const void *>(u.memptr()), &in,
                  static_cast<void *>(du.memptr()));
  }

  void refuse_fast() {
    if (chooses_substeps_) return;
    relaxation_.set_size(count_, trials_);
    const auto all = neurons_.population(trials_);
    neurons_.call(neurons_.calls().relaxation, &all, static_cast<const void *>(state_.memptr()),
                  static_cast<const void *>(drive_.memptr()), static_cast<const void *>(conductance_.memptr()),
                  static_cast<void *>(relaxation_.memptr()));
    const double stable = stable_to(integrator_);
    for (std::size_t k = 0; k < relaxation_.n_elem; ++k) {
      const double rate = static_cast<double>(relaxation_[k]);
      if (quiet_[k] != T(0) || !(rate * h_ > stable)) continue;
      throw StepFailure(
          k, fmt::format("with what reaches it now it relaxes so fast that '{}' is stable only in steps below "
                         "{:.2g} ms; take a shorter step, or {}",
                         integrator_, stable / rate, those_that_adapt()));
    }
  }

  void fire(SpikeLists &spikes) {
    const engram_spiking_step step{sizeof(engram_spiking_step), quiet_.memptr(),
                                   chooses_substeps_ ? nullptr : passed_.memptr(), before_.memptr(),
                                   upward_ ? highest_.memptr() : nullptr};
    const auto all = neurons_.population(trials_);
    neurons_.call(neurons_.calls().fire, &all, static_cast<void *>(state_.memptr()), &step, spiked_.data(),
                  counts_.data());
    for (std::size_t b = 0; b < trials_; ++b) {
      T *quiet = quiet_.colptr(b);
      for (std::size_t i = 0; i < count_; ++i) quiet[i] = quiet[i] > T(0) ? quiet[i] - T(1) : T(0);
      const auto *who = spiked_.data() + b * count_;
      if (counts_[b] > count_) throw DynamicsFailure(neurons_.wrong("more neurons spike than there are"));
      spikes[b].assign(who, who + counts_[b]);
      for (const auto i : spikes[b]) {
        if (i >= count_) throw DynamicsFailure(neurons_.wrong("a neuron spikes that is not there"));
        if (!quiet_steps_.empty()) quiet[i] = quiet_steps_[i];
      }
    }
  }

  PluginNeurons<T> neurons_;
  std::size_t count_, trials_ = 0;
  double h_;
  std::string integrator_;
  std::unique_ptr<Stepper<T>> stepper_;
  bool chooses_substeps_, upward_;
  std::vector<T> quiet_steps_; // N; empty: nothing is held after a spike
  numeric::Vector<T> begin_;   // N K, as a trial begins
  Vector<T> state_, slope_;    // N K B
  Matrix<T> drive_, conductance_, quiet_, passed_, before_, highest_, relaxation_; // N × B
  std::vector<std::uint32_t> spiked_;                                              // N × B: of trial b from b N on
  std::vector<std::size_t> counts_;                                                // B
  std::vector<T> pieces_;
  mutable std::vector<Matrix<T>> seen_; // by state, for states()
  std::size_t steps_made_ = 0;
};

} // namespace

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
