// An Optimizer moves weights by the change that a rule returns.
#pragma once

#include "learning/optimizer_entry.hpp"
#include "model/model.hpp"
#include "model/vocabulary.hpp"

#include <memory>

namespace engram::learning {

/// How the weights of one projection follow the rule's changes.
template <class T> struct Optimizer {
  T rate = 0, weight_decay = 0;
  T clip_norm = 0, clip_value = 0;          ///< as of model::Rule; 0: not given
  bool adds_change = false;                 ///< as its words say
  std::unique_ptr<OptimizerSteps<T>> steps; ///< with what they remember
  /// A plain step may go straight into the weights, as a product that is added to them.
  bool is_plain() const { return adds_change && weight_decay == T(0) && !clips(); }
  bool clips() const { return clip_norm > T(0) || clip_value > T(0); }
};

/// The optimizer of a rule, which has not taken a step yet. Errors: Broken where no entry has its name, which the
/// checks of the model exclude.
template <class T> Optimizer<T> optimizer_of(const model::Rule &rule);

/// weights += the step for scale · change, which is the mean over trials. Shapes N_post × N_pre. optimizers/NAME.cpp
/// has the formula. Weights decay first, w −= rate · weight_decay · w (decoupled: Loshchilov & Hutter 2019).
template <class T> void update(Optimizer<T> &optimizer, const Matrix<T> &change, T scale, Matrix<T> &weights);

/// Adds the words of all optimizers.
void add_optimizer_words(model::Vocabulary &vocabulary);

} // namespace engram::learning
