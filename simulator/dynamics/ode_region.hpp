// An OdeRegion holds spiking neurons with nonlinear equations, moved by the model's Odeint stepper. Conductances and
// currents are held at their mean over the step. The file of a dynamics gives the equations, and is compiled with the
// vector form of exp: it includes dynamics/vector_math.hpp first.
#pragma once

#include "dynamics/spiking_receptors.hpp"
#include "dynamics/spiking_region.hpp"
#include "dynamics/stepper.hpp"
#include "model/time_grid.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <memory>
#include <string>
#include <vector>

namespace engram::dynamics {

namespace equations {

/// The inputs of a right-hand side, for the N neurons of one trial: C v' = … + drive − conductance v.
template <class T> struct Input {
  const T *drive, *conductance; ///< pA, nS
  const T *held; ///< steps for which a neuron is still refractory (then v' = 0); below 0: in its spike (nothing moves)
  /// Has the potential passed its peak within the step, at a stage of the stepper? It is seen and set here. From then
  /// on the neuron is taken to be at its peak, and v' is `beyond` times that at the peak.
  T *passed;
  T beyond;
};

template <class T> using Own = std::vector<PerNeuron<T>>; ///< in the order of names()

} // namespace equations

/// One kind of neuron, all trials in one state vector: variable by variable, N of each trial. `Kind` gives the states,
/// their values as a trial begins, the parameter that the potential begins at, the slopes, and the effect of a spike.
template <class T, template <class> class Kind> class OdeRegion final : public SpikingRegion<T> {
public:
  OdeRegion(const model::Model &model, const model::Region &region)
      : neurons_(region.size), h_(model.time.step), seed_(model.seed), integrator_(region.integrator.type),
        stepper_(stepper_of<T>(region.integrator)), chooses_substeps_(adapts_step(integrator_)) {
    Base::receptors_ = receptors_of<T>(region, model.seed, h_);
    for (const char *name : Kind<T>::names()) own_.emplace_back(region, name, model.seed);
    const auto steps = [&](double ms) { return model::steps_of(std::max(0.0, ms), h_); };
    if (region.dynamics.parameters.contains("refractory"))
      quiet_steps_ = PerNeuron<T>(region, "refractory", model.seed).map(steps);
    if (region.dynamics.parameters.contains("spike_width")) {
      spike_steps_ = PerNeuron<T>(region, "spike_width", model.seed).map(steps);
      spike_height_ = PerNeuron<T>(region, "spike_height", model.seed);
    }
    const bool given = region.initial.has_value();
    const std::string first = Kind<T>::begins_at;
    v_ = network::values_of<T>(given ? *region.initial : region.dynamics.at(first), neurons_, seed_,
                               numeric::name_key(region.name + "." + (given ? "initial" : first)));
    const auto tableau = tableau_of(integrator_);
    const auto negative = [](const auto &row) {
      return std::any_of(row.begin(), row.end(), [](double w) { return w < 0; });
    };
    careful_ = !Kind<T>::upward && !chooses_substeps_ &&
               (negative(tableau.b) || std::any_of(tableau.a.begin(), tableau.a.end(), negative));
    if (Kind<T>::upward)
      stepper_->between = [this](const Vector<T> &u) {
        for (std::size_t k = 0; k < highest_.n_elem; ++k) highest_[k] = std::max(highest_[k], u[k]);
      };
    if (relaxes_by_potential && !chooses_substeps_) fastest_ = static_cast<T>(stable_to(integrator_) / h_);
    const bool conducting =
        std::any_of(Base::receptors_.begin(), Base::receptors_.end(), [](const auto &r) { return r.conductance; });
    if (!conducting || chooses_substeps_) return;
    most_conductance_.set_size(neurons_);
    for (std::size_t n = 0; n < neurons_; ++n)
      most_conductance_[n] =
          static_cast<T>(stable_to(integrator_) / h_) * Kind<T>::capacitance(own_, n) - Kind<T>::relaxation(own_, n);
  }

  void begin(std::size_t trials, SpikeLists &spikes) override {
    trials_ = trials;
    state_.set_size(neurons_ * trials * variables);
    slope_.set_size(state_.n_elem);
    drive_.zeros(neurons_, trials);
    conductance_.zeros(neurons_, trials);
    quiet_.zeros(neurons_, trials);
    before_.set_size(neurons_, trials);
    passed_.zeros(neurons_, trials);
    highest_.zeros(neurons_, trials);
    steep_.zeros(neurons_, trials);
    if (fastest_ > T(0)) stiff_.set_size(neurons_, trials);
    for (std::size_t b = 0; b < trials; ++b)
      for (std::size_t n = 0; n < neurons_; ++n) {
        T own[variables];
        Kind<T>::begin(own_, n, v_[n], own);
        for (std::size_t k = 0; k < variables; ++k) state_[(k * trials + b) * neurons_ + n] = own[k];
      }
    dynamics::begin(Base::receptors_, neurons_, trials);
    for (auto &list : spikes) list.clear();
  }

  void step(const StepInput<T> &in, SpikeLists &spikes) override {
    for (auto &r : Base::receptors_) add_background(r, *in.draws, in.step, in.threads);
    std::copy_n(state_.memptr(), neurons_ * trials_, before_.memptr());
    const auto potentials = [this](std::size_t b) { return state_.memptr() + b * neurons_; };
    take_in(Base::receptors_, in.soma, potentials, quiet_, drive_, conductance_);
    if (!most_conductance_.is_empty()) refuse_stiff();
    passed_.zeros();
    steep_.zeros();
    if (careful_) start_ = state_;
    if (fastest_ > T(0)) stiff_.zeros();
    if (Kind<T>::upward) std::copy_n(state_.memptr(), neurons_ * trials_, highest_.memptr());
    slope(state_, slope_);
    stepper_->step([this](const Vector<T> &u, Vector<T> &du) { slope(u, du); }, state_, slope_, static_cast<T>(h_),
                   pieces_);
    for (std::size_t k = 0; careful_ && k < steep_.n_elem; ++k)
      if (steep_[k] != T(0) && quiet_[k] == T(0)) resolve(k % neurons_, k / neurons_);
    refuse_low();
    for (std::size_t b = 0; b < trials_; ++b) fire(b, spikes[b]);
  }

  void show(RegionSignals<T> &s, SignalSet wanted) const override {
    if (wanted[static_cast<std::size_t>(Signal::potential)])
      std::copy_n(state_.memptr(), neurons_ * trials_, s[Signal::potential].memptr());
  }

  void states(std::vector<NamedState<T>> &out) const override {
    for (std::size_t k = 0; k < variables; ++k)
      out.push_back({Kind<T>::states[k], state_.memptr() + k * trials_ * neurons_});
  }

private:
  using Base = SpikingRegion<T>;
  static constexpr std::size_t variables = Kind<T>::variables;
  static constexpr int substeps = 8; // of resolve()
  static constexpr bool relaxes_by_potential = requires(T v) { Kind<T>::relaxation_at(v); };
  static constexpr double gentle_mv = 2; // by which the potential moves in a step that any method takes well

  // With so large a conductance an explicit step would overshoot, and swing further with each step.
  void refuse_stiff() const {
    for (std::size_t b = 0; b < trials_; ++b) {
      const T *g = conductance_.colptr(b), *most = most_conductance_.memptr();
      int any = 0;
#pragma omp simd reduction(| : any)
      for (std::size_t n = 0; n < neurons_; ++n) any |= g[n] > most[n];
      for (std::size_t n = 0; any && n < neurons_; ++n)
        if (g[n] > most_conductance_[n])
          throw StepFailure(
              b * neurons_ + n,
              fmt::format(
                  "its receptors conduct {:.3g} nS, with which '{}' is stable only in steps below {:.2g} ms; take "
                  "a shorter step, or {}",
                  g[n], integrator_,
                  stable_to(integrator_) * static_cast<double>(Kind<T>::capacitance(own_, n)) /
                      static_cast<double>(g[n] + Kind<T>::relaxation(own_, n)),
                  those_that_adapt()));
    }
  }

  // The same of a potential so low that Izhikevich's parabola is steep there: at it, or at a stage that a step tries, a
  // method that is not stable throws the neuron upwards, and it spikes because it is inhibited. One that is moved anew
  // in substeps is judged by where it begins.
  void note_low(std::size_t b, const T *v) {
    if constexpr (relaxes_by_potential) {
      const T *g = conductance_.colptr(b);
      T *stiff = stiff_.colptr(b);
#pragma omp simd
      for (std::size_t n = 0; n < neurons_; ++n) stiff[n] = std::max(stiff[n], Kind<T>::relaxation_at(v[n]) + g[n]);
    }
  }
  void refuse_low() const {
    if constexpr (relaxes_by_potential) {
      if (fastest_ == T(0)) return;
      for (std::size_t k = 0; k < stiff_.n_elem; ++k) {
        const bool anew = careful_ && steep_[k] != T(0);
        const T rate = anew ? Kind<T>::relaxation_at(start_[k]) + conductance_[k] : stiff_[k];
        const T most = anew ? static_cast<T>(substeps * classic_stable_to / h_) : fastest_;
        if (quiet_[k] != T(0) || !(rate > most)) continue;
        throw StepFailure(k, fmt::format("its potential lies so low that '{}' is stable only in steps below {:.2g} ms; "
                                         "take a shorter step, or {}",
                                         integrator_, static_cast<double>(most * static_cast<T>(h_) / rate),
                                         those_that_adapt()));
      }
    }
  }

  void slope(const Vector<T> &u, Vector<T> &du) {
    constexpr std::size_t block = PerNeuron<T>::block;
    // Substeps that are tried may overshoot and be taken back. So only a potential beyond the peak at the end is a
    // spike.
    if (chooses_substeps_) passed_.zeros();
    for (std::size_t b = 0; b < trials_; ++b) {
      const T *x[variables];
      T *dx[variables];
      for (std::size_t k = 0; k < variables; ++k) {
        x[k] = u.memptr() + (k * trials_ + b) * neurons_;
        dx[k] = du.memptr() + (k * trials_ + b) * neurons_;
      }
      const equations::Input<T> in{drive_.colptr(b), conductance_.colptr(b), quiet_.colptr(b), passed_.colptr(b),
                                   chooses_substeps_ ? T(1) : T(0)};
      for (std::size_t first = 0; first < neurons_; first += block)
        Kind<T>::slope(own_, first, std::min(block, neurons_ - first), x, in, dx);
      if (fastest_ > T(0)) note_low(b, x[0]);
      if (!careful_) continue;
      const T limit = static_cast<T>(gentle_mv / h_);
      T *steep = steep_.colptr(b);
#pragma omp simd
      for (std::size_t n = 0; n < neurons_; ++n) steep[n] = std::abs(dx[0][n]) < limit ? steep[n] : T(1);
    }
  }

  // A method with negative weights may throw a neuron back from its upstroke. A neuron that rises so fast is moved
  // again, by the classic Runge-Kutta method in substeps.
  void resolve(std::size_t n, std::size_t b) {
    const T h = static_cast<T>(h_ / substeps);
    std::array<T *, variables> x, dx;
    std::array<const T *, variables> at;
    std::array<T, variables> now, sum;
    for (std::size_t k = 0; k < variables; ++k) {
      const std::size_t place = (k * trials_ + b) * neurons_;
      now[k] = start_[place + n];
      x[k] = state_.memptr() + place; // the neuron's own place serves as scratch
      at[k] = x[k];
      dx[k] = slope_.memptr() + place;
    }
    passed_(n, b) = 0;
    const equations::Input<T> in{drive_.colptr(b), conductance_.colptr(b), quiet_.colptr(b), passed_.colptr(b), T(0)};
    for (int step = 0; step < substeps; ++step) {
      sum.fill(T(0));
      for (int stage = 0; stage < 4; ++stage) {
        const T reach = stage == 0 ? T(0) : stage == 3 ? h : h / 2, weight = stage == 0 || stage == 3 ? T(1) : T(2);
        for (std::size_t k = 0; k < variables; ++k) x[k][n] = now[k] + reach * dx[k][n];
        Kind<T>::slope(own_, n, 1, at.data(), in, dx.data());
        for (std::size_t k = 0; k < variables; ++k) sum[k] += weight * dx[k][n];
      }
      for (std::size_t k = 0; k < variables; ++k) now[k] += h / 6 * sum[k];
    }
    for (std::size_t k = 0; k < variables; ++k) x[k][n] = now[k];
  }

  void fire(std::size_t b, std::vector<std::uint32_t> &spikes) {
    spikes.clear();
    T *x[variables];
    for (std::size_t k = 0; k < variables; ++k) x[k] = state_.memptr() + (k * trials_ + b) * neurons_;
    T *quiet = quiet_.colptr(b);
    const T *before = before_.colptr(b), *passed = passed_.colptr(b);
    for (std::size_t n = 0; n < neurons_; ++n) {
      if (quiet[n] < T(0)) {
        quiet[n] += T(1);
        if (quiet[n] == T(0)) fall(n, x, quiet);
        continue;
      }
      const bool held = quiet[n] > T(0);
      if (held) quiet[n] -= T(1);
      const T threshold = Kind<T>::threshold(own_, n, x);
      const bool within = Kind<T>::upward ? highest_(n, b) >= threshold : !chooses_substeps_ && passed[n] != T(0);
      const bool reached = x[0][n] >= threshold || within;
      if (held || !reached || (Kind<T>::upward && before[n] >= threshold)) continue;
      spikes.push_back(static_cast<std::uint32_t>(n));
      const T width = spike_steps_.count() > 0 ? spike_steps_.value(n) : T(0);
      if (width == T(0)) {
        fall(n, x, quiet);
        continue;
      }
      x[0][n] = spike_height_.value(n);
      quiet[n] = -width;
    }
  }

  // The spike is over.
  void fall(std::size_t n, T *const *x, T *quiet) const {
    Kind<T>::spike(own_, n, x);
    if (quiet_steps_.count() > 0) quiet[n] = quiet_steps_.value(n);
  }

  std::size_t neurons_, trials_ = 0;
  double h_;
  std::uint64_t seed_;
  std::string integrator_;
  std::unique_ptr<Stepper<T>> stepper_;
  bool chooses_substeps_ = false;
  bool careful_ = false; // the method has negative weights
  equations::Own<T> own_;
  PerNeuron<T> quiet_steps_, spike_steps_, spike_height_; ///< none where nothing is held, and a spike has no width
  numeric::Vector<T> most_conductance_; // N, nS: with more the step would be too long; empty: not asked
  Vector<T> v_;                         // N, at the start of a trial
  Vector<T> state_, slope_, start_;
  Matrix<T> drive_, conductance_, quiet_, before_, passed_;
  Matrix<T> highest_; // potential within the step, where spikes come and go in it
  Matrix<T> steep_;   // 1: the potential moved far within the step
  Matrix<T> stiff_;   // 1/ms: the fastest relaxation within the step, where it depends on the potential
  T fastest_ = 0;     // 1/ms: up to which the method is stable; 0: not asked, and no stiff_
  std::vector<T> pieces_;
};

} // namespace engram::dynamics
