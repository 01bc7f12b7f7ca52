// These are leaky integrate-and-fire neurons. The file is compiled with the vector form of exp (within 4 units in the
// last place).
//
// Without conductances the subthreshold equation is linear, and a step is exact (Rotter & Diesmann 1999, Biol Cybern
// 81:381). With conductances they are held at their mean over the step, and the potential relaxes
// exactly (error of order h³ in a step).
#include "dynamics/vector_math.hpp" // first

#include "dynamics/spiking_region.hpp"
#include "model/time_grid.hpp"
#include "numeric/parallel.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace engram::dynamics {

namespace {

constexpr std::size_t block = PerNeuron<float>::block;
constexpr float far_below = -1e15F; // so far that no surrogate has a slope there

// A step less to be held; where that is over, the potential moves.
template <class T> inline void move_unless_held(T &v, T &quiet, T moved) {
  quiet = quiet > T(0) ? quiet - T(1) : T(0);
  v = quiet > T(0) ? v : moved;
}

/// How far a unit of a receptor's g and x, held by their own kinetics, moves the potential in a step: mV.
template <class T> struct Pull { PerNeuron<T> by_x, by_g; };

// ∫₀ʰ e^{−(h−s)/τ_m} k(s) ds / C, for k = e^{−s/τ} (`x` of exponential, `g` of alpha) and k = e (s/τ) e^{−s/τ} (`x` of
// alpha). The limits as τ → τ_m are taken where the two are close.
double exponential_pull(double tau_m, double tau, double c, double h) {
  const double a = 1 / tau - 1 / tau_m; // e^{−h/τ_m} ∫ e^{−a s} ds
  const double integral = std::abs(a * h) < 1e-9 ? h : -std::expm1(-a * h) / a;
  return std::exp(-h / tau_m) * integral / c;
}
double alpha_pull(double tau_m, double tau, double c, double h) {
  const double a = 1 / tau - 1 / tau_m, z = a * h;
  // ∫₀ʰ s e^{−a s} ds = h² (1 − (1 + z) e^{−z}) / z², by its series where z is small
  const double integral =
      std::abs(z) < 1e-3 ? h * h * (0.5 - z / 3 + z * z / 8) : h * h * (1 - (1 + z) * std::exp(-z)) / (z * z);
  return std::numbers::e / tau * std::exp(-h / tau_m) * integral / c;
}

template <class T> class Lif final : public SpikingRegion<T> {
public:
  Lif(const model::Model &model, const model::Region &region);
  void begin(std::size_t trials, SpikeLists &spikes) override;
  void step(const StepInput<T> &in, SpikeLists &spikes) override;
  void show(RegionSignals<T> &s, Wanted wanted) const override;
  void states(std::vector<NamedState<T>> &out) const override;
  void slopes(StepSlopes<T> &out, bool drive) const override;
  std::vector<ReceptorSlopes<T>> receptor_slopes() const override;

private:
  using Kind = typename Receptor<T>::Kind;
  using Base = SpikingRegion<T>;
  void take_currents(std::size_t b, std::size_t first, std::size_t count, const T *soma, T *pull);
  template <bool Move>
  void take_conductances(std::size_t b, std::size_t first, std::size_t count, const T *soma, T *drive, T *rate);
  void move_drive(std::size_t b, std::size_t first, std::size_t count, const T *soma);
  template <int K> int move_exponential(std::size_t b, std::size_t first, std::size_t count, const T *soma);
  void fire(std::size_t b, std::size_t first, std::size_t count, std::vector<std::uint32_t> &found);
  void tile(std::size_t b, std::size_t first, const StepInput<T> &in, std::vector<std::uint32_t> &found);
  void surrogate(Matrix<T> &gain) const;
  void measure(std::size_t b, std::size_t first, std::size_t count);

  std::size_t neurons_;
  double h_;
  bool exponential_ = false; // all receptors are, and some are conductances
  bool conducting_ = false, subtract_ = false, adapts_ = false, sharp_ = false, through_resets_ = false;
  PerNeuron<T> tau_, capacitance_, rest_, reset_, threshold_, quiet_steps_, adaptation_, adaptation_decay_;
  PerNeuron<T> keep_, by_current_, leak_, per_capacitance_; // e^{−h/τ}, τ (1 − e^{−h/τ}) / C, 1/τ, 1/C
  T surrogate_gain_ = 0, surrogate_width_ = 1;
  std::vector<Pull<T>> pulls_;
  model::Quantity initial_;
  std::uint64_t seed_;
  std::uint32_t initial_key_;
  Matrix<T> v_, quiet_, a_; // potential; steps for which it is still held, and one; adaptation
  Matrix<T> beyond_;        // potential less threshold, before a reset; far below where it is held
  Matrix<T> drive_;         // the potential, were it never reset nor held; moves where it is read
  std::vector<std::vector<std::uint32_t>> found_;
};

template <class T>
Lif<T>::Lif(const model::Model &model, const model::Region &region)
    : neurons_(region.size), h_(model.time.step), seed_(model.seed),
      initial_key_(numeric::name_key(region.name + ".initial")) {
  Base::receptors_ = receptors_of<T>(region, model.seed, h_);
  const auto of = [&](const char *name) { return PerNeuron<T>(region, name, model.seed); };
  tau_ = of("tau");
  capacitance_ = of("capacitance");
  rest_ = of("rest");
  reset_ = of("reset");
  threshold_ = of("threshold");
  quiet_steps_ = of("refractory").map([&](double ms) { return model::steps_of(std::max(0.0, ms), h_); });
  subtract_ = region.dynamics.number("reset_by") != 0;
  adaptation_ = of("adaptation");
  adapts_ = !adaptation_.same() || adaptation_.value(0) != T(0);
  adaptation_decay_ = of("adaptation_tau").map([&](double tau) { return std::exp(-h_ / tau); });
  through_resets_ = region.dynamics.number("reset_slope") != 0;
  sharp_ = region.dynamics.number("surrogate") != 0;
  surrogate_gain_ = static_cast<T>(region.dynamics.number("surrogate_gain"));
  surrogate_width_ = static_cast<T>(region.dynamics.number("surrogate_width"));
  keep_ = tau_.map([&](double tau) { return std::exp(-h_ / tau); });
  leak_ = tau_.map([](double tau) { return 1 / tau; });
  per_capacitance_ = capacitance_.map([](double c) { return 1 / c; });
  by_current_ =
      PerNeuron<T>::of([&](double tau, double c) { return -std::expm1(-h_ / tau) * tau / c; }, tau_, capacitance_);
  for (const auto &r : Base::receptors_) {
    conducting_ = conducting_ || r.conductance;
    Pull<T> pull;
    const double tau = r.tau, h = h_;
    if (r.kind != Kind::delta)
      pull.by_g =
          PerNeuron<T>::of([&](double m, double c) { return exponential_pull(m, tau, c, h); }, tau_, capacitance_);
    pull.by_x = pull.by_g;
    if (r.kind == Kind::alpha)
      pull.by_x = PerNeuron<T>::of([&](double m, double c) { return alpha_pull(m, tau, c, h); }, tau_, capacitance_);
    pulls_.push_back(std::move(pull));
  }
  exponential_ = conducting_ && std::all_of(Base::receptors_.begin(), Base::receptors_.end(),
                                            [](const auto &r) { return r.kind == Kind::exponential; });
  initial_ = region.initial.value_or(region.dynamics.at("rest"));
  if (!region.initial) initial_key_ = numeric::name_key(region.name + ".rest");
}

template <class T> void Lif<T>::begin(std::size_t trials, SpikeLists &spikes) {
  const auto v = network::values_of<T>(initial_, neurons_, seed_, initial_key_);
  v_.set_size(neurons_, trials);
  for (std::size_t b = 0; b < trials; ++b) v_.col(b) = v;
  drive_ = v_;
  beyond_.set_size(neurons_, trials);
  beyond_.fill(T(far_below));
  quiet_.zeros(neurons_, trials);
  if (adapts_) a_.zeros(neurons_, trials);
  dynamics::begin(Base::receptors_, neurons_, trials);
  for (auto &list : spikes) list.clear();
  found_.resize((neurons_ + block - 1) / block * trials);
}

// Collects what currents add to the potential by the end of the step, and moves the currents themselves.
template <class T>
void Lif<T>::take_currents(std::size_t b, std::size_t first, std::size_t count, const T *soma, T *pull) {
  const T *by_current = by_current_.at(first), *keep = keep_.at(first);
  if (soma)
    for (std::size_t i = 0; i < count; ++i) pull[i] = by_current[i] * soma[i];
  else
    std::fill_n(pull, count, T(0));
  for (std::size_t k = 0; k < Base::receptors_.size(); ++k) {
    auto &r = Base::receptors_[k];
    T *x = r.x.colptr(b) + first;
    const T decay = r.decay, rise = r.rise;
    if (r.kind == Kind::delta) {
#pragma omp simd
      for (std::size_t i = 0; i < count; ++i) {
        pull[i] += keep[i] * x[i];
        x[i] = 0;
      }
      continue;
    }
    const T *by_x = pulls_[k].by_x.at(first), *by_g = pulls_[k].by_g.at(first);
    if (r.kind == Kind::exponential) {
#pragma omp simd
      for (std::size_t i = 0; i < count; ++i) {
        pull[i] += by_x[i] * x[i];
        x[i] *= decay;
      }
      continue;
    }
    T *g = r.g.colptr(b) + first;
#pragma omp simd
    for (std::size_t i = 0; i < count; ++i) {
      pull[i] += by_x[i] * x[i] + by_g[i] * g[i];
      g[i] = decay * (g[i] + rise * x[i]);
      x[i] *= decay;
    }
  }
}

// v' = drive − rate v, both held at their mean over the step; with Move they themselves move to the next.
template <class T>
template <bool Move>
void Lif<T>::take_conductances(std::size_t b, std::size_t first, std::size_t count, const T *soma, T *drive, T *rate) {
  const T *leak = leak_.at(first), *rest = rest_.at(first), *per_c = per_capacitance_.at(first);
  for (std::size_t i = 0; i < count; ++i) {
    rate[i] = leak[i];
    drive[i] = leak[i] * rest[i];
  }
  if (soma)
    for (std::size_t i = 0; i < count; ++i) drive[i] += per_c[i] * soma[i];
  for (auto &r : Base::receptors_) {
    if (r.kind == Kind::delta) continue;
    T *x = r.x.colptr(b) + first;
    T *g = r.kind == Kind::alpha ? r.g.colptr(b) + first : nullptr;
    const T decay = r.decay, mean = r.mean, mean_rise = r.mean_rise, rise = r.rise;
    const T weight_v = r.conductance ? T(1) : T(0), reversal = r.conductance ? r.reversal : T(1);
    if (!g) {
#pragma omp simd
      for (std::size_t i = 0; i < count; ++i) {
        const T held = mean * x[i] * per_c[i];
        rate[i] += weight_v * held;
        drive[i] += reversal * held;
        if constexpr (Move) x[i] *= decay;
      }
    } else {
#pragma omp simd
      for (std::size_t i = 0; i < count; ++i) {
        const T held = (mean * g[i] + mean_rise * x[i]) * per_c[i];
        rate[i] += weight_v * held;
        drive[i] += reversal * held;
        if constexpr (Move) {
          g[i] = decay * (g[i] + rise * x[i]);
          x[i] *= decay;
        }
      }
    }
  }
}

// Among conductances, before they move.
template <class T> void Lif<T>::move_drive(std::size_t b, std::size_t first, std::size_t count, const T *soma) {
  alignas(64) std::array<T, block> drive, rate; // NOLINT: filled below
  take_conductances<false>(b, first, count, soma, drive.data(), rate.data());
  T *d = drive_.colptr(b) + first;
  for (auto &r : Base::receptors_)
    if (r.kind == Kind::delta)
      for (std::size_t i = 0; i < count; ++i) d[i] += r.x(first + i, b);
  const T h = static_cast<T>(h_);
#pragma omp simd
  for (std::size_t i = 0; i < count; ++i) {
    const T to = drive[i] / rate[i];
    d[i] = to + (d[i] - to) * std::exp(-h * rate[i]);
  }
}

// The same and the move in one go, of K receptors that are all exponential: what networks mostly have.
template <class T>
template <int K>
int Lif<T>::move_exponential(std::size_t b, std::size_t first, std::size_t count, const T *soma) {
  const T *leak = leak_.at(first), *rest = rest_.at(first), *per_c = per_capacitance_.at(first),
          *threshold = threshold_.at(first);
  T *v = v_.colptr(b) + first, *quiet = quiet_.colptr(b) + first;
  T *x[K], mean[K], decay[K], reversal[K], open[K];
  for (int k = 0; k < K; ++k) {
    auto &r = Base::receptors_[static_cast<std::size_t>(k)];
    x[k] = r.x.colptr(b) + first;
    mean[k] = r.mean;
    decay[k] = r.decay;
    open[k] = r.conductance ? T(1) : T(0);
    reversal[k] = r.conductance ? r.reversal : T(1);
  }
  const T h = static_cast<T>(h_), from_soma = soma ? T(1) : T(0);
  const T *current = soma ? soma : rest; // anything that can be read
  int any = 0;
#pragma omp simd reduction(| : any)
  for (std::size_t i = 0; i < count; ++i) {
    T rate = leak[i], drive = leak[i] * rest[i] + from_soma * current[i] * per_c[i];
    for (int k = 0; k < K; ++k) {
      const T held = mean[k] * x[k][i] * per_c[i];
      rate += open[k] * held;
      drive += reversal[k] * held;
      x[k][i] *= decay[k];
    }
    const T to = drive / rate;
    const T moved = to + (v[i] - to) * std::exp(-h * rate);
    move_unless_held(v[i], quiet[i], moved);
    any |= v[i] >= threshold[i];
  }
  return any;
}

// Those at or above threshold spike: their potential is reset, and held while they are refractory.
template <class T>
void Lif<T>::fire(std::size_t b, std::size_t first, std::size_t count, std::vector<std::uint32_t> &found) {
  T *v = v_.colptr(b) + first, *quiet = quiet_.colptr(b) + first;
  T *a = adapts_ ? a_.colptr(b) + first : nullptr;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t n = first + i;
    const T threshold = threshold_.value(n) + (a ? adaptation_.value(n) * a[i] : T(0));
    if (!(v[i] >= threshold) || quiet[i] > T(0)) continue;
    found.push_back(static_cast<std::uint32_t>(n));
    v[i] = subtract_ ? v[i] - (threshold_.value(n) - rest_.value(n)) : reset_.value(n);
    quiet[i] = quiet_steps_.value(n) + T(1);       // the step after this one takes the 1
    if (a) a[i] += 1 / adaptation_decay_.value(n); // so that it has grown by 1 as the next step compares
  }
}

