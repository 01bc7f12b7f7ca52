// These functions cut the spike trains of an area into trials, where each unit was observed.
#pragma once

#include "recordings/area.hpp"

#include <cstddef>
#include <vector>

namespace engram::recordings {

/// The trials of one side, by condition, in ms of its recording. An area without trials is one trial.
struct TrialWindows {
  std::vector<std::vector<measures::Window>> windows;
  double duration = 0; ///< ms, of those that were not cut short
  bool whole = false;  ///< the area has no trials
};
TrialWindows trial_windows(const Area &area);

/// The trains of one unit in times from the beginning of each trial.
struct TrialTrains {
  std::vector<std::vector<measures::SpikeTrain>> trains; ///< by condition: trials in which it was observed throughout
  measures::Observation observed;                        ///< in these times; a trial has no gap
};
/// `duration` ms from the beginning of the first `most` trials of each condition that were observed for as long.
TrialTrains trains_by_trial(const Area &area, std::size_t unit, const TrialWindows &trials, double duration,
                            std::size_t most);

/// Has a condition more trials than this?
bool has_more(const TrialWindows &trials, std::size_t most);

} // namespace engram::recordings
