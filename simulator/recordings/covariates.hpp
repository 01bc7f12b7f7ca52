// Covariates hold what was recorded together with spikes: the stimulus, and the position of the animal.
#pragma once

#include "measures/spatial.hpp"

#include <armadillo>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace engram::recordings {

/// T samples of P values; those of a picture row by row.
struct Stimulus {
  std::string name, unit;
  arma::mat values;                  ///< T × P
  double start = 0, step = 1;        ///< ms: sample k was shown from start + k step to start + (k + 1) step
  std::size_t height = 0, width = 0; ///< of a picture; 0: the values are none
  arma::vec pieces;                  ///< T: the piece that each sample is of; empty: all are one
};

struct Position {
  std::string name;
  measures::Path path;         ///< cm and ms
  arma::vec direction;         ///< of the head at these times, degrees; empty where it is not known
  std::size_t coordinates = 2; ///< 1: along a line, and y is 0
  std::vector<double> arena;   ///< cm: x from and to, y from and to; empty: where the animal went
};

/// Read when it is asked for, and once for all areas of a file; notes say what was assumed. Errors: data::DataError;
/// measures::NotApplicable where there is none, with why, or where it is too large.
struct Covariates {
  std::function<const Stimulus &(std::vector<std::string> &notes)> stimulus;
  std::function<const Position &(std::vector<std::string> &notes)> position;
};

} // namespace engram::recordings
