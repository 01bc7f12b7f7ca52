// This part of Lif moves the neurons from step to step.
#include "dynamics/vector_math.hpp" // first

#include "dynamics/neurons/lif/lif.hpp"
#include "numeric/parallel.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace engram::dynamics {

namespace {

// A step less to be held; where that is over, the potential moves.
template <class T> inline void move_unless_held(T &v, T &quiet, T moved) {
  quiet = quiet > T(0) ? quiet - T(1) : T(0);
  v = quiet > T(0) ? v : moved;
}

} // namespace

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
void Lif<T>::tile(std::size_t b, std::size_t first, std::size_t count, const StepInput<T> &in,
                  std::vector<std::uint32_t> &found) {
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
  const std::size_t low = std::min(in.own.first, neurons_), high = std::min(in.own.last, neurons_),
                    blocks = (high - low + block - 1) / block;
  for (auto &r : Base::receptors_) add_background(r, *in.draws, in.step, in.threads, in.own);
  if (in.events) keep_before();
  numeric::for_tiles(in.threads, v_.n_cols * blocks, [&](std::size_t k) {
    const std::size_t first = low + k % blocks * block;
    tile(k / blocks, first, std::min(block, high - first), in, found_[k]);
  });
  for (std::size_t b = 0; b < v_.n_cols; ++b) {
    spikes[b].clear();
    for (std::size_t k = b * blocks; k < (b + 1) * blocks; ++k)
      spikes[b].insert(spikes[b].end(), found_[k].begin(), found_[k].end());
  }
  if (in.events) find_events(in, spikes);
}

template class Lif<float>;
template class Lif<double>;

} // namespace engram::dynamics
