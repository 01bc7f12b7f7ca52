#include "learning/learning_rate.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace engram::learning {

double learning_rate_factor(const model::Typed &schedule, std::size_t epoch, std::size_t epochs) {
  const double s = epochs == 0 ? 1 : static_cast<double>(std::min(epoch, epochs)) / static_cast<double>(epochs);
  if (schedule.type == "linear") {
    const double begin = schedule.number("begin"), end = schedule.number("end");
    return s <= begin ? 1 : 1 - (1 - end) * (s - begin) / (1 - begin);
  }
  if (schedule.type == "cosine") {
    const double end = schedule.number("end");
    return end + (1 - end) * (1 + std::cos(std::numbers::pi * s)) / 2;
  }
  if (schedule.type == "exponential")
    return std::pow(schedule.number("factor"), static_cast<double>(std::min(epoch, epochs)));
  return 1;
}

void add_schedule_words(model::Vocabulary &vocabulary) {
  const auto share = [](const char *name, double initial, const char *help) {
    model::Parameter p;
    p.name = name;
    p.initial = initial;
    p.minimum = 0;
    p.maximum = 1;
    p.help = help;
    return p;
  };
  const auto end = [&] { return share("end", 0, "factor of the rate at the end of the last epoch"); };
  vocabulary.schedules = {
      {"constant", "the same rate in all epochs", "", {}},
      {"linear",
       "the whole rate at first, then down in a straight line",
       "",
       {share("begin", 0, "share of the epochs after which the rate begins to fall"), end()}},
      {"cosine", "down along half a cosine", "Loshchilov & Hutter 2017, eq. 5, without restarts", {end()}},
      {"exponential", "by the same factor after each epoch", "", {share("factor", 0.9, "of the rate, by epoch")}},
  };
}

} // namespace engram::learning
