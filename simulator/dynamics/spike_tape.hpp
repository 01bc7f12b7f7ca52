// A SpikeTape keeps what the gradient needs of the spiking regions at each step, and takes the gradient back through
// these steps: through a spike either by its surrogate slope (spike_tape.cpp) or by its time (spike_times.cpp).
#pragma once

#include "dynamics/spiking_region.hpp"

#include <vector>

namespace engram::dynamics {

/// How a region's spikes become the signals `trace` and `rate`, and by what the gradient goes back through them.
template <class T> struct SpikeReading {
  T step_ms = 0, trace_decay = 0, per_trace_ms = 0;
  bool times = false; ///< by the times of spikes; else by surrogate slopes
};

/// Of one region. Signals and slopes of all steps are kept: N × B times the length of a trial, times a few.
template <class T> class SpikeTape {
public:
  /// `neurons` must outlive the way back.
  void begin(std::size_t steps, const SpikeReading<T> &reading, const SpikingRegion<T> &neurons);
  void keep(std::size_t step, const network::RegionSignals<T> &signals, const SpikingRegion<T> &neurons);
  /// Who spiked as a step began.
  const network::SpikeLists &spikes(std::size_t step) const { return steps_[step].spikes; }
  /// Puts the signals of a step back.
  void restore(std::size_t step, network::RegionSignals<T> &signals) const;

  /// The way back begins after the last step.
  void rewind();
  /// Does the gradient go through the times of spikes? All that is said of dL/d(spikes) below is then of their times.
  bool times() const { return reading_.times; }
  /// Completes dL/d(time) of the spikes that the step made, by what reads the signals of the step at once: `d` holds
  /// the gradient of that alone. Called before inject().
  void time_spikes(std::size_t step, const network::RegionSignals<T> &d);
  /// Goes from dL/d(state after the step, before spikes) to dL/d(what reached the neurons through the step).
  void step_back(std::size_t step);
  /// Adds that of the currents: of dL/d(current of the step), by way of the next step's potential.
  void inject(std::size_t step, network::RegionSignals<T> &d) const;
  /// Collects dL/d(signals of the step); several times for a step whose signals are read several times.
  void collect(const network::RegionSignals<T> &d);
  /// Takes what the receptors hold from after the step to its beginning; then arrived() is dL/d(what arrived at one in
  /// this step), N × B.
  void pull_back_receptors(std::size_t step);
  const numeric::Matrix<T> &arrived(std::size_t receptor) const { return dx_[receptor]; }
  /// dL/d(time at which a unit arrived at one in this step), N × B; of spikes whose times carry the gradient.
  const numeric::Matrix<T> &shifted(std::size_t receptor) const { return shift_[receptor]; }
  /// The part of dL/d(spikes of the step) that comes by way of synapses which carry them, N × B: to be added to.
  numeric::Matrix<T> &spiked() { return d_[network::place_of(network::Signal::spike)]; }
  /// Goes from dL/d(state after the step) to dL/d(state before), by all that was collected.
  void pull_back(std::size_t step);

private:
  using Matrix = numeric::Matrix<T>;
  struct Step {
    std::array<Matrix, network::signal_count> signals;
    StepSlopes<T> slopes;
    StepKept<T> arrived; // of neurons with a tape of their own: how the step before led to this one
    network::SpikeLists spikes;
    StepEvents<T> events; // of the step that led here
  };
  const Matrix &pulled(std::size_t step, std::size_t receptor);
  void pull_back_slopes(std::size_t step);
  void pull_back_events(std::size_t step);
  void pull_back_times(std::size_t step);

  const SpikingRegion<T> *neurons_ = nullptr;
  bool own_ = false; // the neurons have a tape of their own
  StepCotangents<T> own_d_;
  SpikeReading<T> reading_;
  std::vector<Step> steps_;
  std::vector<ReceptorSlopes<T>> receptors_;
  std::vector<Matrix> dx_, dg_;                 // dL/d(x, g after the arrivals of the step), by receptor
  Matrix dpull_;                                // dL/d(what the receptors add to the potential)
  std::array<Matrix, network::signal_count> d_; // collected
  Matrix dv_, da_, dtrace_, dz_, ddrive_; // dL/d(potential, adaptation, trace after the step); of the spikes; drive
  // Of spikes whose times carry the gradient.
  std::vector<Matrix> shift_; // by receptor
  Matrix dafter_;             // dL/d(potential just after the arrivals of the step) by what follows
  Matrix dheld_;              // dL/d(time at which a neuron is let go), for the spike that holds it
  std::vector<T> dtime_;      // dL/d(time) of the spikes of the next step
  std::array<Matrix, network::signal_count> direct_; // what read the signals of the next step at once
};

} // namespace engram::dynamics
