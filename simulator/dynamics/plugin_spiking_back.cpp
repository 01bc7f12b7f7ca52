// This part of PluginSpiking takes the gradient back through a step: the discrete adjoint of its stages, or of an exact
// step, and the surrogate slope of its spikes.
#include "dynamics/plugin_spiking.hpp"

#include <algorithm>
#include <cmath>

namespace engram::dynamics {

// ψ of the spikes of this step, before they are made. A neuron that is held cannot spike, nor can one that is to cross
// its threshold upwards and was beyond it already.
template <class T> void PluginSpiking<T>::measure() {
  const auto all = neurons_.population(trials_);
  neurons_.call(neurons_.calls().beyond, &all, static_cast<const void *>(state_.memptr()),
                static_cast<void *>(gain_.memptr()));
  for (std::size_t b = 0; b < trials_; ++b)
    for (std::size_t i = 0; i < count_; ++i) {
      const T beyond = gain_(i, b), threshold = first(state_, b)[i] - beyond;
      const bool cannot = quiet_(i, b) != T(0) || (upward_ && before_(i, b) >= threshold);
      const T distance = std::abs(beyond) / surrogate_width_;
      const T slope = sharp_ ? 1 / ((1 + distance) * (1 + distance)) : std::max(T(0), 1 - distance);
      gain_(i, b) = cannot ? T(0) : surrogate_gain_ * slope;
    }
}

template <class T> void PluginSpiking<T>::note_start(const Matrix<T> *apical) {
  kept_.start.set_size(begin_.n_elem, trials_);
  kept_.reached.set_size(begin_.n_elem, trials_);
  std::copy_n(state_.memptr(), state_.n_elem, kept_.start.memptr());
  kept_.drive = drive_;
  kept_.conductance = conductance_;
  kept_.held = quiet_;
  if (apical_)
    kept_.apical = *apical;
  else
    kept_.apical.reset();
}

// The spikes of the step, which have been reset.
template <class T> void PluginSpiking<T>::note_end(const SpikeLists &spikes) {
  kept_.spiked.zeros(count_, trials_);
  for (std::size_t b = 0; b < trials_; ++b)
    for (const auto i : spikes[b]) kept_.spiked(i, b) = T(1);
  kept_.pieces = pieces_;
}

template <class T> void PluginSpiking<T>::slopes(StepSlopes<T> &out, bool /*drive*/, bool /*times*/) const {
  out.gain = gain_;
}

template <class T> std::vector<ReceptorSlopes<T>> PluginSpiking<T>::receptor_slopes() const {
  std::vector<ReceptorSlopes<T>> out;
  if (!has_slopes_) return out;
  for (const auto &r : Base::receptors_) {
    ReceptorSlopes<T> slopes;
    slopes.kind = r.kind;
    const bool delta = r.kind == Receptor<T>::Kind::delta, alpha = r.kind == Receptor<T>::Kind::alpha;
    slopes.by_x.set_size(count_);
    slopes.by_x.fill(delta ? T(1) : alpha ? r.mean_rise : r.mean);
    if (!delta) slopes.decay = r.decay;
    if (alpha) {
      slopes.rise = r.rise;
      slopes.by_g.set_size(count_);
      slopes.by_g.fill(r.mean);
    }
    slopes.by_drive = r.conductance ? r.reversal : T(1);
    slopes.by_conductance = r.conductance ? T(1) : T(0);
    out.push_back(std::move(slopes));
  }
  return out;
}

template <class T> engram_spiking_input PluginSpiking<T>::input_of(const StepKept<T> &kept, Matrix<T> &passed) const {
  return {sizeof(engram_spiking_input), kept.drive.memptr(),
          kept.conductance.memptr(),    kept.apical.is_empty() ? nullptr : kept.apical.memptr(),
          kept.held.memptr(),           passed.memptr(),
          chooses_substeps_ ? 1.0 : 0.0};
}

// The stages of a piece of h ms, anew.
template <class T> void PluginSpiking<T>::take_stages(const StepKept<T> &kept, const Vector<T> &start, T h) const {
  const std::size_t count = tableau_.b.size();
  stages_.state.resize(count);
  stages_.slope.resize(count);
  stages_.passed.resize(count);
  const auto all = neurons_.population(kept.drive.n_cols);
  for (std::size_t i = 0; i < count; ++i) {
    auto &x = stages_.state[i];
    x = start;
    for (std::size_t j = 0; j < i; ++j)
      if (tableau_.a[i][j] != 0) x += (h * static_cast<T>(tableau_.a[i][j])) * stages_.slope[j];
    auto &passed = stages_.passed[i];
    if (i == 0 || chooses_substeps_)
      passed.zeros(kept.drive.n_rows, kept.drive.n_cols);
    else
      passed = stages_.passed[i - 1];
    const auto in = input_of(kept, passed);
    stages_.slope[i].set_size(x.n_elem);
    neurons_.call(neurons_.calls().spiking_derivative, &all, static_cast<const void *>(x.memptr()), &in,
                  static_cast<void *>(stages_.slope[i].memptr()));
  }
}

template <class T>
void PluginSpiking<T>::slope_back(const StepKept<T> &kept, const Vector<T> &state, Matrix<T> &passed,
                                  const Vector<T> &dslope, Vector<T> &dstate, StepCotangents<T> &d) const {
  const auto all = neurons_.population(kept.drive.n_cols);
  const auto in = input_of(kept, passed);
  const engram_spiking_cotangents out{sizeof(engram_spiking_cotangents), d.drive.memptr(), d.conductance.memptr(),
                                      in.apical ? d.apical.memptr() : nullptr};
  dstate.zeros(state.n_elem);
  neurons_.call(neurons_.calls().spiking_derivative_vjp, &all, static_cast<const void *>(state.memptr()), &in,
                static_cast<const void *>(dslope.memptr()), static_cast<void *>(dstate.memptr()), &out);
}

// x⁺ = x + h Σ b_i k_i, as in simulation/adjoint.cpp: κ_i = h (b_i λ + Σ_{j>i} a_ji μ_j), μ_i = (∂f/∂x at stage i)ᵀ
// κ_i.
template <class T> void PluginSpiking<T>::step_back(const StepKept<T> &kept, StepCotangents<T> &d) const {
  for (auto *m : {&d.drive, &d.conductance}) m->zeros(kept.drive.n_rows, kept.drive.n_cols);
  d.apical.zeros(kept.apical.n_rows, kept.apical.n_cols);
  if (exact_) return exact_back(kept, d);
  const std::size_t count = tableau_.b.size();
  auto &starts = stages_.starts;
  starts.resize(kept.pieces.size());
  starts[0] = arma::vectorise(kept.start);
  for (std::size_t k = 0; k + 1 < starts.size(); ++k) {
    take_stages(kept, starts[k], kept.pieces[k]);
    starts[k + 1] = starts[k];
    for (std::size_t i = 0; i < count; ++i)
      starts[k + 1] += (kept.pieces[k] * static_cast<T>(tableau_.b[i])) * stages_.slope[i];
  }
  dstart_ = arma::vectorise(d.state);
  stages_.back.resize(count);
  for (std::size_t k = starts.size(); k-- > 0;) {
    const T h = kept.pieces[k];
    take_stages(kept, starts[k], h);
    for (std::size_t i = count; i-- > 0;) {
      kappa_ = (h * static_cast<T>(tableau_.b[i])) * dstart_;
      for (std::size_t j = i + 1; j < count; ++j)
        if (tableau_.a[j][i] != 0) kappa_ += (h * static_cast<T>(tableau_.a[j][i])) * stages_.back[j];
      slope_back(kept, stages_.state[i], stages_.passed[i], kappa_, stages_.back[i], d);
    }
    for (std::size_t i = 0; i < count; ++i) dstart_ += stages_.back[i];
  }
  std::copy_n(dstart_.memptr(), dstart_.n_elem, d.state.memptr());
}

template <class T> void PluginSpiking<T>::exact_back(const StepKept<T> &kept, StepCotangents<T> &d) const {
  dstart_ = arma::vectorise(d.state);
  kappa_.set_size(dstart_.n_elem);
  exact_->back(dstart_.memptr(), kept.held.memptr(), kept.held.n_cols, kappa_.memptr());
  const auto all = neurons_.population(kept.drive.n_cols);
  const bool apical = !kept.apical.is_empty();
  neurons_.call(neurons_.calls().derivative_vjp, &all, static_cast<const void *>(kept.start.memptr()),
                static_cast<const void *>(kept.drive.memptr()),
                static_cast<const void *>(apical ? kept.apical.memptr() : nullptr),
                static_cast<const void *>(kappa_.memptr()), static_cast<void *>(d.state.memptr()),
                static_cast<void *>(d.drive.memptr()), static_cast<void *>(apical ? d.apical.memptr() : nullptr));
}

template <class T>
void PluginSpiking<T>::fire_back(const StepKept<T> &kept, const Matrix<T> &gain, const Matrix<T> &dspikes,
                                 Matrix<T> &dstate) const {
  const auto all = neurons_.population(kept.drive.n_cols);
  const engram_spike_cotangents d{sizeof(engram_spike_cotangents), kept.spiked.memptr(), gain.memptr(),
                                  dspikes.memptr(), through_reset_ ? 1u : 0u};
  neurons_.call(neurons_.calls().fire_vjp, &all, static_cast<const void *>(kept.reached.memptr()), &d,
                static_cast<void *>(dstate.memptr()));
}

#define INSTANTIATE(T)                                                                                                 \
  template void PluginSpiking<T>::measure();                                                                           \
  template void PluginSpiking<T>::note_start(const Matrix<T> *);                                                       \
  template void PluginSpiking<T>::note_end(const SpikeLists &);                                                        \
  template void PluginSpiking<T>::slopes(StepSlopes<T> &, bool, bool) const;                                           \
  template std::vector<ReceptorSlopes<T>> PluginSpiking<T>::receptor_slopes() const;                                   \
  template void PluginSpiking<T>::step_back(const StepKept<T> &, StepCotangents<T> &) const;                           \
  template void PluginSpiking<T>::fire_back(const StepKept<T> &, const Matrix<T> &, const Matrix<T> &, Matrix<T> &)    \
      const;
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

} // namespace engram::dynamics
