// An `adex` region has adaptive exponential integrate-and-fire neurons. The file is compiled with the vector form of
// exp.
#include "dynamics/vector_math.hpp" // first

#include "dynamics/entry.hpp"
#include "dynamics/ode_region.hpp"
#include "dynamics/words.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace engram::dynamics {

namespace {

using namespace equations;

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
  static constexpr const char *begins_at = "rest";
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
  static constexpr const char *begins_at = Plain::begins_at;
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

template <class T>
std::unique_ptr<SpikingRegion<T>> make_adex(const model::Model &model, const model::Region &region,
                                            const network::Region & /*built*/) {
  const auto none = [&](const char *name) {
    const auto &q = region.dynamics.at(name);
    return q.kind == model::Quantity::Kind::constant && q.a == 0;
  };
  const bool watched = std::any_of(model.record.begin(), model.record.end(), [&](const model::Recorded &recorded) {
    return &model.regions[recorded.region] == &region &&
           std::any_of(recorded.states.begin(), recorded.states.end(),
                       [](const model::RecordedState &state) { return state.at >= AdEx<T>::variables; });
  });
  if (!watched && none("after_current") && none("threshold_jump"))
    return std::make_unique<OdeRegion<T, AdEx>>(model, region);
  return std::make_unique<OdeRegion<T, AdExAfter>>(model, region);
}

} // namespace

DynamicsEntry adex_dynamics() {
  auto words =
      dynamics_words("adex",
                     "adaptive exponential integrate-and-fire: C v' = -g (v - E) + g slope exp((v - threshold) / "
                     "slope) - w + I, tau_w w' = a (v - E) - w; v >= peak: v = reset, w += b. A spike may have a "
                     "width, leave a current behind and lift the threshold",
                     "Brette & Gerstner 2005, J Neurophysiol 94:3637-3642, eqs. 1-2; Clopath, Büsing, Vasilaki & "
                     "Gerstner 2010, Nat Neurosci 13:344-352");
  words.parameters = {
      per_neuron(positive("capacitance", "pF", 281, "membrane capacitance")),
      per_neuron(positive("leak", "nS", 30, "leak conductance")),
      per_neuron(number("rest", "mV", -70.6, "leak reversal potential E")),
      per_neuron(at_least_zero("slope", "mV", 2, "slope factor of the upstroke; 0: a spike where v reaches threshold")),
      per_neuron(number("threshold", "mV", -50.4, "potential at which the upstroke begins")),
      per_neuron(positive("tau_w", "ms", 144, "time constant of the adaptation current w")),
      per_neuron(number("a", "nS", 4, "by how much w follows the potential")),
      per_neuron(number("b", "pA", 80.5, "by which a spike raises w")),
      per_neuron(number("reset", "mV", -70.6, "potential after a spike")),
      per_neuron(number("peak", "mV", 20, "potential at which the spike is over")),
      in_steps(per_neuron(at_least_zero("spike_width", "ms", 0,
                                        "for which the potential is held at spike_height, and w as it is, before "
                                        "the reset"))),
      per_neuron(number("spike_height", "mV", 33, "potential of a spike that has a width")),
      per_neuron(number("after_current", "pA", 0, "current to which a spike sets z, which is added to I and decays")),
      per_neuron(positive("after_current_tau", "ms", 40, "time constant of z")),
      per_neuron(number("threshold_jump", "mV", 0, "by which the threshold lies above `threshold` after a spike")),
      per_neuron(positive("threshold_tau", "ms", 50, "with which it comes back")),
      refractory(0),
      trace_tau()};
  words.signals = spiking_signals(true, false);
  words.states = {state_at("v", "mV", "rest", "the potential"), state("w", "pA", "adaptation current"),
                  state("z", "pA", "current that a spike leaves behind"),
                  state_at("v_t", "mV", "threshold", "potential at which the upstroke begins now")};
  words.ordered = {{"reset", "peak"}};
  words.integrator = "runge_kutta4";
  words.fastest = [](const model::Typed &p) {
    return std::max(greatest(p.at("leak")) / least(p.at("capacitance")), 1 / least(p.at("tau_w")));
  };
  words.compartments = {"soma"};
  words.spikes = words.receptors = true;
  return {.words = std::move(words), .place = 100, .make_spiking = {make_adex<float>, make_adex<double>}};
}

} // namespace engram::dynamics
