// An entry is all that the simulator knows of one objective: its words, and its loss with two derivatives.
#pragma once

#include "model/vocabulary.hpp"
#include "numeric/in_both.hpp"
#include "task/objective.hpp"

#include <engram/objective.h>

#include <cmath>
#include <string>
#include <vector>

namespace engram::task {

/// The functions of an objective that is known in each step, each for all trials of a batch; the functions of
/// objective.hpp that have their names say what they give. Those of the target are null where it can be no signal, and
/// add_hessian_product is null where nobody has worked it out.
template <class T> struct ObjectiveFunctions {
  void (*loss)(const Objective &objective, const Matrix<T> &rate, const Matrix<T> &target, Matrix<T> &out) = nullptr;
  void (*add_gradient)(const Objective &objective, const Matrix<T> &rate, const Matrix<T> &target, T scale,
                       Matrix<T> &out) = nullptr;
  void (*add_hessian_product)(const Objective &objective, const Matrix<T> &rate, const Matrix<T> &target,
                              const Matrix<T> &v, T scale, Matrix<T> &out) = nullptr;
  void (*add_target_gradient)(const Objective &objective, const Matrix<T> &rate, const Matrix<T> &target, T scale,
                              Matrix<T> &out) = nullptr;
  void (*add_target_hessian_product)(const Objective &objective, const Matrix<T> &rate, const Matrix<T> &target,
                                     const Matrix<T> &v, T scale, Matrix<T> &out) = nullptr;
};

/// The same of one that is of the trial as a whole.
template <class T> struct TrialFunctions {
  void (*gather)(const Objective &objective, const Matrix<T> &signal, const Matrix<T> &target,
                 Gathered<T> &gathered) = nullptr;
  void (*loss)(const Objective &objective, const Gathered<T> &gathered, Matrix<T> &out) = nullptr;
  void (*add_gradient)(const Objective &objective, Gathered<T> &gathered, std::size_t which, const Matrix<T> &signal,
                       T scale, Matrix<T> &out) = nullptr;
  /// null: add_gradient() of what was gathered before this step, times their number.
  void (*add_gradient_now)(const Objective &objective, Gathered<T> &gathered, const Matrix<T> &signal,
                           const Matrix<T> &target, T scale, Matrix<T> &out) = nullptr;
};

/// One objective. objectives/NAME.cpp defines `ObjectiveEntry NAME_objective()`, and CMake makes the list of these
/// files.
struct ObjectiveEntry {
  model::Named words; ///< with `chooses`; one that chooses has choice_parameters() of choice.hpp
  int place = 1000;   ///< lists show entries by place, and those of one place by name
  numeric::InBoth<ObjectiveFunctions> functions{};
  numeric::InBoth<TrialFunctions> of_trial{}; ///< of one that is of the trial as a whole, with words.of_trial
  /// Does it take the softmax of the rates, unless they are probabilities already? Then a linear region and a softmax
  /// region have the same loss as functions of their input.
  bool takes_softmax = false;
  bool counts = false;        ///< entries of the target are counts: not negative
  bool masks = false;         ///< entries of the target that are NaN are left out
  bool by_course = false;     ///< it is of the trial as a whole, and its loss costs as much as the course is long
  std::string finite_where{}; ///< for the message where the loss is not finite: what the signal must be; "": nothing
  const engram_objective *table = nullptr; ///< of a plugin
};

/// Those that engram comes with.
const std::vector<ObjectiveEntry> &objective_entries();

/// The entry of a name, of these. Errors: Broken where there is none.
const ObjectiveEntry &objective_named(const std::string &type);

/// Those of an objective that looks at the batch as a whole, or at the trial: static functions of `Loss<T>`.
template <template <class> class Loss> numeric::InBoth<TrialFunctions> trial_functions() {
  return {{Loss<float>::gather, Loss<float>::loss, Loss<float>::add_gradient},
          {Loss<double>::gather, Loss<double>::loss, Loss<double>::add_gradient}};
}

/// One trial of a batch: rates r and targets y of n neurons.
template <class T> struct OneTrial {
  const T *r, *y;
  std::size_t n;
  /// Is an entry of the target missing?
  bool is_masked() const {
    for (std::size_t i = 0; i < n; ++i)
      if (std::isnan(y[i])) return true;
    return false;
  }
};

/// Takes the static functions of `Loss<T>`, which see one trial each, over the trials of a batch:
///   T loss(objective, trial)
///   void add_gradient(objective, trial, scale, T *out)
///   void add_hessian_product(objective, trial, const T *v, scale, T *out)
/// and, of an objective whose target may be a signal,
///   void add_target_gradient(objective, trial, scale, T *out)
///   void add_target_hessian_product(objective, trial, const T *v, scale, T *out)
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
  static void add_target_gradient(const Objective &objective, const Matrix<T> &rate, const Matrix<T> &target, T scale,
                                  Matrix<T> &out) {
    for (std::size_t b = 0; b < rate.n_cols; ++b)
      Loss<T>::add_target_gradient(objective, trial(rate, target, b), scale, out.colptr(b));
  }
  static void add_target_hessian_product(const Objective &objective, const Matrix<T> &rate, const Matrix<T> &target,
                                         const Matrix<T> &v, T scale, Matrix<T> &out) {
    for (std::size_t b = 0; b < rate.n_cols; ++b)
      Loss<T>::add_target_hessian_product(objective, trial(rate, target, b), v.colptr(b), scale, out.colptr(b));
  }
  static ObjectiveFunctions<T> all() {
    ObjectiveFunctions<T> out{loss, add_gradient, add_hessian_product};
    if constexpr (requires(const Objective &o, const OneTrial<T> &t, T *to) {
                    Loss<T>::add_target_gradient(o, t, T(1), to);
                  }) {
      out.add_target_gradient = add_target_gradient;
      out.add_target_hessian_product = add_target_hessian_product;
    }
    return out;
  }
};

/// The functions of a batch, made of those of one trial.
template <template <class> class Loss> numeric::InBoth<ObjectiveFunctions> objective_functions() {
  return {OverTrials<Loss, float>::all(), OverTrials<Loss, double>::all()};
}

} // namespace engram::task
