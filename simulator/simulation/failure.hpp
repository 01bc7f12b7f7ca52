// These types say why and where a run cannot go on.
#pragma once

#include "error/error.hpp"
#include "numeric/finite.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace engram::simulation {

/// The circuit left the range of numbers, or the integrator its tolerance: exit code 1.
class RunFailure : public Failed {
public:
  using Failed::Failed;
};

/// Where a number is that is not finite.
struct NonFinite {
  std::size_t region = 0, neuron = 0, column = 0; ///< column: of the batch
  std::string what;                               ///< "potential", "receptor 'ampa'", …
  double value = 0;
};

/// The first of N × B values of a region that is not finite. `what` is copied only then: a step asks this of every
/// state.
template <class T>
std::optional<NonFinite> nonfinite_in(const T *values, std::size_t neurons, std::size_t trials, std::size_t region,
                                      std::string_view what) {
  const std::size_t at = numeric::first_not_finite(values, neurons * trials);
  if (at == neurons * trials) return std::nullopt;
  return NonFinite{region, at % neurons, at / neurons, std::string(what), static_cast<double>(values[at])};
}

/// A step of a spiking region cannot be taken.
class Stuck : public Failed {
public:
  Stuck(NonFinite at, const std::string &why) : Failed(why), place(std::move(at)) {}
  NonFinite place; ///< without `what` and `value`
};

} // namespace engram::simulation
