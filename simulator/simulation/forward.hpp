// A Forward takes a batch of trials through the steps of a trial.
#pragma once

#include "dynamics/stepper.hpp"
#include "learning/spike_plasticity.hpp"
#include "simulation/finite_check.hpp"
#include "simulation/presentation.hpp"
#include "simulation/tape.hpp"

#include <memory>
#include <vector>

namespace engram::simulation {

template <class T> class Forward {
public:
  /// `rules`: the plugin of each of model.rules, which the two plasticities apply. `recorded`: signals that an observer
  /// reads, by region; may be empty. All must outlive this. Errors: numeric::WrongProduct, input::InputError.
  Forward(const Setup<T> &setup, const std::vector<const engram_rule *> &rules,
          std::vector<dynamics::SignalSet> recorded, learning::Plasticity<T> &plasticity,
          learning::SpikePlasticity<T> &spike_plasticity);
  Forward(const Forward &) = delete;
  Forward &operator=(const Forward &) = delete;

  /// A batch begins. With a tape, the adjoint can take it back; without one, memory does not grow with the steps.
  void begin(const Batch &batch, Tape<T> *tape);

  // A step is these calls, in this order. Errors: RunFailure, learning::RuleFailure.
  void present(std::size_t step);  ///< stimuli, noise, what arrives with a delay, what the objective delivers
  void evaluate(std::size_t step); ///< currents and signals of all regions
  void look(std::size_t step, bool observed); ///< nothing passes that is not finite
  void judge(std::size_t step);               ///< loss and modulators
  void learn(std::size_t step);               ///< rules see the signals
  void move(std::size_t step);                ///< states go to the next step, and weights that learn in each step

  /// Have all trials ended, by their environment?
  bool all_over() const { return loop_ && loop_->all_over(); }
  /// The observer sees this step, or, where ranks share out the neurons, all steps up to it whose spikes are known.
  void show(std::size_t step, Observer<T> &observer);
  /// The trial ends after this step: what waited to be seen is.
  void show_rest(std::size_t step, Observer<T> &observer);
  /// Null unless ranks share out the neurons.
  SpikeExchange *exchange() { return spikes_ ? spikes_->exchange() : nullptr; }

  /// The trials that ended with this step, though others or the time of a trial go on.
  void tell_ended(std::size_t step, Observer<T> &observer) const;

  /// The trials are over. The outcome lacks what only the caller knows: steps, and whether they were interrupted.
  /// `whole`: they were not interrupted.
  Outcome finish(bool whole);

  const network::Signals<T> &signals() const { return *now_.signals; }
  /// What is expected of rewards, which outlives a batch.
  std::vector<Judge<T>> expectations() const { return terms_.expectations(); }
  void set_expectations(const std::vector<Judge<T>> &expectations) { terms_.set_expectations(expectations); }
  /// The same, with what an environment's rewards are expected to be, as numbers.
  std::vector<learning::Kept> kept();

  // The way back needs the circuit, its state, which it may move, and these.
  const dynamics::CircuitDynamics<T> &circuit() const { return circuit_; }
  const Spikes<T> *spikes() const { return spikes_.get(); }
  CircuitState<T> &now() { return now_; }
  Presentation<T> &presentation() { return presentation_; }
  Terms<T> &terms() { return terms_; }
  /// The state that a trial begins with, before the sweep.
  void begin_state();
  /// Takes the state vector to the next step.
  void advance(std::size_t step);

private:
  void resize(std::size_t trials);
  void sweep();
  void refuse_fast(std::size_t step) const;
  void integrate(std::size_t step);
  void restart_ended(std::size_t step);

  const Setup<T> &setup_;
  learning::Plasticity<T> &plasticity_;
  learning::SpikePlasticity<T> &spike_plasticity_;
  dynamics::CircuitDynamics<T> circuit_;
  std::unique_ptr<Spikes<T>> spikes_;   // null without spiking regions
  std::unique_ptr<ClosedLoop<T>> loop_; // null without an environment
  std::unique_ptr<dynamics::Stepper<T>> stepper_;
  std::vector<Vector<T>> initial_; // by region, N K

  // Of the batch at hand.
  Batch batch_;
  Tape<T> *tape_ = nullptr;
  CircuitState<T> now_;
  std::size_t shown_ = 0; // steps that an observer has seen
  Vector<T> derivative_;  // of now_.state
  std::vector<T> pieces_; // of the step, in which the stepper took it, ms
  Terms<T> terms_;        // of the objective
  learning::Modulators<T> modulators_;
  Outcome outcome_;
  Presentation<T> presentation_;
  FiniteCheck<T> check_;
};

} // namespace engram::simulation
