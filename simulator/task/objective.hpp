// The objective computes a loss for each trial from the rates of the output region, and the gradient of that loss.
#pragma once

#include "model/model.hpp"
#include "model/vocabulary.hpp"
#include "numeric/matrix.hpp"

namespace engram::task {

template <class T> using Matrix = numeric::Matrix<T>;

struct ObjectiveEntry;

struct Objective {
  const ObjectiveEntry *entry = nullptr; ///< its functions
  bool probabilities = false;            ///< the rates are probabilities already, as those of a softmax region
  double strength = 1;                   ///< of what is delivered
  bool chooses = false;                  ///< a neuron is chosen, and its target is the reward
  double temperature = 1;                ///< T of the softmax by which is chosen
  double exploration = 1;                ///< share of trials in which the choice is drawn
};

/// The objective of a model that has one. Errors: Broken where no entry has its name, which the checks of the model
/// exclude.
Objective objective_of(const model::Model &model);

/// Loss of each trial (1 × B). Shapes: rate, target N × B. Its formula stands in objectives/NAME.cpp.
template <class T>
void loss(const Objective &objective, const Matrix<T> &rate, const Matrix<T> &target, Matrix<T> &out);
/// out += scale · ∂loss/∂rate, N × B.
template <class T>
void add_gradient(const Objective &objective, const Matrix<T> &rate, const Matrix<T> &target, T scale, Matrix<T> &out);
/// out += scale · H v, H the Hessian of the loss of each trial (symmetric): for gradients through what is delivered.
template <class T>
void add_hessian_product(const Objective &objective, const Matrix<T> &rate, const Matrix<T> &target, const Matrix<T> &v,
                         T scale, Matrix<T> &out);

/// Adds the words of all objectives.
void add_objective_words(model::Vocabulary &vocabulary);

} // namespace engram::task
