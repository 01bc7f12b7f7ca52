// check_use() warns of what a model declares and never uses.
#pragma once

#include "input/document.hpp"
#include "model/model.hpp"
#include "model/vocabulary.hpp"

namespace engram::model {

/// Warns of rules that never learn, stimuli that are never shown, an initial state or noise that a region cannot take,
/// and an objective that is never delivered.
void check_use(const Model &model, const Vocabulary &vocabulary, input::Problems &problems);

} // namespace engram::model
