// An entry is all that the simulator knows of one schedule of the learning rate: its words, and its factor.
#pragma once

#include "model/model.hpp"
#include "model/vocabulary.hpp"

#include <vector>

namespace engram::learning {

/// An epoch of a run.
struct EpochOfRun {
  double epoch; ///< from 0
  double share; ///< of all epochs, that lie before it: from 0 to 1
};

/// One schedule. schedules/NAME.cpp defines `ScheduleEntry NAME_schedule()`, and CMake makes the list of these files.
struct ScheduleEntry {
  model::Named words;
  int place = 1000; ///< lists show entries by place, and those of one place by name
  /// By what the rate is multiplied.
  double (*factor)(const model::Typed &schedule, const EpochOfRun &now) = nullptr;
  bool by_share = false; ///< does it read the share? A run of more epochs then differs from the first.
};

/// Those that engram comes with.
const std::vector<ScheduleEntry> &schedule_entries();

/// The parameter `end`, of schedules that come to a factor at the end of the last epoch.
model::Parameter end_of_schedule();

} // namespace engram::learning
