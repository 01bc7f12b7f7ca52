// A schedule lowers the learning rate over the epochs of a run.
#pragma once

#include "model/model.hpp"
#include "model/vocabulary.hpp"

namespace engram::learning {

/// By what the rate is multiplied in `epoch` (from 0) of `epochs`; later ones are as the end. schedules/NAME.cpp has
/// the formula. Errors: Broken where no entry has its name, which the checks of the model exclude.
double learning_rate_factor(const model::Typed &schedule, std::size_t epoch, std::size_t epochs);

/// Does the factor of an epoch change with the number of all epochs?
bool depends_on_epochs(const model::Typed &schedule);

/// Adds the words of all schedules.
void add_schedule_words(model::Vocabulary &vocabulary);

} // namespace engram::learning
