// Spiking neurons with nonlinear equations, moved by the model's Odeint stepper: adex, izhikevich, hodgkin_huxley.
// Conductances and currents are held at their value in the middle of the step. Compiled with the vector form of exp.
#include "dynamics/vector_math.hpp" // first

#include "dynamics/spiking_region.hpp"
#include "dynamics/stepper.hpp"
#include "model/time_grid.hpp"

#include <algorithm>
#include <cmath>

namespace engram::dynamics {

namespace {

using network::Vector;

/// What a right-hand side reads, for the N neurons of one trial: C v' = … + drive − conductance v.
template <class T> struct Input {
  const T *drive, *conductance; ///< pA, nS
  const T *held; ///< steps for which a neuron is still refractory (then v' = 0); below 0: in its spike (nothing moves)
};

template <class T> using Own = std::vector<PerNeuron<T>>; ///< in the order of names()

/// Brette & Gerstner 2005, J Neurophysiol 94:3637, eqs. 1-2.
template <class T> struct AdEx {
  enum { c, gl, el, delta, vt, tau_w, a, b, reset, peak };
  static constexpr std::size_t variables = 2; // v, w
  static constexpr bool upward = false;       // a spike is v ≥ peak, and v is reset
  static std::vector<const char *> names() {
    return {"capacitance", "leak", "rest", "slope", "threshold", "tau_w", "a", "b", "reset", "peak"};
  }
  static void begin(const Own<T> &, std::size_t, T v, T *state) {
    state[0] = v;
    state[1] = 0;
  }
  static void slope(const Own<T> &p, std::size_t first, std::size_t count, const T *const *x, const Input<T> &in,
                    T *const *dx) {
    const T *C = p[c].at(first), *g_l = p[gl].at(first), *e_l = p[el].at(first), *d_t = p[delta].at(first),
            *v_t = p[vt].at(first), *t_w = p[tau_w].at(first), *A = p[a].at(first), *top = p[peak].at(first);
    const T *v_ = x[0] + first, *w_ = x[1] + first, *drive = in.drive + first, *g = in.conductance + first,
            *held = in.held + first;
    T *dv = dx[0] + first, *dw = dx[1] + first;
#pragma omp simd
    for (std::size_t i = 0; i < count; ++i) {
      const T v = v_[i] < top[i] ? v_[i] : top[i]; // beyond the peak the spike is over: its exponential must not burst
      const T upstroke = g_l[i] * d_t[i] * std::exp((v - v_t[i]) / d_t[i]);
      const T slope = (g_l[i] * (e_l[i] - v) + upstroke - w_[i] + drive[i] - g[i] * v) / C[i];
      const T adapting = (A[i] * (v - e_l[i]) - w_[i]) / t_w[i];
      dv[i] = held[i] != T(0) ? T(0) : slope;
      dw[i] = held[i] < T(0) ? T(0) : adapting;
    }
  }
  static T threshold(const Own<T> &p, std::size_t n) { return p[peak].value(n); }
  static void spike(const Own<T> &p, std::size_t n, T *const *x) {
    x[0][n] = p[reset].value(n);
    x[1][n] += p[b].value(n);
  }
};

/// With a current z that a spike leaves behind and a threshold V_T that it lifts (Clopath, Büsing, Vasilaki & Gerstner
/// 2010, Nat Neurosci 13:344, methods): z enters as a current, τ_z z' = −z, τ_VT V_T' = V_Trest − V_T. A spike sets
/// both.
template <class T> struct AdExAfter {
  using Plain = AdEx<T>;
  enum { after = Plain::peak + 1, tau_z, jump, tau_vt };
  static constexpr std::size_t variables = 4; // v, w, z, V_T
  static constexpr bool upward = false;
  static std::vector<const char *> names() {
    auto out = Plain::names();
    out.insert(out.end(), {"after_current", "after_current_tau", "threshold_jump", "threshold_tau"});
    return out;
  }
  static void begin(const Own<T> &p, std::size_t n, T v, T *state) {
    Plain::begin(p, n, v, state);
    state[2] = 0;
    state[3] = p[Plain::vt].value(n);
  }
  static void slope(const Own<T> &p, std::size_t first, std::size_t count, const T *const *x, const Input<T> &in,
                    T *const *dx) {
    const T *C = p[Plain::c].at(first), *g_l = p[Plain::gl].at(first), *e_l = p[Plain::el].at(first),
            *d_t = p[Plain::delta].at(first), *v_t = p[Plain::vt].at(first), *t_w = p[Plain::tau_w].at(first),
            *A = p[Plain::a].at(first), *top = p[Plain::peak].at(first), *t_z = p[tau_z].at(first),
            *t_vt = p[tau_vt].at(first);
    const T *v_ = x[0] + first, *w_ = x[1] + first, *z_ = x[2] + first, *vt_ = x[3] + first, *drive = in.drive + first,
            *g = in.conductance + first, *held = in.held + first;
    T *dv = dx[0] + first, *dw = dx[1] + first, *dz = dx[2] + first, *dvt = dx[3] + first;
#pragma omp simd
    for (std::size_t i = 0; i < count; ++i) {
      const T v = v_[i] < top[i] ? v_[i] : top[i];
      const T upstroke = g_l[i] * d_t[i] * std::exp((v - vt_[i]) / d_t[i]);
      const T slope = (g_l[i] * (e_l[i] - v) + upstroke - w_[i] + z_[i] + drive[i] - g[i] * v) / C[i];
      const T adapting = (A[i] * (v - e_l[i]) - w_[i]) / t_w[i];
      dv[i] = held[i] != T(0) ? T(0) : slope;
      dw[i] = held[i] < T(0) ? T(0) : adapting;
      dz[i] = -z_[i] / t_z[i];
      dvt[i] = (v_t[i] - vt_[i]) / t_vt[i];
    }
  }
  static T threshold(const Own<T> &p, std::size_t n) { return Plain::threshold(p, n); }
  static void spike(const Own<T> &p, std::size_t n, T *const *x) {
    Plain::spike(p, n, x);
    x[2][n] = p[after].value(n);
    x[3][n] = p[Plain::vt].value(n) + p[jump].value(n);
  }
};

/// Izhikevich 2003, IEEE Trans Neural Netw 14:1569, eqs. 1-3. C is 1: a current of 1 is 1 mV / ms.
template <class T> struct Izhikevich {
  enum { a, b, c, d, peak };
  static constexpr std::size_t variables = 2; // v, u
  static constexpr bool upward = false;
  static std::vector<const char *> names() { return {"a", "b", "c", "d", "peak"}; }
  static void begin(const Own<T> &p, std::size_t n, T v, T *state) {
    state[0] = v;
    state[1] = p[b].value(n) * v;
  }
  static void slope(const Own<T> &p, std::size_t first, std::size_t count, const T *const *x, const Input<T> &in,
                    T *const *dx) {
    const T *A = p[a].at(first), *B = p[b].at(first), *top = p[peak].at(first);
    const T *v_ = x[0] + first, *u_ = x[1] + first, *drive = in.drive + first, *g = in.conductance + first,
            *held = in.held + first;
    T *dv = dx[0] + first, *du = dx[1] + first;
#pragma omp simd
    for (std::size_t i = 0; i < count; ++i) {
      const T v = v_[i] < top[i] ? v_[i] : top[i];
      const T slope = T(0.04) * v * v + 5 * v + 140 - u_[i] + drive[i] - g[i] * v;
      dv[i] = held[i] > T(0) ? T(0) : slope;
      du[i] = A[i] * (B[i] * v - u_[i]);
    }
  }
  static T threshold(const Own<T> &p, std::size_t n) { return p[peak].value(n); }
  static void spike(const Own<T> &p, std::size_t n, T *const *x) {
    x[0][n] = p[c].value(n);
    x[1][n] += p[d].value(n);
  }
};

/// x / (e^x − 1), which is 1 at 0.
template <class T> inline T relative(T x) {
  const T away = std::abs(x) < T(1e-4) ? T(1) : x;
  return std::abs(x) < T(1e-4) ? 1 - x / 2 : away / (std::exp(away) - 1);
}

/// Hodgkin & Huxley 1952, J Physiol 117:500, eqs. 12-13, 20-21, 23-24, with the resting potential at `rest`.
template <class T> struct HodgkinHuxley {
  enum { c, g_na, g_k, g_l, e_na, e_k, e_l, rest, threshold_at };
  static constexpr std::size_t variables = 4; // v, m, h, n
  static constexpr bool upward = true;        // a spike is v crossing the threshold upwards; nothing is reset
  static std::vector<const char *> names() {
    return {"capacitance",        "sodium",        "potassium", "leak",     "sodium_reversal",
            "potassium_reversal", "leak_reversal", "rest",      "threshold"};
  }
  struct Rates {
    T am, bm, ah, bh, an, bn; // 1/ms
  };
  static Rates rates(T v) { // v: depolarisation from rest, mV
    return {relative((25 - v) / 10),           4 * std::exp(-v / 18),        T(0.07) * std::exp(-v / 20),
            1 / (std::exp((30 - v) / 10) + 1), relative((10 - v) / 10) / 10, T(0.125) * std::exp(-v / 80)};
  }
  static void begin(const Own<T> &p, std::size_t n, T v, T *state) { // the gates at rest at this potential
    const auto r = rates(v - p[rest].value(n));
    state[0] = v;
    state[1] = r.am / (r.am + r.bm);
    state[2] = r.ah / (r.ah + r.bh);
    state[3] = r.an / (r.an + r.bn);
  }
  static void slope(const Own<T> &p, std::size_t first, std::size_t count, const T *const *x, const Input<T> &in,
                    T *const *dx) {
    const T *C = p[c].at(first), *na = p[g_na].at(first), *k = p[g_k].at(first), *l = p[g_l].at(first),
            *ena = p[e_na].at(first), *ek = p[e_k].at(first), *el = p[e_l].at(first), *r0 = p[rest].at(first);
    const T *v_ = x[0] + first, *m_ = x[1] + first, *h_ = x[2] + first, *n_ = x[3] + first, *drive = in.drive + first,
            *g = in.conductance + first;
    T *dv = dx[0] + first, *dm = dx[1] + first, *dh = dx[2] + first, *dn = dx[3] + first;
#pragma omp simd
    for (std::size_t i = 0; i < count; ++i) {
      const T v = v_[i], m = m_[i], h = h_[i], n = n_[i];
      const auto r = rates(v - r0[i]);
      const T sodium = na[i] * m * m * m * h * (ena[i] - v), potassium = k[i] * n * n * n * n * (ek[i] - v);
      dv[i] = (sodium + potassium + l[i] * (el[i] - v) + drive[i] - g[i] * v) / C[i];
      dm[i] = r.am * (1 - m) - r.bm * m;
      dh[i] = r.ah * (1 - h) - r.bh * h;
      dn[i] = r.an * (1 - n) - r.bn * n;
    }
  }
  static T threshold(const Own<T> &p, std::size_t n) { return p[threshold_at].value(n); }
  static void spike(const Own<T> &, std::size_t, T *const *) {}
};

/// One kind of neuron, all trials in one state vector: variable by variable, N of each trial.
template <class T, template <class> class Kind> class OdeRegion final : public SpikingRegion<T> {
public:
  OdeRegion(const model::Model &model, const model::Region &region)
      : neurons_(region.size), h_(model.time.step), seed_(model.seed), stepper_(stepper_of<T>(model.time.integrator)) {
    Base::receptors_ = receptors_of<T>(region, model.seed, h_);
    for (const char *name : Kind<T>::names()) own_.emplace_back(region, name, model.seed);
    const auto steps = [&](double ms) { return model::steps_of(std::max(0.0, ms), h_); };
    quiet_steps_ = PerNeuron<T>(region, "refractory", model.seed).map(steps);
    if (region.dynamics.parameters.contains("spike_width")) {
      spike_steps_ = PerNeuron<T>(region, "spike_width", model.seed).map(steps);
      spike_height_ = PerNeuron<T>(region, "spike_height", model.seed);
    }
    const bool given = region.initial.has_value();
    const std::string first = region.dynamics.parameters.contains("rest") ? "rest" : "c";
    v_ = network::values_of<T>(given ? *region.initial : region.dynamics.at(first), neurons_, seed_,
                               network::name_key(region.name + "." + (given ? "initial" : first)));
  }

  void begin(std::size_t trials, SpikeLists &spikes) override {
    trials_ = trials;
    state_.set_size(neurons_ * trials * variables);
    slope_.set_size(state_.n_elem);
    drive_.zeros(neurons_, trials);
    conductance_.zeros(neurons_, trials);
    quiet_.zeros(neurons_, trials);
    before_.set_size(neurons_, trials);
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
    if (in.soma)
      std::copy_n(in.soma->memptr(), in.soma->n_elem, drive_.memptr());
    else
      drive_.zeros();
    conductance_.zeros();
    for (auto &r : Base::receptors_) take(r);
    const std::size_t count = neurons_ * trials_;
    std::copy_n(state_.memptr(), count, before_.memptr());
    slope(state_, slope_);
    stepper_->step([this](const Vector<T> &u, Vector<T> &du) { slope(u, du); }, state_, slope_, static_cast<T>(h_),
                   pieces_);
    for (std::size_t b = 0; b < trials_; ++b) fire(b, spikes[b]);
  }

  void show(RegionSignals<T> &s, Wanted wanted) const override {
    if (wanted[static_cast<std::size_t>(Signal::potential)])
      std::copy_n(state_.memptr(), neurons_ * trials_, s[Signal::potential].memptr());
  }

private:
  using Base = SpikingRegion<T>;
  static constexpr std::size_t variables = Kind<T>::variables;

  // What a receptor gives in the middle of the step; then it moves to the step's end.
  void take(Receptor<T> &r) {
    const std::size_t count = neurons_ * trials_;
    T *x = r.x.memptr(), *drive = drive_.memptr(), *conductance = conductance_.memptr();
    if (r.kind == Receptor<T>::Kind::delta) {
      T *v = state_.memptr();
      const T *quiet = quiet_.memptr();
      for (std::size_t k = 0; k < count; ++k) {
        v[k] += quiet[k] != T(0) ? T(0) : x[k];
        x[k] = 0;
      }
      return;
    }
    const bool alpha = r.kind == Receptor<T>::Kind::alpha;
    T *g = alpha ? r.g.memptr() : x;
    const T half = r.half_decay, rise = alpha ? r.rise : T(0), decay = r.decay;
    const T reversal = r.conductance ? r.reversal : T(1), open = r.conductance ? T(1) : T(0);
    for (std::size_t k = 0; k < count; ++k) {
      const T middle = half * (g[k] + rise / 2 * x[k]);
      drive[k] += reversal * middle;
      conductance[k] += open * middle;
    }
    if (alpha)
      for (std::size_t k = 0; k < count; ++k) g[k] = decay * (g[k] + rise * x[k]);
    for (std::size_t k = 0; k < count; ++k) x[k] *= decay;
  }

  void slope(const Vector<T> &u, Vector<T> &du) const {
    constexpr std::size_t block = PerNeuron<T>::block;
    for (std::size_t b = 0; b < trials_; ++b) {
      const T *x[variables];
      T *dx[variables];
      for (std::size_t k = 0; k < variables; ++k) {
        x[k] = u.memptr() + (k * trials_ + b) * neurons_;
        dx[k] = du.memptr() + (k * trials_ + b) * neurons_;
      }
      const Input<T> in{drive_.colptr(b), conductance_.colptr(b), quiet_.colptr(b)};
      for (std::size_t first = 0; first < neurons_; first += block)
        Kind<T>::slope(own_, first, std::min(block, neurons_ - first), x, in, dx);
    }
  }

  void fire(std::size_t b, std::vector<std::uint32_t> &spikes) {
    spikes.clear();
    T *x[variables];
    for (std::size_t k = 0; k < variables; ++k) x[k] = state_.memptr() + (k * trials_ + b) * neurons_;
    T *quiet = quiet_.colptr(b);
    const T *before = before_.colptr(b);
    for (std::size_t n = 0; n < neurons_; ++n) {
      if (quiet[n] < T(0)) {
        quiet[n] += T(1);
        if (quiet[n] == T(0)) fall(n, x, quiet);
        continue;
      }
      if (quiet[n] > T(0)) quiet[n] -= T(1);
      const T threshold = Kind<T>::threshold(own_, n);
      if (!(x[0][n] >= threshold) || (Kind<T>::upward && before[n] >= threshold)) continue;
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
    quiet[n] = quiet_steps_.value(n);
  }

  std::size_t neurons_, trials_ = 0;
  double h_;
  std::uint64_t seed_;
  std::unique_ptr<Stepper<T>> stepper_;
  Own<T> own_;
  PerNeuron<T> quiet_steps_, spike_steps_, spike_height_; ///< the last two: none where a spike has no width
  Vector<T> v_;                                           // N, at the start of a trial
  Vector<T> state_, slope_;
  Matrix<T> drive_, conductance_, quiet_, before_;
  std::vector<T> pieces_;
};

} // namespace

template <class T>
std::unique_ptr<SpikingRegion<T>> ode_region(const model::Model &model, const model::Region &region) {
  const auto &type = region.dynamics.type;
  if (type == "adex") {
    const auto none = [&](const char *name) {
      const auto &q = region.dynamics.at(name);
      return q.kind == model::Quantity::Kind::constant && q.a == 0;
    };
    if (none("after_current") && none("threshold_jump")) return std::make_unique<OdeRegion<T, AdEx>>(model, region);
    return std::make_unique<OdeRegion<T, AdExAfter>>(model, region);
  }
  if (type == "izhikevich") return std::make_unique<OdeRegion<T, Izhikevich>>(model, region);
  if (type == "hodgkin_huxley") return std::make_unique<OdeRegion<T, HodgkinHuxley>>(model, region);
  return nullptr;
}

template std::unique_ptr<SpikingRegion<float>> ode_region(const model::Model &, const model::Region &);
template std::unique_ptr<SpikingRegion<double>> ode_region(const model::Model &, const model::Region &);

} // namespace engram::dynamics
