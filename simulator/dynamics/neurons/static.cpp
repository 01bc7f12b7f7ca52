// A `static` region is a layer of artificial neurons.
#include "dynamics/entry.hpp"
#include "dynamics/words.hpp"

namespace engram::dynamics {

namespace {

/// u = b + Σ W r, rate = φ(u): an artificial neuron.
template <class T> class Static final : public RegionDynamics<T> {
public:
  explicit Static(Activation phi) : readout_(phi) {}
  bool has_state() const override { return false; }
  SignalSet needed() const override { return readout_.needed(); }
  void from_soma(RegionSignals<T> &s, SignalSet wanted) const override { readout_.forward(s.soma, s, wanted); }
  void error(RegionSignals<T> &s) const override { readout_.error(s); }
  void error_vjp(const RegionSignals<T> &s, RegionSignals<T> &d) const override { readout_.error_vjp(s, d); }
  void from_soma_vjp(const RegionSignals<T> &s, RegionSignals<T> &d, SignalSet wanted) const override {
    readout_.backward(s.soma, s, d, d.soma, wanted);
  }

private:
  Readout<T> readout_;
};

template <class T> std::unique_ptr<RegionDynamics<T>> make_static(const model::Region &region, std::uint64_t /*seed*/) {
  return std::make_unique<Static<T>>(activation_of(region.activation));
}

} // namespace

DynamicsEntry static_dynamics() {
  auto words = dynamics_words("static", "u = b + sum W r and rate = phi(u) within the step: an artificial neuron", "");
  words.activation = true;
  words.default_activation = "linear";
  words.pooled_activation = true;
  words.signals = rate_signals(true, true);
  words.compartments = {"soma", "apical"};
  return {.words = std::move(words), .place = 20, .make = {make_static<float>, make_static<double>}};
}

} // namespace engram::dynamics
