// This part of Lif finds the times at which neurons reached their threshold within a step, and how these follow from
// the state with which the step began (Wunderlich & Pehle 2021, Sci Rep 11:12829). Without conductances the potential
// within a step is known in closed form.
#include "dynamics/neurons/lif/lif.hpp"
#include "dynamics/neurons/lif/pull.hpp"

#include <cmath>
#include <numbers>

namespace engram::dynamics {

template <class T> void Lif<T>::keep_before() {
  before_.v = v_;
  before_.quiet = quiet_;
  if (adapts_) before_.a = a_;
  before_.x.resize(Base::receptors_.size());
  before_.g.resize(Base::receptors_.size());
  for (std::size_t k = 0; k < Base::receptors_.size(); ++k) {
    before_.x[k] = Base::receptors_[k].x;
    before_.g[k] = Base::receptors_[k].g;
  }
}

// mV/ms, of the potential v with these receptors.
template <class T> double Lif<T>::slope_at(std::size_t place, double v, double current, bool before) const {
  const std::size_t n = place % neurons_;
  double sum = current;
  for (std::size_t k = 0; k < Base::receptors_.size(); ++k) {
    const auto &r = Base::receptors_[k];
    const Matrix<T> &x = before ? before_.x[k] : r.x, &g = before ? before_.g[k] : r.g;
    if (r.kind == Kind::exponential) sum += static_cast<double>(x[place]);
    if (r.kind == Kind::alpha) sum += static_cast<double>(g[place]);
  }
  return (static_cast<double>(rest_.value(n)) - v) / static_cast<double>(tau_.value(n)) +
         sum / static_cast<double>(capacitance_.value(n));
}

// The distance f of potential and threshold at a time s after the step began, and its slope:
//   v(s) = rest + (v − rest) e^{−s/τ} + Σ pull(s),   threshold + β a e^{−s/τ_a}.
template <class T> auto Lif<T>::approach(std::size_t place, double current, double s) const -> Approach {
  const std::size_t n = place % neurons_;
  const auto at = [n](const PerNeuron<T> &parameter) { return static_cast<double>(parameter.value(n)); };
  const double tau = at(tau_), c = at(capacitance_), rest = at(rest_);
  double v =
      rest + (static_cast<double>(before_.v[place]) - rest) * std::exp(-s / tau) + constant_pull(tau, c, s) * current;
  double sum = current;
  for (std::size_t k = 0; k < Base::receptors_.size(); ++k) {
    const auto &r = Base::receptors_[k];
    const double x = static_cast<double>(before_.x[k][place]), decay = std::exp(-s / r.tau);
    if (r.kind == Kind::exponential) {
      v += exponential_pull(tau, r.tau, c, s) * x;
      sum += decay * x;
    } else if (r.kind == Kind::alpha) {
      const double g = static_cast<double>(before_.g[k][place]);
      v += exponential_pull(tau, r.tau, c, s) * g + alpha_pull(tau, r.tau, c, s) * x;
      sum += decay * (g + std::numbers::e * s / r.tau * x);
    }
  }
  Approach out{v, v - at(threshold_), (rest - v) / tau + sum / c};
  if (adapts_) {
    const double raised = at(adaptation_) * static_cast<double>(before_.a[place]) * std::exp(-s / at(adaptation_tau_));
    out.distance -= raised;
    out.slope += raised / at(adaptation_tau_);
  }
  return out;
}

// With f(s) = 0, ∂s/∂y = −(∂f/∂y) / f'(s). The root is bracketed: f < 0 as the step begins, and f ≥ 0 at its end.
template <class T> void Lif<T>::find_crossing(std::size_t place, double current) {
  const std::size_t n = place % neurons_;
  const auto at = [n](const PerNeuron<T> &parameter) { return static_cast<double>(parameter.value(n)); };
  Crossing<T> out;
  out.place = place;
  out.receptor = events_.by_receptor.size();
  const double end = approach(place, current, h_).potential;
  out.fall = static_cast<T>(static_cast<double>(v_[place]) - end);
  if (subtract_) out.climb = static_cast<T>(slope_at(place, end, current, false));
  if (adapts_) out.later_adaptation = 1 / (adaptation_decay_.value(n) * adaptation_tau_.value(n));
  events_.by_receptor.resize(out.receptor + 2 * Base::receptors_.size());
  out.released = approach(place, current, 0).distance >= 0;
  if (out.released) {
    events_.crossings.push_back(out);
    return;
  }
  double low = 0, high = h_, s = h_;
  Approach now = approach(place, current, s);
  for (int round = 0; round < 100 && now.distance != 0; ++round) {
    (now.distance < 0 ? low : high) = s;
    const double newton = s - now.distance / now.slope;
    const double next = newton > low && newton < high ? newton : (low + high) / 2;
    const bool there = std::abs(next - s) < 1e-14 * h_;
    s = next;
    now = approach(place, current, s);
    if (there) break;
  }
  if (!(now.slope > 0))
    throw StepFailure(place, "it only touches its threshold, where the time of its spike has no finite slope");
  const auto by = [&](double slope) { return static_cast<T>(-slope / now.slope); };
  const double tau = at(tau_), c = at(capacitance_);
  out.by_potential = by(std::exp(-s / tau));
  out.by_current = by(constant_pull(tau, c, s));
  if (adapts_) out.by_adaptation = by(-at(adaptation_) * std::exp(-s / at(adaptation_tau_)));
  for (std::size_t k = 0; k < Base::receptors_.size(); ++k) {
    const auto &r = Base::receptors_[k];
    if (r.kind == Kind::delta) continue;
    const T by_g = by(exponential_pull(tau, r.tau, c, s));
    events_.by_receptor[out.receptor + 2 * k] = r.kind == Kind::alpha ? by(alpha_pull(tau, r.tau, c, s)) : by_g;
    if (r.kind == Kind::alpha) events_.by_receptor[out.receptor + 2 * k + 1] = by_g;
  }
  events_.crossings.push_back(out);
}

template <class T> void Lif<T>::find_events(const StepInput<T> &in, const SpikeLists &spikes) {
  events_.clear();
  const auto current = [&](std::size_t place) { return in.soma ? static_cast<double>((*in.soma)[place]) : 0.0; };
  for (std::size_t place = 0; place < before_.quiet.n_elem; ++place)
    if (before_.quiet[place] == T(1)) // the step moves it again
      events_.releases.push_back(
          {place, static_cast<T>(slope_at(place, static_cast<double>(before_.v[place]), current(place), true))});
  for (std::size_t b = 0; b < spikes.size(); ++b)
    for (const auto n : spikes[b]) find_crossing(b * neurons_ + n, current(b * neurons_ + n));
}

template class Lif<float>;
template class Lif<double>;

} // namespace engram::dynamics
