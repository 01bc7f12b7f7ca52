// exponential: factor^epoch.
#include "learning/schedule_entry.hpp"
#include "model/parameters.hpp"

#include <cmath>

namespace engram::learning {

namespace {

double exponential_factor(const model::Typed &schedule, const EpochOfRun &now) {
  return std::pow(schedule.number("factor"), now.epoch);
}

} // namespace

ScheduleEntry exponential_schedule() {
  return {.words = {.name = "exponential",
                    .help = "by the same factor after each epoch",
                    .reference = "",
                    .parameters = {model::between("factor", 0.9, 0, 1, "of the rate, by epoch")}},
          .place = 40,
          .factor = exponential_factor};
}

} // namespace engram::learning
