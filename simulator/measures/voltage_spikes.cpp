#include "measures/voltage_spikes.hpp"

#include "measures/not_applicable.hpp"

#include <stdexcept>

namespace engram::measures {

VoltageSpikes::VoltageSpikes(double threshold, double fall) : threshold_(threshold), fall_(fall) {
  if (!(fall >= 0)) throw std::invalid_argument("the fall of the voltage between spikes is negative");
}

void VoltageSpikes::add(const arma::vec &voltage, const std::vector<double> &time) {
  if (voltage.n_elem != time.size()) throw NotApplicable("a voltage has not one time for each sample");
  for (std::size_t k = 0; k < time.size(); ++k) {
    const double v = voltage[k], t = time[k];
    if (!(t >= time_)) throw NotApplicable("the times of a voltage decrease");
    if (armed_ && v >= threshold_) {
      if (voltage_ < threshold_) spikes_.push_back(time_ + (threshold_ - voltage_) / (v - voltage_) * (t - time_));
      armed_ = false;
    }
    if (v < threshold_ - fall_) armed_ = true;
    voltage_ = v;
    time_ = t;
  }
}

SpikeTrain spikes_from_voltage(const arma::vec &voltage, const std::vector<double> &time, double threshold,
                               double fall) {
  VoltageSpikes found(threshold, fall);
  found.add(voltage, time);
  return found.spikes();
}

} // namespace engram::measures
