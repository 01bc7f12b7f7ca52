// This form of load_trials() also returns the assumptions that were made in reading.
#pragma once

#include "task/entries.hpp"
#include "task/trials.hpp"

#include <string>
#include <vector>

namespace engram::task {

struct Read {
  std::vector<std::string> label_names; ///< of the classes 0, 1, …, where the labels are words
  std::vector<std::string> notes;       ///< what was assumed, a sentence each
};

/// As load_trials(model, folders). `entries`: those that the model names, and others. Errors: input::InputError, with
/// the pointers of all arrays that cannot be read or do not fit.
Trials load_trials(const model::Model &model, const data::DatasetFolders &folders, Read &read,
                   const TaskEntries &entries = task_entries());

} // namespace engram::task
