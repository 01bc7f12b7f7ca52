// The objective computes a loss for each trial from the rates of the output region, and the gradient of that loss.
#pragma once

#include "model/model.hpp"
#include "model/vocabulary.hpp"
#include "numeric/matrix.hpp"

namespace engram::task {

template <class T> using Matrix = numeric::Matrix<T>;

enum class ObjectiveKind { mse, cross_entropy, choice_reward };

struct Objective {
  ObjectiveKind kind = ObjectiveKind::mse;
  bool probabilities = false; ///< cross_entropy: the rates are probabilities already (softmax region)
  double strength = 1;        ///< of what is delivered
  double temperature = 1;     ///< choice_reward: T
  double exploration = 1;     ///< choice_reward: share of trials in which the choice is drawn
};

Objective objective_of(const model::Model &model);

/// Loss of each trial (1 × B). Shapes: rate, target N × B.
///   mse: ½ Σ_i (r_i − y_i)²
///   choice_reward: −Σ_i p_i y_i, the expected reward, with p = softmax(r / T)
///   cross_entropy: −Σ_i y_i log p_i, p = softmax(r), or p = r where the region is a softmax itself
template <class T>
void loss(const Objective &objective, const Matrix<T> &rate, const Matrix<T> &target, Matrix<T> &out);
/// out += scale · ∂loss/∂rate, N × B.
template <class T>
void add_gradient(const Objective &objective, const Matrix<T> &rate, const Matrix<T> &target, T scale, Matrix<T> &out);
/// out += scale · H v, H the Hessian of the loss of each trial (symmetric): for gradients through what is delivered.
template <class T>
void add_hessian_product(const Objective &objective, const Matrix<T> &rate, const Matrix<T> &target, const Matrix<T> &v,
                         T scale, Matrix<T> &out);

/// The words that objectives add to a model file.
void add_objective_words(model::Vocabulary &vocabulary);

} // namespace engram::task
