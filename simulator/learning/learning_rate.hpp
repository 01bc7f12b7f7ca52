// A schedule lowers the learning rate over the epochs of a run.
#pragma once

#include "model/model.hpp"
#include "model/vocabulary.hpp"

namespace engram::learning {

/// By what the rate is multiplied in `epoch` (from 0) of `epochs`; s = epoch / epochs, at most 1. An absent type is
/// constant.
///   constant     1
///   linear       1 until s = begin, from there in a straight line to `end` at s = 1
///   cosine       end + (1 − end) (1 + cos πs) / 2 (Loshchilov & Hutter 2017, eq. 5)
///   exponential  factor^epoch
double learning_rate_factor(const model::Typed &schedule, std::size_t epoch, std::size_t epochs);

void add_schedule_words(model::Vocabulary &vocabulary);

} // namespace engram::learning
