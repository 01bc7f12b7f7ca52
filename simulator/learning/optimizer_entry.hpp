// An entry is all that the simulator knows of one optimizer: its words, and the step that it takes.
#pragma once

#include "learning/kept.hpp"
#include "model/model.hpp"
#include "model/vocabulary.hpp"
#include "numeric/in_both.hpp"
#include "numeric/matrix.hpp"

#include <memory>
#include <vector>

namespace engram::learning {

template <class T> using Matrix = numeric::Matrix<T>;

/// Takes the steps of one projection, and keeps what it remembers of the changes before.
template <class T> class OptimizerSteps {
public:
  virtual ~OptimizerSteps() = default;
  /// Moves `weights` by the step for g = scale · change at this rate. The shape is N_post × N_pre, or synapses × 1, and
  /// the same in each call.
  virtual void take(const Matrix<T> &change, T scale, T rate, Matrix<T> &weights) = 0;
  /// What it remembers, by name: of the shape of the weights (empty before the first step), or numbers.
  virtual std::vector<Kept> memory() { return {}; }
};

template <class T> using MakeOptimizer = std::unique_ptr<OptimizerSteps<T>> (*)(const model::Typed &entry);

/// Makes the class of an optimizer from its parameters.
template <template <class> class Steps, class T>
std::unique_ptr<OptimizerSteps<T>> make_optimizer(const model::Typed &entry) {
  return std::make_unique<Steps<T>>(entry);
}

/// One optimizer. optimizers/NAME.cpp defines `OptimizerEntry NAME_optimizer()`, and CMake makes the list of these
/// files.
struct OptimizerEntry {
  model::Named words; ///< with `adds_change`
  int place = 1000;   ///< lists show entries by place, and those of one place by name
  numeric::InBoth<MakeOptimizer> make{};
};

/// Those that engram comes with.
const std::vector<OptimizerEntry> &optimizer_entries();

} // namespace engram::learning
