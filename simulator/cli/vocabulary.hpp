// The words that a model file may use, gathered from all that is registered and from the plugins within reach.
#pragma once

#include "cli/context.hpp"
#include "model/vocabulary.hpp"

namespace engram::cli {

model::Vocabulary vocabulary(Context &context);

} // namespace engram::cli
