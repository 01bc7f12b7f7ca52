// A FiniteCheck lets no number pass that is not finite: in states during the steps, in recorded signals, and in weights
// after each epoch.
#pragma once

#include "simulation/circuit_state.hpp"
#include "simulation/failure.hpp"
#include "simulation/spikes.hpp"

#include <optional>
#include <string>
#include <vector>

namespace engram::simulation {

template <class T> class FiniteCheck {
public:
  /// `recorded`: signals that an observer reads, by region; may be empty. `batch` is the one at hand.
  FiniteCheck(const Setup<T> &setup, const dynamics::CircuitDynamics<T> &circuit, const Batch &batch,
              std::vector<dynamics::SignalSet> recorded);

  /// A batch of B trials begins.
  void begin(std::size_t trials);
  /// Looks at the states that a step begins with, and at recorded signals where they are `observed`. `spikes` may be
  /// null. Errors: RunFailure, which says where the number is.
  void look(std::size_t step, const CircuitState<T> &now, Spikes<T> *spikes, bool observed) const;
  /// A step cannot be taken. Throws RunFailure.
  [[noreturn]] void fail_step(std::size_t step, const NonFinite &where, const std::string &why) const;
  /// Where an element of the state vector stands.
  NonFinite place_of(std::size_t element, std::size_t trials) const;

private:
  std::optional<NonFinite> nonfinite_state(const CircuitState<T> &now, Spikes<T> *spikes) const;
  std::optional<NonFinite> nonfinite_signal(const network::Signals<T> &signals) const;
  std::string time_of(std::size_t step, std::size_t column, bool exact) const;
  [[noreturn]] void fail_at(std::size_t step, const NonFinite &found) const;

  const Setup<T> &setup_;
  const dynamics::CircuitDynamics<T> &circuit_;
  const Batch &batch_;
  std::vector<dynamics::SignalSet> recorded_;
  std::size_t every_ = 1; // steps
};

/// Errors: RunFailure where weights that learn are not finite after the epoch.
template <class T> void check_weights(const network::Network<T> &network, std::size_t epoch);

} // namespace engram::simulation