template <class T> void Lif<T>::measure(std::size_t b, std::size_t first, std::size_t count) {
  const T *v = v_.colptr(b) + first, *quiet = quiet_.colptr(b) + first;
  T *beyond = beyond_.colptr(b) + first;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t n = first + i;
    const T threshold = threshold_.value(n) + (adapts_ ? adaptation_.value(n) * a_(n, b) : T(0));
    beyond[i] = quiet[i] > T(0) ? T(far_below) : v[i] - threshold;
  }
}

template <class T>
void Lif<T>::tile(std::size_t b, std::size_t first, const StepInput<T> &in, std::vector<std::uint32_t> &found) {
  const std::size_t count = std::min(block, neurons_ - first);
  const T *current = in.soma ? in.soma->colptr(b) + first : nullptr;
  alignas(64) std::array<T, block> one, other; // NOLINT: filled below
  T *v = v_.colptr(b) + first, *quiet = quiet_.colptr(b) + first;
  const T *threshold = threshold_.at(first), *rest = rest_.at(first), *keep = keep_.at(first);
  const T h = static_cast<T>(h_);
  int any = 0;
  if (in.drive && conducting_) move_drive(b, first, count, current);
  if (exponential_ && Base::receptors_.size() <= 3) {
    switch (Base::receptors_.size()) {
    case 1:
      any = move_exponential<1>(b, first, count, current);
      break;
    case 2:
      any = move_exponential<2>(b, first, count, current);
      break;
    default:
      any = move_exponential<3>(b, first, count, current);
    }
  } else if (conducting_) {
    take_conductances<true>(b, first, count, current, one.data(), other.data());
    const T *drive = one.data(), *rate = other.data();
    for (auto &r : Base::receptors_)
      if (r.kind == Kind::delta) { // a jump as the step begins, which a refractory neuron does not feel
        T *x = r.x.colptr(b) + first;
        for (std::size_t i = 0; i < count; ++i) {
          v[i] += quiet[i] > T(1) ? T(0) : x[i];
          x[i] = 0;
        }
      }
#pragma omp simd reduction(| : any)
    for (std::size_t i = 0; i < count; ++i) {
      const T to = drive[i] / rate[i];
      const T moved = to + (v[i] - to) * std::exp(-h * rate[i]);
      move_unless_held(v[i], quiet[i], moved);
      any |= v[i] >= threshold[i];
    }
  } else {
    take_currents(b, first, count, current, one.data());
    const T *pull = one.data();
#pragma omp simd reduction(| : any)
    for (std::size_t i = 0; i < count; ++i) {
      const T moved = rest[i] + (v[i] - rest[i]) * keep[i] + pull[i];
      move_unless_held(v[i], quiet[i], moved);
      any |= v[i] >= threshold[i];
    }
    if (in.drive) {
      T *d = drive_.colptr(b) + first;
#pragma omp simd
      for (std::size_t i = 0; i < count; ++i) d[i] = rest[i] + (d[i] - rest[i]) * keep[i] + pull[i];
    }
  }
  if (adapts_) {
    T *a = a_.colptr(b) + first;
    const T *decay = adaptation_decay_.at(first);
    for (std::size_t i = 0; i < count; ++i) a[i] *= decay[i];
  }
  if (in.gain) measure(b, first, count);
  found.clear();
  if (any) fire(b, first, count, found);
}

