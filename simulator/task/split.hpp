// divide() divides the trials of a task into those that are learned from, those that are held out, and those of the
// test.
#pragma once

#include "task/trials.hpp"

namespace engram::task {

/// Trials or groups that a part takes of so many: the count, or the nearest number to the share.
std::size_t taken(const model::Part &part, std::size_t of);

/// How many of each class are taken where `taken` are in all: in proportion to `counts`, rounded down, and one more of
/// those with the largest remainders. Of equal remainders those go first that come first in `order`, all classes.
std::vector<std::size_t> in_proportion(const std::vector<std::size_t> &counts, std::size_t taken,
                                       const std::vector<std::size_t> &order);

/// Sets training, held_out and test: rows in ascending order. What is drawn is drawn by the model's seed. `own_test`:
/// how many trials at the end are the data set's own test part. Stratified as StratifiedShuffleSplit of
/// scikit-learn 1.2, and grouped as GroupShuffleSplit, but that a share goes to the nearest number. Errors:
/// input::InputError.
void divide(const model::Model &model, std::size_t own_test, Trials &trials);

} // namespace engram::task
