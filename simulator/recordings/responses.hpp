// Responses hold what each neuron did under each condition. Circuits and recordings are both brought into this one
// shape.
#pragma once

#include <armadillo>
#include <cstddef>
#include <string>
#include <vector>

namespace engram::recordings {

/// responses[condition, neuron, repeat, time] of C conditions, N neurons, R repeats at most, T bins. What was not
/// observed is NaN: a condition may have fewer repeats than others, and a neuron may miss some that others have.
struct Responses {
  std::vector<std::string> conditions; ///< C names, each once
  std::vector<std::string> neurons;    ///< N names
  std::vector<double> times;           ///< ms from the event to the middle of each of T bins; empty when unknown
  std::string unit;                    ///< "Hz" for spikes
  std::vector<arma::cube> values;      ///< by bin: C × N × R

  std::size_t condition_count() const { return conditions.size(); }
  std::size_t neuron_count() const { return neurons.size(); }
};

/// C × N × R: the mean over bins; NaN where a bin is missing.
arma::cube over_time(const Responses &responses);
/// C × N: the mean over the repeats that are there; NaN where there is none.
arma::mat over_repeats(const arma::cube &repeats);
/// C × N: the mean over bins and repeats.
arma::mat mean_response(const Responses &responses);
/// T × N: the mean over conditions and repeats, in each bin.
arma::mat time_course(const Responses &responses);
/// Where the greatest value is above 1e60 or below 1e-60, the squares of squares that methods take leave the range of
/// numbers. Then all values are multiplied by a power of two, 2^k, which changes no digit, and k is returned; else 0.
int bring_into_range(std::vector<arma::cube> &values);
/// The conditions of these numbers, in this order.
Responses pick_conditions(const Responses &responses, const std::vector<std::size_t> &which);

} // namespace engram::recordings
