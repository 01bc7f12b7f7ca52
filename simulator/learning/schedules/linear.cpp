// linear: 1 until the share s of the epochs is `begin`, from there in a straight line to `end` at s = 1.
#include "learning/schedule_entry.hpp"
#include "model/parameters.hpp"

namespace engram::learning {

namespace {

double linear_factor(const model::Typed &schedule, const EpochOfRun &now) {
  const double s = now.share, begin = schedule.number("begin"), end = schedule.number("end");
  return s <= begin ? 1 : 1 - (1 - end) * (s - begin) / (1 - begin);
}

} // namespace

ScheduleEntry linear_schedule() {
  return {.words = {.name = "linear",
                    .help = "the whole rate at first, then down in a straight line",
                    .reference = "",
                    .parameters = {model::between("begin", 0, 0, 1,
                                                  "share of the epochs after which the rate begins to fall"),
                                   end_of_schedule()}},
          .place = 20,
          .factor = linear_factor,
          .by_share = true};
}

} // namespace engram::learning
