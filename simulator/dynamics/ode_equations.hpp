// These are the equations of the spiking neurons that a stepper moves: adex, izhikevich, hodgkin_huxley. Each kind
// gives its states, their initial values and slopes, and the effect of a spike. Only ode_neurons.cpp includes this
// file, because it is compiled with the vector form of exp.
#pragma once

#include "dynamics/spiking_region.hpp"

#include <array>
#include <cmath>
#include <vector>

namespace engram::dynamics::equations {

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

// Factors of the upstroke, slope exp((v - threshold) / slope), are kept below this many mV. From there v reaches any
// peak in about 10^-5 membrane time constants: what would come later is out of reach of a step, or of the range of
// numbers.
template <class T> constexpr T steepest = T(1e7);
template <class T> constexpr T largest_exponent = T(80); // e^80 is finite in single precision
// With a smaller slope (mV) the upstroke takes no time: the neuron spikes at its threshold.
template <class T> constexpr T sharp = T(1e-12);

template <class T> inline T upstroke(T v, T threshold, T slope) {
  const bool none = slope < sharp<T>;
  const T exponent = (v - threshold) / (none ? T(1) : slope);
  const T factor = (none ? T(0) : slope) * std::exp(exponent < largest_exponent<T> ? exponent : largest_exponent<T>);
  return factor < steepest<T> ? factor : steepest<T>;
}

// Where a spike is over.
template <class T> inline T top_of(T peak, T threshold, T slope) {
  return slope < sharp<T> && threshold < peak ? threshold : peak;
}

/// Brette & Gerstner 2005, J Neurophysiol 94:3637, eqs. 1-2.
template <class T> struct AdEx {
  enum { c, gl, el, delta, vt, tau_w, a, b, reset, peak };
  static constexpr std::size_t variables = 2; // v, w
  static constexpr bool upward = false;       // a spike is v ≥ peak, and v is reset
  static constexpr std::array states{"potential", "adaptation current w"};
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
            *v_t = p[vt].at(first), *t_w = p[tau_w].at(first), *A = p[a].at(first), *peaks = p[peak].at(first);
    const T *v_ = x[0] + first, *w_ = x[1] + first, *drive = in.drive + first, *g = in.conductance + first,
            *held = in.held + first;
    T *dv = dx[0] + first, *dw = dx[1] + first, *passed = in.passed + first;
    const T beyond = in.beyond;
#pragma omp simd
    for (std::size_t i = 0; i < count; ++i) {
      const T top = top_of(peaks[i], v_t[i], d_t[i]);
      const T over = v_[i] >= top ? T(1) : passed[i];
      passed[i] = over;
      const T v = over != T(0) ? top : v_[i];
      const T up = g_l[i] * upstroke(v, v_t[i], d_t[i]);
      const T slope = (g_l[i] * (e_l[i] - v) + up - w_[i] + drive[i] - g[i] * v) / C[i];
      const T adapting = (A[i] * (v - e_l[i]) - w_[i]) / t_w[i];
      dv[i] = held[i] != T(0) ? T(0) : over != T(0) ? beyond * slope : slope;
      dw[i] = held[i] < T(0) ? T(0) : adapting;
    }
  }
  static T threshold(const Own<T> &p, std::size_t n, const T *const *) {
    return top_of(p[peak].value(n), p[vt].value(n), p[delta].value(n));
  }
  static T relaxation(const Own<T> &p, std::size_t n) { return p[gl].value(n); }
  static T capacitance(const Own<T> &p, std::size_t n) { return p[c].value(n); }
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
  static constexpr std::array states{"potential", "adaptation current w", "current z after a spike", "threshold"};
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
            *A = p[Plain::a].at(first), *peaks = p[Plain::peak].at(first), *t_z = p[tau_z].at(first),
            *t_vt = p[tau_vt].at(first);
    const T *v_ = x[0] + first, *w_ = x[1] + first, *z_ = x[2] + first, *vt_ = x[3] + first, *drive = in.drive + first,
            *g = in.conductance + first, *held = in.held + first;
    T *dv = dx[0] + first, *dw = dx[1] + first, *dz = dx[2] + first, *dvt = dx[3] + first, *passed = in.passed + first;
    const T beyond = in.beyond;
#pragma omp simd
    for (std::size_t i = 0; i < count; ++i) {
      const T top = top_of(peaks[i], vt_[i], d_t[i]);
      const T over = v_[i] >= top ? T(1) : passed[i];
      passed[i] = over;
      const T v = over != T(0) ? top : v_[i];
      const T up = g_l[i] * upstroke(v, vt_[i], d_t[i]);
      const T slope = (g_l[i] * (e_l[i] - v) + up - w_[i] + z_[i] + drive[i] - g[i] * v) / C[i];
      const T adapting = (A[i] * (v - e_l[i]) - w_[i]) / t_w[i];
      dv[i] = held[i] != T(0) ? T(0) : over != T(0) ? beyond * slope : slope;
      dw[i] = held[i] < T(0) ? T(0) : adapting;
      dz[i] = -z_[i] / t_z[i];
      dvt[i] = (v_t[i] - vt_[i]) / t_vt[i];
    }
  }
  static T threshold(const Own<T> &p, std::size_t n, const T *const *x) {
    return top_of(p[Plain::peak].value(n), x[3][n], p[Plain::delta].value(n));
  }
  static T relaxation(const Own<T> &p, std::size_t n) { return Plain::relaxation(p, n); }
  static T capacitance(const Own<T> &p, std::size_t n) { return Plain::capacitance(p, n); }
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
  static constexpr std::array states{"potential", "recovery u"};
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
    T *dv = dx[0] + first, *du = dx[1] + first, *passed = in.passed + first;
    const T beyond = in.beyond;
#pragma omp simd
    for (std::size_t i = 0; i < count; ++i) {
      const T over = v_[i] >= top[i] ? T(1) : passed[i];
      passed[i] = over;
      const T v = over != T(0) ? top[i] : v_[i];
      const T slope = T(0.04) * v * v + 5 * v + 140 - u_[i] + drive[i] - g[i] * v;
      dv[i] = held[i] > T(0) ? T(0) : over != T(0) ? beyond * slope : slope;
      du[i] = A[i] * (B[i] * v - u_[i]);
    }
  }
  static T threshold(const Own<T> &p, std::size_t n, const T *const *) { return p[peak].value(n); }
  static T relaxation(const Own<T> &, std::size_t) { return T(0); }
  /// −∂v'/∂v: the lower the potential, the faster it relaxes.
  static T relaxation_at(T v) { return -(T(0.08) * v + 5); }
  static T capacitance(const Own<T> &, std::size_t) { return T(1); }
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
  static constexpr std::array states{"potential", "gate m", "gate h", "gate n"};
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
  static T threshold(const Own<T> &p, std::size_t n, const T *const *) { return p[threshold_at].value(n); }
  static T relaxation(const Own<T> &p, std::size_t n) { // nS
    return static_cast<T>(squid_rate(static_cast<double>(p[g_na].value(n)), static_cast<double>(p[g_k].value(n)),
                                     static_cast<double>(p[g_l].value(n)), 1));
  }
  static T capacitance(const Own<T> &p, std::size_t n) { return p[c].value(n); }
  static void spike(const Own<T> &, std::size_t, T *const *) {}
};

} // namespace engram::dynamics::equations
