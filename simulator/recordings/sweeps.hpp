// Sweeps hold the current that a cell received in each recording of its membrane potential.
#pragma once

#include <armadillo>

namespace engram::recordings {

/// Of K sweeps of one cell, which are the units of an area, sampled alike.
struct Sweeps {
  arma::mat current; ///< samples × K, pA
  arma::vec start;   ///< ms of the first sample of each, on the clock of its spikes
  double step = 0;   ///< ms
};

} // namespace engram::recordings
