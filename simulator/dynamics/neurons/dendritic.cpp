// A `dendritic` region has neurons of three compartments: soma, basal and apical dendrite.
#include "dynamics/entry.hpp"
#include "dynamics/exact_steps.hpp"
#include "dynamics/words.hpp"

namespace engram::dynamics {

namespace {

/// Soma, basal and apical dendrite: u' = −g_L u + g_B (v_B − u) + g_A (v_A − u), where v_B is what arrives at the soma
/// compartment of the file (the basal dendrite) and v_A at the apical one; rate = φ(u). error = φ(u) − φ(v̂_B), with
/// v̂_B = g_B / (g_L + g_B + g_A) v_B: what the soma does beyond what its basal dendrite predicts
/// (Sacramento et al. 2018, NeurIPS 31:8721-8732). Where the apical input is a current,
/// u' = −g_L u + g_B (v_B − u) + g_A a and v̂_B = g_B / (g_L + g_B) v_B, as for the interneurons and output neurons of
/// the paper, which a current g_som (u_teacher − u) teaches: the basal dendrite that reproduces the
/// teacher's potential makes no error.
template <class T> class Dendritic final : public RegionDynamics<T>, public RelaxingSteps<T> {
public:
  Dendritic(Activation phi, T leak, T basal, T apical, bool current, std::size_t neurons)
      : RelaxingSteps<T>(numeric::Vector<T>(neurons, arma::fill::value(leak + basal + (current ? T(0) : apical)))),
        readout_(phi), basal_(basal), apical_(apical), passed_(basal / all()) {}
  bool has_state() const override { return true; }
  SignalSet needed() const override { return wanted_set({Signal::apical}); }
  void from_state(const Matrix<T> &u, RegionSignals<T> &s, SignalSet wanted) const override {
    readout_.forward(u, s, wanted);
  }
  void from_soma(RegionSignals<T> &s, SignalSet wanted) const override {
    if (!wanted[static_cast<std::size_t>(Signal::error)]) return;
    predict(s);
    s[Signal::error] = s[Signal::rate] - predicted_;
  }
  void error(RegionSignals<T> &) const override {}
  void derivative(const Matrix<T> &u, const RegionSignals<T> &s, Matrix<T> &du) const override {
    const T *x = u.memptr(), *basal = s.soma.memptr(), *apical = s[Signal::apical].memptr();
    T *out = du.memptr();
    const T pull = all();
    for (std::size_t k = 0; k < u.n_elem; ++k) out[k] = basal_ * basal[k] + apical_ * apical[k] - pull * x[k];
  }
  void derivative_vjp(const Matrix<T> &, const RegionSignals<T> &, const Matrix<T> &dotu, RegionSignals<T> &d,
                      Matrix<T> &dstate) const override {
    dstate -= all() * dotu;
    d.soma += basal_ * dotu;
    d[Signal::apical] += apical_ * dotu;
  }
  void error_vjp(const RegionSignals<T> &, RegionSignals<T> &) const override {}
  void from_soma_vjp(const RegionSignals<T> &s, RegionSignals<T> &d, SignalSet wanted) const override {
    if (!wanted[static_cast<std::size_t>(Signal::error)]) return;
    predict(s);
    slope_.set_size(predicted_.n_rows, predicted_.n_cols);
    gain(readout_.phi(), input_, predicted_, slope_);
    d[Signal::rate] += d[Signal::error];
    d.soma -= passed_ * (slope_ % d[Signal::error]);
  }
  void from_state_vjp(const Matrix<T> &u, const RegionSignals<T> &s, RegionSignals<T> &d, Matrix<T> &dstate,
                      SignalSet wanted) const override {
    readout_.backward(u, s, d, dstate, wanted);
  }
  void steady_state(const RegionSignals<T> &s, Matrix<T> &u) const override { u = passed_ * s.soma; }
  void steady_state_vjp(const RegionSignals<T> &, const Matrix<T> &dstate, RegionSignals<T> &d) const override {
    d.soma += passed_ * dstate;
  }

private:
  T all() const { return this->rate_[0]; } // 1/ms: what draws u to rest, the same for all
  void predict(const RegionSignals<T> &s) const {
    input_ = passed_ * s.soma;
    predicted_.set_size(input_.n_rows, input_.n_cols);
    activate(readout_.phi(), input_, predicted_);
  }
  Readout<T> readout_;
  T basal_, apical_; // 1/ms
  T passed_;         // basal_ / all()
  mutable Matrix<T> input_, predicted_, slope_;
};

template <class T>
std::unique_ptr<RegionDynamics<T>> make_dendritic(const model::Region &region, std::uint64_t /*seed*/) {
  const auto value = [&](const char *name) { return static_cast<T>(region.dynamics.number(name)); };
  return std::make_unique<Dendritic<T>>(activation_of(region.activation), value("leak"), value("basal"),
                                        value("apical"), value("apical_input") != 0, region.size);
}

} // namespace

DynamicsEntry dendritic_dynamics() {
  auto words = dynamics_words(
      "dendritic",
      "soma, basal and apical dendrite: u' = -leak u + basal (v_B - u) + apical (v_A - u), rate = phi(u); v_B is what "
      "arrives at `soma`, v_A at `apical`. With apical_input 'current': u' = -leak u + basal (v_B - u) + apical a",
      "Sacramento et al. 2018, NeurIPS 31, eqs. 1-2");
  words.parameters = {positive("leak", "1/ms", 0.1, "leak conductance by capacitance"),
                      positive("basal", "1/ms", 1, "conductance from the basal dendrite by capacitance"),
                      at_least_zero("apical", "1/ms", 0.8, "conductance from the apical dendrite by capacitance"),
                      choice("apical_input", {"potential", "current"},
                             "what arrives at `apical` is the potential of a dendrite, whose conductance draws the "
                             "soma at all times, or a current, which is nothing when it is silent: of a teacher")};
  words.activation = true;
  words.default_activation = "sigmoid";
  words.signals = {
      {"potential", "", "u, the somatic potential", false, false},
      {"rate", "", "phi(u)", false, false},
      {"gain", "", "the slope of the activation function at u", false, false},
      {"apical", "", "v_A, the apical potential", false, true},
      {"error", "", "phi(u) - phi(v), v the somatic potential that the basal dendrite alone predicts", true, false},
      {"noise", "", "the noise that was injected", false, false},
  };
  words.states = {state("u", "", "the potential")};
  words.compartments = {"soma", "apical"};
  words.state = true;
  words.integrator = "euler";
  words.linear = true;
  words.fastest = [](const model::Typed &p) { return p.number("leak") + p.number("basal") + p.number("apical"); };
  return {.words = std::move(words), .place = 70, .make = {make_dendritic<float>, make_dendritic<double>}};
}

} // namespace engram::dynamics
