// The objective computes a loss for each trial from the rates of the output region, and the gradient of that loss.
#pragma once

#include "model/model.hpp"
#include "model/vocabulary.hpp"
#include "numeric/matrix.hpp"

#include <vector>

namespace engram::task {

template <class T> using Matrix = numeric::Matrix<T>;

struct ObjectiveEntry;
struct TaskEntries;

struct Objective {
  const ObjectiveEntry *entry = nullptr; ///< its functions
  std::vector<double> values;            ///< of its parameters, in the order of its words
  bool of_trial = false;                 ///< it is of the trial as a whole
  double step = 1;                       ///< of time, ms
  bool probabilities = false;            ///< the rates are probabilities already, as those of a softmax region
  double strength = 1;                   ///< of what is delivered
  bool chooses = false;                  ///< a neuron is chosen, and its target is the reward
  double temperature = 1;                ///< T of the softmax by which is chosen
  double exploration = 1;                ///< share of trials in which the choice is drawn
};

/// A term of the objective of a model. Errors: Broken where no entry has its name, which the checks of the model
/// exclude.
Objective objective_of(const model::Model &model, const model::Objective &term, const TaskEntries &entries);
/// The same of those that engram comes with.
Objective objective_of(const model::Model &model, const model::Objective &term);
inline Objective objective_of(const model::Model &model) { return objective_of(model, model.objective); }

// Of a term that is known in each step. `rate` is the signal that is judged, N × B; so is `target`, or the labels as
// numbers, 1 × B. Its formula stands in objectives/NAME.cpp.

/// Loss of each trial (1 × B).
template <class T>
void loss(const Objective &objective, const Matrix<T> &rate, const Matrix<T> &target, Matrix<T> &out);
/// out += scale · ∂loss/∂rate, N × B.
template <class T>
void add_gradient(const Objective &objective, const Matrix<T> &rate, const Matrix<T> &target, T scale, Matrix<T> &out);
/// out += scale · H v, H the Hessian of the loss of each trial (symmetric): for gradients through what is delivered.
template <class T>
void add_hessian_product(const Objective &objective, const Matrix<T> &rate, const Matrix<T> &target, const Matrix<T> &v,
                         T scale, Matrix<T> &out);

/// out += scale · ∂loss/∂target, where the target is a signal.
template <class T>
void add_target_gradient(const Objective &objective, const Matrix<T> &rate, const Matrix<T> &target, T scale,
                         Matrix<T> &out);
/// out += scale · (∂²loss / ∂target ∂rate) v.
template <class T>
void add_target_hessian_product(const Objective &objective, const Matrix<T> &rate, const Matrix<T> &target,
                                const Matrix<T> &v, T scale, Matrix<T> &out);

/// What a term of the trial as a whole has gathered of its signal.
template <class T> struct Gathered {
  std::size_t steps = 0;
  Matrix<T> sum;    ///< N × B, over the steps
  Matrix<T> square; ///< N × N: Σ x xᵀ over steps and trials; empty where nobody asks for it
  Matrix<T> target; ///< of a plugin: the labels, 1 × B, or N × B, the sum over the steps; empty without one
  /// Of a plugin that looks at the course: the signal, N × B × steps, and its target, unless that stays the same.
  std::vector<T> course, target_course;
  std::vector<T> slope; ///< of a plugin: ∂(Σ_b loss_b)/∂(what it looks at); empty until it is asked for
};
/// Takes in the signal of a step, and what it is compared with.
template <class T>
void gather(const Objective &objective, const Matrix<T> &signal, const Matrix<T> &target, Gathered<T> &gathered);
/// Loss of each trial (1 × B), of the steps that were gathered; 0 where there is none.
template <class T> void loss(const Objective &objective, const Gathered<T> &gathered, Matrix<T> &out);
/// out += scale · ∂(Σ_b loss_b)/∂signal, of the signal of one of the steps, number `which` of those that were gathered.
template <class T>
void add_gradient(const Objective &objective, Gathered<T> &gathered, std::size_t which, const Matrix<T> &signal,
                  T scale, Matrix<T> &out);
/// out += scale · steps · ∂(Σ_b loss_b)/∂signal, of the signal of this step and the loss of what is known by then:
/// what is delivered. The steps are those that were gathered; `gathered` stays as it is.
template <class T>
void add_gradient_now(const Objective &objective, Gathered<T> &gathered, const Matrix<T> &signal,
                      const Matrix<T> &target, T scale, Matrix<T> &out);

/// Adds the words of all objectives.
void add_objective_words(model::Vocabulary &vocabulary);

} // namespace engram::task
