// Responses hold what each neuron did under each condition. Circuits and recordings are both brought into this one
// shape.
#pragma once

#include <armadillo>
#include <cstddef>
#include <string>
#include <vector>

namespace engram::recordings {

/// responses[condition, repeat, neuron, time] of C conditions, N neurons, R repeats at most, T bins.
struct Responses {
  std::vector<std::string> conditions; ///< C names, each once
  std::vector<std::string> neurons;    ///< N names
  std::vector<double> times;           ///< ms from the event to the middle of each of T bins; empty when unknown
  std::string unit;                    ///< "Hz" for spikes
  std::vector<arma::cube> values;      ///< by bin: C × N × R; NaN where a condition has fewer repeats

  std::size_t condition_count() const { return conditions.size(); }
  std::size_t neuron_count() const { return neurons.size(); }
};

/// C × N × R: the mean over bins.
arma::cube over_time(const Responses &responses);
/// C × N: the mean over the repeats that are there; NaN where there is none.
arma::mat over_repeats(const arma::cube &repeats);
/// C × N × R': of each condition the first R' repeats in which no neuron is NaN; R' is as many as all conditions have.
arma::cube complete_repeats(const arma::cube &repeats);
/// C × N: the mean over bins and repeats.
arma::mat mean_response(const Responses &responses);
/// T × N: the mean over conditions and repeats, in each bin.
arma::mat time_course(const Responses &responses);
/// The conditions of these numbers, in this order.
Responses pick_conditions(const Responses &responses, const std::vector<std::size_t> &which);

} // namespace engram::recordings
