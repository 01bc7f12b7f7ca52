// Terms are the terms of the objective at work in a batch of trials: what the signal of each is compared with, its
// loss, its reward, what it delivers to the circuit, and the gradient of all.
#pragma once

#include "dynamics/circuit_dynamics.hpp"
#include "simulation/circuit_state.hpp"
#include "simulation/closed_loop.hpp"
#include "simulation/judge.hpp"
#include "task/objective.hpp"

#include <memory>
#include <vector>

namespace engram::simulation {

template <class T> class Terms final : public dynamics::Teacher<T> {
public:
  /// `setup` and `batch`, the one at hand, are kept by reference. `modulated`: rules read what is judged in each step.
  /// `loop`: null without an environment.
  Terms(const Setup<T> &setup, const Batch &batch, bool modulated, const ClosedLoop<T> *loop);

  bool empty() const { return terms_.empty(); }

  // Forward.
  /// A batch begins. `draws`: by trial, a number for what is random in it. `taped`: it will be taken back.
  void begin(const std::vector<std::uint64_t> &draws, bool taped);
  /// A phase begins: choices are open again.
  void enter(std::size_t phase);
  /// Targets, and what is delivered in this step.
  void show(std::size_t step, const task::BatchFrame &frame);
  /// Does a term deliver something into a current in this step? Its target where a region is held at it, else null.
  bool teaches() const { return teaches_; }
  const Matrix<T> *clamp() const { return clamp_; }
  /// Keeps what later steps will ask for.
  void keep(std::size_t step, const network::Signals<T> &signals);
  /// Losses and rewards. False where no term is judged in this step. Errors: RunFailure where a loss is not finite.
  bool judge(std::size_t step, const network::Signals<T> &signals, learning::Modulators<T> &modulators);
  /// The choice of each trial, of the first term that is compared with the task's targets or labels; -1: none yet, or
  /// no such term.
  std::vector<std::int64_t> choices() const;
  /// The trials are over, or (unless `whole`) were interrupted. Errors: RunFailure where a loss is not finite.
  void finish(bool whole, Outcome &outcome);

  // What is expected of rewards, by term, outlives a batch.
  std::vector<Judge<T>> expectations() const;
  void set_expectations(const std::vector<Judge<T>> &expectations);
  /// The same as numbers, by name.
  std::vector<learning::Kept> kept();

  // The way back.
  void rewind();
  /// d(signals) of this step += dL/d(signals). Steps come from the last to the first.
  void pull_back(std::size_t step, const network::Signals<T> &signals, network::Signals<T> &d);

  // What is delivered, as a current into a region.
  void add(std::size_t region, network::Compartment compartment, const network::Signals<T> &signals,
           Matrix<T> &current) const override;
  void add_vjp(std::size_t region, network::Compartment compartment, const network::Signals<T> &signals,
               const Matrix<T> &dcurrent, network::Signals<T> &d) const override;

private:
  struct Term {
    const model::Objective *words = nullptr;
    task::Objective objective;
    network::Signal signal = network::Signal::rate, target_signal = network::Signal::rate;
    std::size_t lag = 0;        // steps: the signal of so long ago is compared with the target of now
    double on = 0;              // strength in this phase
    T delivered = 0;            // in this step
    bool into_currents = false; // of its region: into the soma, or into the apical compartment
    network::Compartment compartment = network::Compartment::apical;
    Matrix<T> target; // where the task says it: N × B, or 1 × B
    std::size_t target_frame = network::none;
    std::vector<Matrix<T>> past; // the signal by step, modulo their number; empty where nobody asks for it
    mutable task::Gathered<T>
        gathered; // of a term of the trial as a whole; a teacher adds the step at hand for a while
    std::vector<std::size_t> gathered_at; // the steps
    mutable Judge<T> judge;               // it draws a choice when it is first asked, be it by a teacher
    Matrix<T> loss;                       // 1 × B, of this step
    std::vector<double> losses;           // by trial, sum over the steps
    std::size_t judged = 0;               // steps
    std::vector<std::size_t> judged_of;   // steps, by trial: of an environment they end at different times
    Matrix<T> slope;                      // of this step, in a closed loop
    // dL/d(signal) of earlier steps, modulo their number. A teacher that is asked for its gradient adds to it.
    mutable std::vector<Matrix<T>> back;

    bool compares_itself() const { return words->target.kind == model::Target::Kind::itself; }
    std::size_t reach() const { return compares_itself() ? 1 : lag; } // into the past
    const Matrix<T> &before(std::size_t step, std::size_t ago) const { return past[(step - ago) % past.size()]; }
  };
  bool delivers(const Term &term, std::size_t region, network::Compartment compartment) const {
    return term.into_currents && term.delivered != T(0) && term.words->region == region &&
           term.compartment == compartment;
  }
  struct Seen { // what a term compares in a step
    const Matrix<T> *signal, *target;
  };

  bool is_known(const Term &term, std::size_t step) const { return step >= term.reach(); }
  bool judged_at(const Term &term, std::size_t step) const;
  void judge_so_far(Term &term, std::size_t step) const;
  bool runs_in(std::size_t trial, std::size_t step) const { return !loop_ || loop_->runs_in(trial, step); }
  void take_target(Term &term, std::size_t step) const;
  void add_slope(Term &term, std::size_t step, const Matrix<T> &slope, Matrix<T> &to) const;
  Seen seen(const Term &term, std::size_t step, const network::Signals<T> &signals) const;
  [[noreturn]] void fail(const Term &term, std::size_t trial) const;

  const Setup<T> &setup_;
  const Batch &batch_;
  bool modulated_;
  const ClosedLoop<T> *loop_;
  std::vector<Term> terms_;
  std::size_t step_ = 0; // that is shown
  bool teaches_ = false;
  const Matrix<T> *clamp_ = nullptr;
};

} // namespace engram::simulation
