// A Presentation sets what comes to the circuit from outside: stimuli, noise, and what the objective delivers; and what
// comes from its own past, by projections with a delay.
#pragma once

#include "simulation/circuit_state.hpp"
#include "simulation/closed_loop.hpp"
#include "simulation/noise.hpp"
#include "simulation/terms.hpp"

#include <cstdint>
#include <vector>

namespace engram::simulation {

template <class T> class Presentation {
public:
  /// All are kept by reference. `batch` is the one at hand; `terms` say what the objective delivers, `loop` what an
  /// environment shows (null: there is none).
  Presentation(const Setup<T> &setup, const dynamics::CircuitDynamics<T> &circuit, const Batch &batch, Terms<T> &terms,
               const ClosedLoop<T> *loop);

  /// A batch begins. `weights_move`: may they change within a trial? `taped`: it will be taken back.
  void begin(bool weights_move, bool taped, CircuitState<T> &now);
  bool begins_phase(std::size_t step) const { return setup_.schedule.phase_of(step) != shown_phase_; }
  /// The output's rates as a phase begins, by which wrong labels are drawn in it.
  void keep_likely(std::size_t phase, const network::Signals<T> &signals);

  /// Stimuli and targets. Where nothing moves within a phase, its first step alone has anything to do.
  void show(std::size_t step, CircuitState<T> &now);
  /// The stimuli alone.
  void show_stimuli(const task::PhaseSteps &phase, std::size_t step, CircuitState<T> &now);
  /// Noise, currents that arrive with a delay, and what the objective delivers. Noise follows from that of the step
  /// before in now.held.
  void impose(std::size_t step, CircuitState<T> &now);
  /// Neither noise, nor a delayed current, nor anything that the objective delivers.
  void impose_nothing(CircuitState<T> &now) const;

  const std::vector<std::uint64_t> &draws() const { return draws_; }

private:
  bool moves(const task::PhaseSteps &phase) const;
  std::uint64_t draw_of(std::size_t b) const;
  task::BatchFrame frame_at(std::size_t step) const;
  void hold_inputs(const task::PhaseSteps &phase, CircuitState<T> &now) const;
  void make_noise(std::size_t step, CircuitState<T> &now);
  void arrive(std::size_t step, CircuitState<T> &now) const;
  void deliver(CircuitState<T> &now) const;

  const Setup<T> &setup_;
  const dynamics::CircuitDynamics<T> &circuit_;
  const Batch &batch_;
  Terms<T> &terms_;
  const ClosedLoop<T> *loop_ = nullptr;
  bool weights_move_ = false;
  std::vector<Noise<T>> noise_;      // by region
  std::vector<bool> moving_;         // by phase: does what is shown change within it?
  std::vector<std::uint64_t> draws_; // by trial: a number for what is random in it
  std::vector<Matrix<T>> likely_;    // by phase: rates of the output as it began, N_output × B; empty where unused
  std::size_t shown_phase_ = network::none;
};

} // namespace engram::simulation
