// What a model says and never uses.
#pragma once

#include "model/document.hpp"
#include "model/model.hpp"
#include "model/vocabulary.hpp"

namespace engram::model {

/// Warns of rules that never learn, stimuli that are never shown, and an objective that is never delivered.
void check_use(const Model &model, const Vocabulary &vocabulary, Problems &problems);

} // namespace engram::model
