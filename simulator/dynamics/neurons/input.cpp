// An `input` region shows the stimulus.
#include "dynamics/entry.hpp"
#include "dynamics/words.hpp"

namespace engram::dynamics {

namespace {

/// Shows what it is given.
template <class T> class Input final : public RegionDynamics<T> {
public:
  bool has_state() const override { return false; }
  void error(RegionSignals<T> &) const override {}
  void error_vjp(const RegionSignals<T> &, RegionSignals<T> &) const override {}
};

template <class T>
std::unique_ptr<RegionDynamics<T>> make_input(const model::Region & /*region*/, std::uint64_t /*seed*/) {
  return std::make_unique<Input<T>>();
}

} // namespace

DynamicsEntry input_dynamics() {
  auto words = dynamics_words("input", "shows the stimulus; silent (0) in phases that show nothing", "");
  words.signals = {{"rate", "", "the stimulus", false, false}};
  words.stimulus = true;
  return {.words = std::move(words),
          .place = 10,
          .carries_gradient = false,
          .make = {make_input<float>, make_input<double>}};
}

} // namespace engram::dynamics
