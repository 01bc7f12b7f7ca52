// constant leaves the rate as it is.
#include "learning/schedule_entry.hpp"

namespace engram::learning {

namespace {

double constant_factor(const model::Typed & /*schedule*/, const EpochOfRun & /*now*/) { return 1; }

} // namespace

ScheduleEntry constant_schedule() {
  return {.words = {.name = "constant",
                    .help = "the same rate in all epochs",
                    .reference = "",
                    .parameters = {},
                    .is_default = true},
          .place = 10,
          .factor = constant_factor};
}

} // namespace engram::learning
