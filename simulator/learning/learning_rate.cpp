#include "learning/learning_rate.hpp"

#include "input/entries.hpp"
#include "learning/schedule_entry.hpp"
#include "model/parameters.hpp"

#include <algorithm>

namespace engram::learning {

double learning_rate_factor(const model::Typed &schedule, std::size_t epoch, std::size_t epochs) {
  const auto now = static_cast<double>(std::min(epoch, epochs));
  const double share = epochs == 0 ? 1 : now / static_cast<double>(epochs);
  return input::entry_named(schedule.type, schedule_entries(), "schedule").factor(schedule, {now, share});
}

bool depends_on_epochs(const model::Typed &schedule) {
  return input::entry_named(schedule.type, schedule_entries(), "schedule").by_share;
}

void add_schedule_words(model::Vocabulary &vocabulary) {
  for (const auto &entry : schedule_entries()) vocabulary.schedules.push_back(entry.words);
}

model::Parameter end_of_schedule() {
  return model::between("end", 0, 0, 1, "factor of the rate at the end of the last epoch");
}

} // namespace engram::learning