template <class T> void Lif<T>::step(const StepInput<T> &in, SpikeLists &spikes) {
  const std::size_t blocks = (neurons_ + block - 1) / block;
  for (auto &r : Base::receptors_) add_background(r, *in.draws, in.step, in.threads);
  numeric::for_tiles(in.threads, v_.n_cols * blocks,
                     [&](std::size_t k) { tile(k / blocks, k % blocks * block, in, found_[k]); });
  for (std::size_t b = 0; b < v_.n_cols; ++b) {
    spikes[b].clear();
    for (std::size_t k = b * blocks; k < (b + 1) * blocks; ++k)
      spikes[b].insert(spikes[b].end(), found_[k].begin(), found_[k].end());
  }
}

template <class T> void Lif<T>::show(RegionSignals<T> &s, Wanted wanted) const {
  if (wanted[static_cast<std::size_t>(Signal::potential)])
    std::copy_n(v_.memptr(), v_.n_elem, s[Signal::potential].memptr());
  if (wanted[static_cast<std::size_t>(Signal::drive)])
    std::copy_n(drive_.memptr(), drive_.n_elem, s[Signal::drive].memptr());
  if (wanted[static_cast<std::size_t>(Signal::adaptation)]) {
    auto &beta = s[Signal::adaptation];
    for (std::size_t b = 0; b < beta.n_cols; ++b)
      for (std::size_t i = 0; i < neurons_; ++i) beta(i, b) = adaptation_.value(i);
  }
  if (wanted[static_cast<std::size_t>(Signal::gain)]) surrogate(s[Signal::gain]);
}

