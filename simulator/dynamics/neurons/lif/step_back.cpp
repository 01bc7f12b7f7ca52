// This part of Lif gives the slopes of a step, by which the gradient goes back through it.
#include "dynamics/vector_math.hpp" // first

#include "dynamics/neurons/lif/lif.hpp"

#include <algorithm>
#include <cmath>

namespace engram::dynamics {

template <class T> void Lif<T>::surrogate(Matrix<T> &gain) const {
  for (std::size_t k = 0; k < beyond_.n_elem; ++k) {
    const T distance = std::abs(beyond_[k]) / surrogate_width_;
    gain[k] = surrogate_gain_ * (sharp_ ? 1 / ((1 + distance) * (1 + distance)) : std::max(T(0), 1 - distance));
  }
}

template <class T> void Lif<T>::slopes(StepSlopes<T> &out, bool drive, bool times) const {
  for (auto *m : {&out.gain, &out.keeps, &out.carries, &out.by_current}) m->set_size(v_.n_rows, v_.n_cols);
  if (times)
    out.gain.zeros();
  else
    surrogate(out.gain);
  if (adapts_) {
    out.adaptation.set_size(v_.n_rows, v_.n_cols);
    out.adaptation_decay.set_size(v_.n_rows, v_.n_cols);
  }
  if (drive) {
    out.drive_carries.set_size(v_.n_rows, v_.n_cols);
    out.drive_by_current.set_size(v_.n_rows, v_.n_cols);
  }
  const bool drops = through_resets_ && !times;
  if (drops) out.drop.zeros(v_.n_rows, v_.n_cols);
  for (std::size_t b = 0; b < v_.n_cols; ++b)
    for (std::size_t i = 0; i < neurons_; ++i) {
      const bool spiked = beyond_(i, b) >= T(0), held = quiet_(i, b) > T(1);
      out.keeps(i, b) = spiked && !subtract_ ? T(0) : T(1);
      if (drops && beyond_(i, b) > T(far_below)) { // else it is held, and no slope asks
        T threshold = threshold_.value(i);         // as it was when the neuron spiked or did not
        if (adapts_) threshold += adaptation_.value(i) * (a_(i, b) - (spiked ? 1 / adaptation_decay_.value(i) : T(0)));
        out.drop(i, b) = subtract_ ? threshold_.value(i) - rest_.value(i) : beyond_(i, b) + threshold - reset_.value(i);
      }
      out.carries(i, b) = held ? T(1) : keep_.value(i); // a held potential stays as it is
      out.by_current(i, b) = held ? T(0) : by_current_.value(i);
      if (drive) {
        out.drive_carries(i, b) = keep_.value(i);
        out.drive_by_current(i, b) = by_current_.value(i);
      }
      if (!adapts_) continue;
      out.adaptation(i, b) = adaptation_.value(i);
      out.adaptation_decay(i, b) = adaptation_decay_.value(i);
    }
}

template <class T> std::vector<ReceptorSlopes<T>> Lif<T>::receptor_slopes() const {
  std::vector<ReceptorSlopes<T>> out;
  for (std::size_t k = 0; k < Base::receptors_.size() && !conducting_; ++k) {
    const auto &r = Base::receptors_[k];
    ReceptorSlopes<T> slopes;
    slopes.kind = r.kind;
    slopes.tau = static_cast<T>(r.tau);
    slopes.push.set_size(neurons_);
    for (std::size_t i = 0; i < neurons_; ++i) slopes.push[i] = per_capacitance_.value(i);
    slopes.by_x.set_size(neurons_);
    for (std::size_t i = 0; i < neurons_; ++i)
      slopes.by_x[i] = r.kind == Kind::delta ? keep_.value(i) : pulls_[k].by_x.value(i);
    if (r.kind != Kind::delta) slopes.decay = r.decay;
    if (r.kind == Kind::alpha) {
      slopes.rise = r.rise;
      slopes.by_g.set_size(neurons_);
      for (std::size_t i = 0; i < neurons_; ++i) slopes.by_g[i] = pulls_[k].by_g.value(i);
    }
    out.push_back(std::move(slopes));
  }
  return out;
}

template class Lif<float>;
template class Lif<double>;

} // namespace engram::dynamics
