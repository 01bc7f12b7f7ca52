// These functions look at the values of the arrays of a task.
#pragma once

#include "data/array.hpp"
#include "model/model.hpp"
#include "task/entries.hpp"

#include <cstddef>
#include <string>

namespace engram::task {

/// Refuses values that are not finite, or are not once they are multiplied by `scale` in the model's precision.
/// `missing`: may they be NaN? Errors: data::DataError for an array from a file, input::InputError for one in the model
/// file.
void refuse_not_finite(const data::Array &array, const std::string &name, double scale, const model::Model &model,
                       bool missing = false);
/// Is the array of this name the target of terms that leave out what is missing, and nothing else?
bool may_be_missing(const std::string &name, const model::Model &model, const TaskEntries &entries);
/// How many values are NaN?
std::size_t count_missing(const data::Array &array);
bool has_negative(const data::Array &array);

} // namespace engram::task
