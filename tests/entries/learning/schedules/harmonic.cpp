// harmonic: 1 / (1 + epoch).
#include "learning/schedule_entry.hpp"

namespace engram::learning {

namespace {

double harmonic_factor(const model::Typed & /*schedule*/, const EpochOfRun &now) { return 1 / (1 + now.epoch); }

} // namespace

ScheduleEntry harmonic_schedule() {
  return {.words = {.name = "harmonic",
                    .help = "the rate divided by 1 + epoch",
                    .reference = "written for the tests",
                    .parameters = {}},
          .factor = harmonic_factor};
}

} // namespace engram::learning
