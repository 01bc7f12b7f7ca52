// A RunOutcome is what became of a run of a study, as its run file says.
#pragma once

#include "studies/check_runs.hpp"
#include "studies/study.hpp"

#include <array>
#include <cstdint>
#include <limits>
#include <string>

namespace engram::studies {

/// A point of the learning curve; NaN where a measure does not apply.
struct Point {
  std::size_t epoch = 0; ///< 0: there is none
  std::array<double, measure_count> values = {unknown, unknown, unknown, unknown, unknown, unknown};
  double operator[](Measure measure) const { return values[static_cast<std::size_t>(measure)]; }

  static constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
};

enum class Status {
  missing,     ///< nothing was begun, or nothing is left of it
  interrupted, ///< it goes on from its last checkpoint
  failed,
  complete
};
const char *name_of(Status status);

struct RunOutcome {
  Status status = Status::missing;
  std::string reason;                    ///< of Status::failed, one line
  Point end;                             ///< the last of the curve
  std::array<Point, measure_count> best; ///< the first point at which each measure is best
  std::size_t kept_epoch = 0; ///< after which the weights of the run file were, where the best are kept; 0: the last
  bool stopped = false;       ///< learning ended before all epochs, by "stop" of the model
  std::array<double, 3> test = {Point::unknown, Point::unknown, Point::unknown}; ///< loss, accuracy, reward
  std::size_t epochs_planned = 0;                                                ///< as its file says
  double seconds = 0;     ///< wall time of learning, of all epochs, without tests
  std::string files_read; ///< checksums of what it read, as session/inputs.hpp makes them
};

/// What there is of the run whose file is `path`: itself, its checkpoint, or what was begun of it. `run` says which run
/// it must be. One that did fewer epochs than `run` has, and did not stop, is interrupted. Errors: data::DataError
/// where it is another's, or is damaged.
RunOutcome read_outcome(const std::string &path, const CheckedRun &run);

/// Is there something with which `run --resume` goes on?
bool is_begun(const std::string &path);

} // namespace engram::studies
