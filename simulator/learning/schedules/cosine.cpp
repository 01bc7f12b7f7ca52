// cosine: end + (1 − end) (1 + cos πs) / 2, s the share of the epochs (Loshchilov & Hutter 2017, eq. 5).
#include "learning/schedule_entry.hpp"

#include <cmath>
#include <numbers>

namespace engram::learning {

namespace {

double cosine_factor(const model::Typed &schedule, const EpochOfRun &now) {
  const double end = schedule.number("end");
  return end + (1 - end) * (1 + std::cos(std::numbers::pi * now.share)) / 2;
}

} // namespace

ScheduleEntry cosine_schedule() {
  return {.words = {.name = "cosine",
                    .help = "down along half a cosine",
                    .reference = "Loshchilov & Hutter 2017, eq. 5, without restarts",
                    .parameters = {end_of_schedule()}},
          .place = 30,
          .factor = cosine_factor,
          .by_share = true};
}

} // namespace engram::learning
