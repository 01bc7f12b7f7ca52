// An Optimizer moves weights by the change that a rule returns.
#pragma once

#include "model/model.hpp"
#include "model/vocabulary.hpp"
#include "network/network.hpp"

namespace engram::learning {

template <class T> using Matrix = numeric::Matrix<T>;

/// How the weights of one projection follow the rule's changes, and what it remembers of them.
template <class T> struct Optimizer {
  enum class Kind { plain, momentum, adam };
  Kind kind = Kind::plain;
  T rate = 0, weight_decay = 0;
  T momentum = 0;                      ///< momentum
  T beta1 = 0, beta2 = 0, epsilon = 0; ///< Adam
  Matrix<T> first, second;             ///< N_post × N_pre: velocity, or Adam's m; Adam's v
  std::size_t updates = 0;
  /// A plain step may go straight into the weights, as a product that is added to them.
  bool is_plain() const { return kind == Kind::plain && weight_decay == T(0); }
};

template <class T> Optimizer<T> optimizer_of(const model::Rule &rule);

/// weights += the step for `change`, which is the mean over trials. Shapes N_post × N_pre.
///   plain     w += rate · g
///   momentum  v = μ v + g, w += rate · v (Polyak 1964)
///   adam      Kingma & Ba 2015, algorithm 1, with the sign of ascent along g
/// each with w −= rate · weight_decay · w first (decoupled: Loshchilov & Hutter 2019).
template <class T> void update(Optimizer<T> &optimizer, const Matrix<T> &change, T scale, Matrix<T> &weights);

void add_optimizer_words(model::Vocabulary &vocabulary);

} // namespace engram::learning
