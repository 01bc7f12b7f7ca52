// A Signal is a time series as it was sampled, whatever the events were. Its values are read when they are asked for.
#pragma once

#include "recordings/area.hpp"

#include <armadillo>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace engram::recordings {

/// Samples first … first + count − 1, one step apart: without a gap, and of one trial of a run.
struct Stretch {
  std::size_t first = 0, count = 0;
  double start = 0; ///< ms: the time of its first sample
};

struct Signal {
  std::string name, file, unit;
  std::size_t channels = 0;
  double step = 0;                ///< ms: the mean
  double jitter = 0;              ///< the greatest departure from it within a stretch, in steps
  std::vector<Stretch> stretches; ///< in the order of time; none where the file does not say when samples were taken
  bool clocked = true; ///< false: nobody knows when one stretch was taken after another, and starts are only an order
  /// Reads `count` samples of one stretch from sample `first` on: samples × channels.
  using Read = std::function<arma::mat(std::size_t first, std::size_t count)>;
  std::function<Read()> open; ///< the file stays open for as long as what is given. Errors: data::DataError
};

/// Hands over the segments of each stretch: length × channels. Each begins length / 2 samples after the one before;
/// what is left of a stretch is not used. Ends where `use` gives false, and then gives false.
bool each_segment(const Signal &signal, std::size_t length, const std::function<bool(const arma::mat &segment)> &use);
/// How many there are.
std::size_t segments_of(const Signal &signal, std::size_t length);

/// Nobody knows which times of two files are the same. Errors: measures::NotApplicable for two files.
void require_one_clock(const std::string &one, const std::string &file, const std::string &other,
                       const std::string &other_file);

/// The channels of both, where both were sampled. Errors: measures::NotApplicable where they are of two files, which
/// have clocks of their own, were not sampled at the same times, or have trials that are not alike.
Signal together(const Signal &one, const Signal &other);
/// The channels of the signal, and behind them these units: spikes in Hz, counted from each sample to the next, and NaN
/// while a unit was not observed. The area has to outlive it. Errors: measures::NotApplicable where they are of two
/// files, or nobody knows when the signal's trials were.
Signal with_spikes(const Signal &signal, const Area &area, std::vector<std::size_t> units);

} // namespace engram::recordings
