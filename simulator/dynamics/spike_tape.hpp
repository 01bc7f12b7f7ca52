// A SpikeTape keeps what the gradient needs of the spiking regions at each step, and takes the gradient back through
// these steps.
#pragma once

#include "dynamics/spiking_region.hpp"

#include <vector>

namespace engram::dynamics {

/// Of one region. Signals and slopes of all steps are kept: N × B times the length of a trial, times a few.
template <class T> class SpikeTape {
public:
  void begin(std::size_t steps, T trace_decay, T per_trace_ms, std::vector<ReceptorSlopes<T>> receptors);
  void keep(std::size_t step, const network::RegionSignals<T> &signals, const SpikingRegion<T> &neurons);
  /// Who spiked as a step began.
  const network::SpikeLists &spikes(std::size_t step) const { return steps_[step].spikes; }
  /// Puts the signals of a step back.
  void restore(std::size_t step, network::RegionSignals<T> &signals) const;

  /// The way back begins after the last step.
  void rewind();
  /// Adds dL/d(current of the step), by way of the next step's potential.
  void inject(std::size_t step, network::RegionSignals<T> &d) const;
  /// Collects dL/d(signals of the step); several times for a step whose signals are read several times.
  void collect(const network::RegionSignals<T> &d);
  /// Takes what the receptors hold from after the step to its beginning; then arrived() is dL/d(what arrived at one in
  /// this step), N × B.
  void pull_back_receptors(std::size_t step);
  const numeric::Matrix<T> &arrived(std::size_t receptor) const { return dx_[receptor]; }
  /// The part of dL/d(spikes of the step) that comes by way of synapses which carry them, N × B: to be added to.
  numeric::Matrix<T> &spiked() { return d_[static_cast<std::size_t>(network::Signal::spike)]; }
  /// Goes from dL/d(state after the step) to dL/d(state before), by all that was collected.
  void pull_back(std::size_t step);

private:
  using Matrix = numeric::Matrix<T>;
  struct Step {
    std::array<Matrix, network::signal_count> signals;
    StepSlopes<T> slopes;
    network::SpikeLists spikes;
  };
  T trace_decay_ = 0, per_trace_ms_ = 0;
  std::vector<Step> steps_;
  std::vector<ReceptorSlopes<T>> receptors_;
  std::vector<Matrix> dx_, dg_;                 // dL/d(x, g after the arrivals of the step), by receptor
  Matrix dpull_;                                // dL/d(what the receptors add to the potential)
  std::array<Matrix, network::signal_count> d_; // collected
  Matrix dv_, da_, dtrace_, dz_, ddrive_; // dL/d(potential, adaptation, trace after the step); of the spikes; drive
};

} // namespace engram::dynamics