template <class T> void Lif<T>::states(std::vector<NamedState<T>> &out) const {
  out.push_back({"potential", v_.memptr()});
  out.push_back({"drive", drive_.memptr()});
  if (adapts_) out.push_back({"adaptation", a_.memptr()});
}

template <class T> void Lif<T>::surrogate(Matrix<T> &gain) const {
  for (std::size_t k = 0; k < beyond_.n_elem; ++k) {
    const T distance = std::abs(beyond_[k]) / surrogate_width_;
    gain[k] = surrogate_gain_ * (sharp_ ? 1 / ((1 + distance) * (1 + distance)) : std::max(T(0), 1 - distance));
  }
}

template <class T> void Lif<T>::slopes(StepSlopes<T> &out, bool drive) const {
  for (auto *m : {&out.gain, &out.keeps, &out.carries, &out.by_current}) m->set_size(v_.n_rows, v_.n_cols);
  surrogate(out.gain);
  if (adapts_) {
    out.adaptation.set_size(v_.n_rows, v_.n_cols);
    out.adaptation_decay.set_size(v_.n_rows, v_.n_cols);
  }
  if (drive) {
    out.drive_carries.set_size(v_.n_rows, v_.n_cols);
    out.drive_by_current.set_size(v_.n_rows, v_.n_cols);
  }
  if (through_resets_) out.drop.zeros(v_.n_rows, v_.n_cols);
  for (std::size_t b = 0; b < v_.n_cols; ++b)
    for (std::size_t i = 0; i < neurons_; ++i) {
      const bool spiked = beyond_(i, b) >= T(0), held = quiet_(i, b) > T(1);
      out.keeps(i, b) = spiked && !subtract_ ? T(0) : T(1);
      if (through_resets_ && beyond_(i, b) > T(far_below)) { // else it is held, and no slope asks
        T threshold = threshold_.value(i);                   // as it was when the neuron spiked or did not
        if (adapts_) threshold += adaptation_.value(i) * (a_(i, b) - (spiked ? 1 / adaptation_decay_.value(i) : T(0)));
        out.drop(i, b) = subtract_ ? threshold_.value(i) - rest_.value(i) : beyond_(i, b) + threshold - reset_.value(i);
      }
      out.carries(i, b) = held ? T(0) : keep_.value(i);
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

} // namespace

template <class T>
std::unique_ptr<SpikingRegion<T>> lif_region(const model::Model &model, const model::Region &region) {
  if (region.dynamics.type != "lif") return nullptr;
  return std::make_unique<Lif<T>>(model, region);
}

template std::unique_ptr<SpikingRegion<float>> lif_region(const model::Model &, const model::Region &);
template std::unique_ptr<SpikingRegion<double>> lif_region(const model::Model &, const model::Region &);

} // namespace engram::dynamics
