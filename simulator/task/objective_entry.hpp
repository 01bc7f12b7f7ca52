// An entry is all that the simulator knows of one objective: its words, and its loss with two derivatives.
#pragma once

#include "model/vocabulary.hpp"
#include "numeric/in_both.hpp"
#include "task/objective.hpp"

#include <string>
#include <vector>

namespace engram::task {

/// The functions of an objective, each for all trials of a batch: loss(), add_gradient() and add_hessian_product() of
/// objective.hpp say what they give.
template <class T> struct ObjectiveFunctions {
  void (*loss)(const Objective &objective, const Matrix<T> &rate, const Matrix<T> &target, Matrix<T> &out) = nullptr;
  void (*add_gradient)(const Objective &objective, const Matrix<T> &rate, const Matrix<T> &target, T scale,
                       Matrix<T> &out) = nullptr;
  void (*add_hessian_product)(const Objective &objective, const Matrix<T> &rate, const Matrix<T> &target,
                              const Matrix<T> &v, T scale, Matrix<T> &out) = nullptr;
};

/// One objective. objectives/NAME.cpp defines `ObjectiveEntry NAME_objective()`, and CMake makes the list of these
/// files.
struct ObjectiveEntry {
  model::Named words; ///< with `chooses`; one that chooses has choice_parameters() of choice.hpp
  int place = 1000;   ///< lists show entries by place, and those of one place by name
  numeric::InBoth<ObjectiveFunctions> functions{};
  /// Does it take the softmax of the rates, unless they are probabilities already? Then a linear region and a softmax
  /// region have the same loss as functions of their input.
  bool takes_softmax = false;
};

/// Those that engram comes with.
const std::vector<ObjectiveEntry> &objective_entries();

/// The entry of a name. Errors: Broken where there is none, which the checks of the model exclude.
const ObjectiveEntry &objective_named(const std::string &type);

/// One trial of a batch: rates r and targets y of n neurons.
template <class T> struct OneTrial {
  const T *r, *y;
  std::size_t n;
};

/// Takes the static functions of `Loss<T>`, which see one trial each, over the trials of a batch:
///   T loss(objective, trial)
///   void add_gradient(objective, trial, scale, T *out)
///   void add_hessian_product(objective, trial, const T *v, scale, T *out)
template <template <class> class Loss, class T> struct OverTrials {
  static OneTrial<T> trial(const Matrix<T> &rate, const Matrix<T> &target, std::size_t b) {
    return {rate.colptr(b), target.colptr(b), rate.n_rows};
  }
  static void loss(const Objective &objective, const Matrix<T> &rate, const Matrix<T> &target, Matrix<T> &out) {
    for (std::size_t b = 0; b < rate.n_cols; ++b) out[b] = Loss<T>::loss(objective, trial(rate, target, b));
  }
  static void add_gradient(const Objective &objective, const Matrix<T> &rate, const Matrix<T> &target, T scale,
                           Matrix<T> &out) {
    for (std::size_t b = 0; b < rate.n_cols; ++b)
      Loss<T>::add_gradient(objective, trial(rate, target, b), scale, out.colptr(b));
  }
  static void add_hessian_product(const Objective &objective, const Matrix<T> &rate, const Matrix<T> &target,
                                  const Matrix<T> &v, T scale, Matrix<T> &out) {
    for (std::size_t b = 0; b < rate.n_cols; ++b)
      Loss<T>::add_hessian_product(objective, trial(rate, target, b), v.colptr(b), scale, out.colptr(b));
  }
  static ObjectiveFunctions<T> all() { return {loss, add_gradient, add_hessian_product}; }
};

/// The functions of a batch, made of those of one trial.
template <template <class> class Loss> numeric::InBoth<ObjectiveFunctions> objective_functions() {
  return {OverTrials<Loss, float>::all(), OverTrials<Loss, double>::all()};
}

} // namespace engram::task
