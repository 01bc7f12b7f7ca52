// A `predictive_coding` region has the value neurons and the error neurons of predictive coding.
#include "dynamics/drawn.hpp"
#include "dynamics/entry.hpp"
#include "dynamics/words.hpp"

namespace engram::dynamics {

namespace {

/// Value and error neurons in one region: τ x' = −ε + φ'(x) a with ε = x − μ, μ the prediction that arrives at the
/// soma and a the weighted errors of the regions above (Whittington & Bogacz 2017, Neural Comput 29:1229-1262, eqs.
/// 2.16-2.18, unit variances; there x are the values and ε the errors). rate = φ(x), error = ε.
template <class T> class PredictiveCoding final : public RegionDynamics<T> {
public:
  PredictiveCoding(Activation phi, const numeric::Vector<T> &tau) : readout_(phi), rate_(1 / tau) {}
  bool has_state() const override { return true; }
  bool clamps_state() const override { return true; }
  SignalSet needed() const override {
    return wanted_set({Signal::potential, Signal::gain, Signal::apical, Signal::error});
  }
  void from_state(const Matrix<T> &x, RegionSignals<T> &s, SignalSet wanted) const override {
    readout_.forward(x, s, wanted);
  }
  void from_soma(RegionSignals<T> &s, SignalSet) const override { s[Signal::error] = s[Signal::potential] - s.soma; }
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
  void from_soma_vjp(const RegionSignals<T> &, RegionSignals<T> &d, SignalSet) const override {
    d[Signal::potential] += d[Signal::error];
    d.soma -= d[Signal::error];
  }
  void from_state_vjp(const Matrix<T> &x, const RegionSignals<T> &s, RegionSignals<T> &d, Matrix<T> &dstate,
                      SignalSet wanted) const override {
    readout_.backward(x, s, d, dstate, wanted);
  }

private:
  Readout<T> readout_;
  numeric::Vector<T> rate_; // 1/τ, N
};

template <class T>
std::unique_ptr<RegionDynamics<T>> make_predictive_coding(const model::Region &region, std::uint64_t seed) {
  return std::make_unique<PredictiveCoding<T>>(activation_of(region.activation), drawn<T>(region, "tau", seed));
}

} // namespace

DynamicsEntry predictive_coding_dynamics() {
  auto words = dynamics_words("predictive_coding",
                              "value neurons x and error neurons x - mu, mu = b + sum W r the prediction from the "
                              "region below: tau x' = -error + gain a, rate = phi(x)",
                              "Whittington & Bogacz 2017, Neural Comput 29:1229-1262, eqs. 2.16-2.18");
  words.parameters = {per_neuron(positive("tau", "ms", 10, "time constant of the value neurons"))};
  words.activation = true;
  words.default_activation = "linear";
  words.signals = {
      {"potential", "", "x, the value", false, false},
      {"rate", "", "phi(x)", false, false},
      {"gain", "", "the slope of the activation function at x", false, false},
      {"apical", "", "a, the errors of the regions above, weighted", false, true},
      {"error", "", "x - mu, the value less its prediction", true, false},
      {"noise", "", "the noise that was injected", false, false},
  };
  words.states = {state("x", "", "the value")};
  words.compartments = {"soma", "apical"};
  words.state = true;
  words.integrator = "euler";
  words.fastest = by_tau;
  return {
      .words = std::move(words), .place = 60, .make = {make_predictive_coding<float>, make_predictive_coding<double>}};
}

} // namespace engram::dynamics
