#include "dynamics/compartment_dynamics.hpp"

#include "network/network.hpp"
#include "numeric/random.hpp"

#include <cmath>
#include <initializer_list>

namespace engram::dynamics {

namespace {

Wanted set_of(std::initializer_list<Signal> signals) {
  Wanted wanted;
  for (const Signal s : signals) wanted.set(static_cast<std::size_t>(s));
  return wanted;
}

/// Value and error neurons in one region: τ x' = −ε + φ'(x) a with ε = x − μ, μ the prediction that arrives at the
/// soma and a the weighted errors of the regions above (Whittington & Bogacz 2017, Neural Comput 29:1229-1262, eqs.
/// 2.16-2.18, unit variances; there x are the values and ε the errors). rate = φ(x), error = ε.
template <class T> class PredictiveCoding final : public RegionDynamics<T> {
public:
  PredictiveCoding(Activation phi, const numeric::Vector<T> &tau) : readout_(phi), rate_(1 / tau) {}
  bool has_state() const override { return true; }
  bool clamps_state() const override { return true; }
  Wanted needed() const override { return set_of({Signal::potential, Signal::gain, Signal::apical, Signal::error}); }
  void from_state(const Matrix<T> &x, RegionSignals<T> &s, Wanted wanted) const override {
    readout_.forward(x, s, wanted);
  }
  void from_soma(RegionSignals<T> &s, Wanted) const override { s[Signal::error] = s[Signal::potential] - s.soma; }
  void error(RegionSignals<T> &) const override {}
  void derivative(const Matrix<T> &x, const RegionSignals<T> &s, Matrix<T> &du) const override {
    const auto &held = s[Signal::potential], &error = s[Signal::error], &gain = s[Signal::gain],
               &apical = s[Signal::apical];
    for (std::size_t b = 0; b < x.n_cols; ++b)
      for (std::size_t i = 0; i < x.n_rows; ++i) // held − x: 0, unless a clamp holds the value and the state follows
        du.at(i, b) = (held.at(i, b) - x.at(i, b) - error.at(i, b) + gain.at(i, b) * apical.at(i, b)) * rate_[i];
  }
  void derivative_vjp(const Matrix<T> &x, const RegionSignals<T> &s, const Matrix<T> &dotu, RegionSignals<T> &d,
                      Matrix<T> &dstate) const override {
    for (std::size_t b = 0; b < x.n_cols; ++b)
      for (std::size_t i = 0; i < x.n_rows; ++i) {
        const T scaled = dotu.at(i, b) * rate_[i];
        dstate.at(i, b) -= scaled;
        d[Signal::potential].at(i, b) += scaled;
        d[Signal::error].at(i, b) -= scaled;
        d[Signal::gain].at(i, b) += scaled * s[Signal::apical].at(i, b);
        d[Signal::apical].at(i, b) += scaled * s[Signal::gain].at(i, b);
      }
  }
  void error_vjp(const RegionSignals<T> &, RegionSignals<T> &) const override {}
  void from_soma_vjp(const RegionSignals<T> &, RegionSignals<T> &d, Wanted) const override {
    d[Signal::potential] += d[Signal::error];
    d.soma -= d[Signal::error];
  }
  void from_state_vjp(const Matrix<T> &x, const RegionSignals<T> &s, RegionSignals<T> &d, Matrix<T> &dstate,
                      Wanted wanted) const override {
    readout_.backward(x, s, d, dstate, wanted);
  }

private:
  Readout<T> readout_;
  numeric::Vector<T> rate_; // 1/τ, N
};

/// Soma, basal and apical dendrite: u' = −g_L u + g_B (v_B − u) + g_A (v_A − u), where v_B is what arrives at the soma
/// compartment of the file (the basal dendrite) and v_A at the apical one; rate = φ(u). error = φ(u) − φ(v̂_B), with
/// v̂_B = g_B / (g_L + g_B + g_A) v_B: what the soma does beyond what its basal dendrite predicts
/// (Sacramento et al. 2018, NeurIPS 31:8721-8732). Where the apical input is a current,
/// u' = −g_L u + g_B (v_B − u) + g_A a and v̂_B = g_B / (g_L + g_B) v_B, as for the interneurons and output neurons of
/// the paper, which a current g_som (u_teacher − u) teaches: the basal dendrite that reproduces the
/// teacher's potential makes no error.
template <class T> class Dendritic final : public RegionDynamics<T> {
public:
  Dendritic(Activation phi, T leak, T basal, T apical, bool current)
      : readout_(phi), all_(leak + basal + (current ? T(0) : apical)), basal_(basal), apical_(apical),
        passed_(basal / all_) {}
  bool has_state() const override { return true; }
  Wanted needed() const override { return set_of({Signal::apical}); }
  void from_state(const Matrix<T> &u, RegionSignals<T> &s, Wanted wanted) const override {
    readout_.forward(u, s, wanted);
  }
  void from_soma(RegionSignals<T> &s, Wanted wanted) const override {
    if (!wanted[static_cast<std::size_t>(Signal::error)]) return;
    predict(s);
    s[Signal::error] = s[Signal::rate] - predicted_;
  }
  void error(RegionSignals<T> &) const override {}
  void derivative(const Matrix<T> &u, const RegionSignals<T> &s, Matrix<T> &du) const override {
    const T *x = u.memptr(), *basal = s.soma.memptr(), *apical = s[Signal::apical].memptr();
    T *out = du.memptr();
    for (std::size_t k = 0; k < u.n_elem; ++k) out[k] = basal_ * basal[k] + apical_ * apical[k] - all_ * x[k];
  }
  void derivative_vjp(const Matrix<T> &, const RegionSignals<T> &, const Matrix<T> &dotu, RegionSignals<T> &d,
                      Matrix<T> &dstate) const override {
    dstate -= all_ * dotu;
    d.soma += basal_ * dotu;
    d[Signal::apical] += apical_ * dotu;
  }
  void error_vjp(const RegionSignals<T> &, RegionSignals<T> &) const override {}
  void from_soma_vjp(const RegionSignals<T> &s, RegionSignals<T> &d, Wanted wanted) const override {
    if (!wanted[static_cast<std::size_t>(Signal::error)]) return;
    predict(s);
    slope_.set_size(predicted_.n_rows, predicted_.n_cols);
    gain(readout_.phi(), input_, predicted_, slope_);
    d[Signal::rate] += d[Signal::error];
    d.soma -= passed_ * (slope_ % d[Signal::error]);
  }
  void from_state_vjp(const Matrix<T> &u, const RegionSignals<T> &s, RegionSignals<T> &d, Matrix<T> &dstate,
                      Wanted wanted) const override {
    readout_.backward(u, s, d, dstate, wanted);
  }
  void steady_state(const RegionSignals<T> &s, Matrix<T> &u) const override { u = passed_ * s.soma; }
  void steady_state_vjp(const RegionSignals<T> &, const Matrix<T> &dstate, RegionSignals<T> &d) const override {
    d.soma += passed_ * dstate;
  }

private:
  void predict(const RegionSignals<T> &s) const {
    input_ = passed_ * s.soma;
    predicted_.set_size(input_.n_rows, input_.n_cols);
    activate(readout_.phi(), input_, predicted_);
  }
  Readout<T> readout_;
  T all_, basal_, apical_; // 1/ms; all_: what draws u to rest
  T passed_;               // basal_ / all_
  mutable Matrix<T> input_, predicted_, slope_;
};

/// Event rate and burst rate of an ensemble: τ u' = −u + I, rate (of events) e = φ(u), burst b = p e with the burst
/// probability p = σ(β h a + α) and h = φ'(u) / e (Payeur et al. 2021, Nat Neurosci 24:1010-1019, Methods, "Deep
/// network models": v, e = f(v), u = h(e) ⊙ Y b, p = σ(β u + α), b = p e).
template <class T> class Burst final : public RegionDynamics<T> {
public:
  Burst(Activation phi, const numeric::Vector<T> &tau, T slope, T offset)
      : readout_(phi), rate_(1 / tau), beta_(slope), alpha_(offset) {}
  bool has_state() const override { return true; }
  Wanted needed() const override { return set_of({Signal::gain, Signal::apical}); }
  void from_state(const Matrix<T> &u, RegionSignals<T> &s, Wanted wanted) const override {
    readout_.forward(u, s, wanted);
  }
  void from_apical(RegionSignals<T> &s, Wanted wanted) const override {
    if (!wanted[static_cast<std::size_t>(Signal::burst)]) return;
    const T *e = s[Signal::rate].memptr(), *g = s[Signal::gain].memptr(), *a = s[Signal::apical].memptr();
    T *out = s[Signal::burst].memptr();
    for (std::size_t k = 0; k < s[Signal::burst].n_elem; ++k) out[k] = e[k] * probability(e[k], g[k], a[k]);
  }
  void from_apical_vjp(const RegionSignals<T> &s, RegionSignals<T> &d, Wanted wanted) const override {
    if (!wanted[static_cast<std::size_t>(Signal::burst)]) return;
    const T *e = s[Signal::rate].memptr(), *g = s[Signal::gain].memptr(), *a = s[Signal::apical].memptr();
    const T *db = d[Signal::burst].memptr();
    T *de = d[Signal::rate].memptr(), *dg = d[Signal::gain].memptr(), *da = d[Signal::apical].memptr();
    for (std::size_t k = 0; k < s[Signal::burst].n_elem; ++k) {
      const T p = probability(e[k], g[k], a[k]);
      if (!(e[k] > smallest)) {
        de[k] += db[k] * p;
        continue;
      }
      const T slope = p * (1 - p) * beta_;
      de[k] += db[k] * (p - slope * a[k] * g[k] / e[k]);
      dg[k] += db[k] * slope * a[k];
      da[k] += db[k] * slope * g[k];
    }
  }
  void error(RegionSignals<T> &) const override {}
  void error_vjp(const RegionSignals<T> &, RegionSignals<T> &) const override {}
  void derivative(const Matrix<T> &u, const RegionSignals<T> &s, Matrix<T> &du) const override {
    for (std::size_t b = 0; b < u.n_cols; ++b)
      for (std::size_t i = 0; i < u.n_rows; ++i) du.at(i, b) = (s.soma.at(i, b) - u.at(i, b)) * rate_[i];
  }
  void derivative_vjp(const Matrix<T> &u, const RegionSignals<T> &, const Matrix<T> &dotu, RegionSignals<T> &d,
                      Matrix<T> &dstate) const override {
    for (std::size_t b = 0; b < u.n_cols; ++b)
      for (std::size_t i = 0; i < u.n_rows; ++i) {
        dstate.at(i, b) -= dotu.at(i, b) * rate_[i];
        d.soma.at(i, b) += dotu.at(i, b) * rate_[i];
      }
  }
  void from_state_vjp(const Matrix<T> &u, const RegionSignals<T> &s, RegionSignals<T> &d, Matrix<T> &dstate,
                      Wanted wanted) const override {
    readout_.backward(u, s, d, dstate, wanted);
  }

private:
  static constexpr T smallest = static_cast<T>(1e-6); // an ensemble below it is silent: nothing of it can burst
  T probability(T e, T g, T a) const {
    const T h = e > smallest ? g / e : T(0);
    return 1 / (1 + std::exp(-(beta_ * h * a + alpha_)));
  }
  Readout<T> readout_;
  numeric::Vector<T> rate_; // 1/τ, N
  T beta_, alpha_;
};

} // namespace

template <class T>
std::unique_ptr<RegionDynamics<T>> compartment_dynamics_of(const model::Region &region, std::uint64_t seed) {
  const auto &said = region.dynamics;
  const Activation phi = activation_of(region.activation);
  const auto number = [&](const char *name) { return static_cast<T>(said.number(name)); };
  if (said.type == "dendritic")
    return std::make_unique<Dendritic<T>>(phi, number("leak"), number("basal"), number("apical"),
                                          number("apical_input") != 0);
  if (said.type != "predictive_coding" && said.type != "burst") return nullptr;
  const auto tau = network::values_of<T>(said.at("tau"), region.size, seed, numeric::name_key(region.name + ".tau"));
  if (said.type == "predictive_coding") return std::make_unique<PredictiveCoding<T>>(phi, tau);
  return std::make_unique<Burst<T>>(phi, tau, number("slope"), number("offset"));
}

template std::unique_ptr<RegionDynamics<float>> compartment_dynamics_of(const model::Region &, std::uint64_t);
template std::unique_ptr<RegionDynamics<double>> compartment_dynamics_of(const model::Region &, std::uint64_t);

} // namespace engram::dynamics
