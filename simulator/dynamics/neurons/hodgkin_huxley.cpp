// A `hodgkin_huxley` region has neurons with the membrane of the squid's axon. The file is compiled with the vector
// form of exp.
#include "dynamics/vector_math.hpp" // first

#include "dynamics/entry.hpp"
#include "dynamics/ode_region.hpp"
#include "dynamics/words.hpp"

#include <array>
#include <cmath>
#include <vector>

namespace engram::dynamics {

namespace {

using namespace equations;

/// The fastest rate (1/ms) with which the squid's axon relaxes in a spike, when about a quarter of its channels are
/// open (0.24 of them in the spikes of Hodgkin & Huxley's parameters). Conductances in nS, capacitance in pF.
double squid_rate(double sodium, double potassium, double leak, double capacitance) {
  return ((sodium + potassium) / 4 + leak) / capacitance;
}

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
  static constexpr const char *begins_at = "rest";
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

template <class T>
std::unique_ptr<SpikingRegion<T>> make_hodgkin_huxley(const model::Model &model, const model::Region &region,
                                                      const network::Region & /*built*/) {
  return std::make_unique<OdeRegion<T, HodgkinHuxley>>(model, region);
}

} // namespace

DynamicsEntry hodgkin_huxley_dynamics() {
  auto words =
      dynamics_words("hodgkin_huxley",
                     "the squid's axon at 6.3 degrees, a patch of 10^-4 cm^2, its potential shifted so that it "
                     "rests at `rest`",
                     "Hodgkin & Huxley 1952, J Physiol 117:500-544");
  words.parameters = {per_neuron(positive("capacitance", "pF", 100, "membrane capacitance")),
                      per_neuron(at_least_zero("sodium", "nS", 12000, "greatest sodium conductance")),
                      per_neuron(at_least_zero("potassium", "nS", 3600, "greatest potassium conductance")),
                      per_neuron(at_least_zero("leak", "nS", 30, "leak conductance")),
                      per_neuron(number("sodium_reversal", "mV", 50, "reversal potential of sodium")),
                      per_neuron(number("potassium_reversal", "mV", -77, "reversal potential of potassium")),
                      per_neuron(number("leak_reversal", "mV", -54.387, "reversal potential of the leak")),
                      per_neuron(number("rest", "mV", -65, "potential from which the gates' rates count")),
                      per_neuron(number("threshold", "mV", 0, "a spike is counted where it is crossed upwards")),
                      trace_tau()};
  words.signals = spiking_signals(true, false);
  words.states = {state_at("v", "mV", "rest", "the potential"),
                  state("m", "", "activation of sodium channels; begins as at rest at v"),
                  state("h", "", "inactivation of sodium channels; begins as at rest at v"),
                  state("n", "", "activation of potassium channels; begins as at rest at v")};
  words.integrator = "controlled_dopri5";
  words.fastest = [](const model::Typed &p) {
    const auto most = [&](const char *name) { return greatest(p.at(name)); };
    return squid_rate(most("sodium"), most("potassium"), most("leak"), least(p.at("capacitance")));
  };
  words.not_offered = {{"refractory", "the channels make the neuron refractory by themselves, and nothing is held or "
                                      "reset after a spike"}};
  words.compartments = {"soma"};
  words.spikes = words.receptors = true;
  return {.words = std::move(words),
          .place = 120,
          .make_spiking = {make_hodgkin_huxley<float>, make_hodgkin_huxley<double>}};
}

} // namespace engram::dynamics
