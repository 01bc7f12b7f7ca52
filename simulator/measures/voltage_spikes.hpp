// VoltageSpikes finds the spikes of a neuron in a recording of its membrane potential.
#pragma once

#include "measures/spike_train.hpp"

#include <armadillo>

#include <limits>
#include <vector>

namespace engram::measures {

/// Times (ms) at which a voltage rises to a threshold, linear between the samples before and after. The next spike is
/// counted only once the voltage has fallen below threshold − fall, so that noise about the threshold, as in
/// depolarisation block, is not taken for spikes; fall = 0 takes every upward crossing. A recording that begins above
/// that level begins within a spike, which is not counted. Neither is a rise out of a sample that is NaN. `threshold`
/// and `fall` in mV.
class VoltageSpikes {
public:
  /// Errors: std::invalid_argument when `fall` is negative.
  explicit VoltageSpikes(double threshold, double fall = 5);
  /// The next samples: voltage (mV) at these times (ms). Errors: NotApplicable when there are not as many times as
  /// samples, or times decrease.
  void add(const arma::vec &voltage, const std::vector<double> &time);
  const SpikeTrain &spikes() const { return spikes_; }

private:
  double threshold_, fall_;
  bool armed_ = false;
  double voltage_ = std::numeric_limits<double>::quiet_NaN(); // of the sample before
  double time_ = -std::numeric_limits<double>::infinity();
  SpikeTrain spikes_;
};

/// The same of a whole recording.
SpikeTrain spikes_from_voltage(const arma::vec &voltage, const std::vector<double> &time, double threshold,
                               double fall = 5);

} // namespace engram::measures
