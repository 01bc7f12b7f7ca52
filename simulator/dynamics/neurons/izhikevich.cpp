// An `izhikevich` region has Izhikevich's neurons of two variables. The file is compiled with the vector form of exp.
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

/// Izhikevich 2003, IEEE Trans Neural Netw 14:1569, eqs. 1-3. C is 1: a current of 1 is 1 mV / ms.
template <class T> struct Izhikevich {
  enum { a, b, c, d, peak };
  static constexpr std::size_t variables = 2; // v, u
  static constexpr bool upward = false;
  static constexpr const char *begins_at = "c";
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

template <class T>
std::unique_ptr<SpikingRegion<T>> make_izhikevich(const model::Model &model, const model::Region &region,
                                                  const network::Region & /*built*/) {
  return std::make_unique<OdeRegion<T, Izhikevich>>(model, region);
}

} // namespace

DynamicsEntry izhikevich_dynamics() {
  auto words =
      dynamics_words("izhikevich", "v' = 0.04 v^2 + 5 v + 140 - u + I, u' = a (b v - u); v >= peak: v = c, u += d",
                     "Izhikevich 2003, IEEE Trans Neural Netw 14:1569-1572, eqs. 1-3");
  words.parameters = {per_neuron(number("a", "1/ms", 0.02, "rate of the recovery variable u")),
                      per_neuron(number("b", "1/ms", 0.2, "by how much u follows the potential")),
                      per_neuron(number("c", "mV", -65, "potential after a spike")),
                      per_neuron(number("d", "mV/ms", 8, "by which a spike raises u")),
                      per_neuron(number("peak", "mV", 30, "potential of a spike")),
                      refractory(0),
                      trace_tau()};
  words.signals = spiking_signals(true, false);
  words.states = {state_at("v", "mV", "c", "the potential"), state("u", "mV/ms", "recovery; begins at b v")};
  words.ordered = {{"c", "peak"}};
  words.integrator = "runge_kutta4";
  words.compartments = {"soma"};
  words.spikes = words.receptors = true;
  return {.words = std::move(words), .place = 110, .make_spiking = {make_izhikevich<float>, make_izhikevich<double>}};
}

} // namespace engram::dynamics
