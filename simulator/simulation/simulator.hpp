// A Simulator runs the time loop over one batch of trials, and the gradient through it.
#pragma once

#include "dynamics/circuit.hpp"
#include "dynamics/stepper.hpp"
#include "learning/spike_plasticity.hpp"
#include "network/history.hpp"
#include "objective/objective.hpp"
#include "protocol/schedule.hpp"
#include "protocol/trials.hpp"
#include "simulation/failure.hpp"
#include "simulation/judge.hpp"
#include "simulation/noise.hpp"
#include "simulation/spikes.hpp"

#include <atomic>
#include <functional>
#include <optional>
#include <utility>

namespace engram::simulation {

template <class T> using Matrix = numeric::Matrix<T>;
template <class T> using Vector = numeric::Vector<T>;

/// B trials that are simulated at once.
struct Batch {
  std::vector<std::size_t> rows; ///< of the task's trials
  std::size_t epoch = 0;
  bool learn = false; ///< rules are called and the objective is delivered
};

/// Where the simulation of a batch is: before `step` of `steps`, with `trials` side by side.
struct Position {
  std::size_t step = 0, steps = 0, trials = 0;
};

/// How whoever runs a simulation follows it from within a trial, and ends it.
struct Watch {
  const std::atomic<bool> *stop = nullptr;    ///< once it is true, a batch ends before its next step
  std::function<void(const Position &)> step; ///< called before each step; may be empty
};

/// The result of a batch.
struct Outcome {
  std::vector<double> losses;        ///< by trial, mean over the objective's steps; empty without an objective
  std::vector<std::int64_t> choices; ///< chosen, else of highest rate, when last judged; -1: none
  std::size_t correct = 0;           ///< choices that are the label
  std::size_t steps = 0;             ///< that were simulated
  bool interrupted = false;          ///< ended by Watch::stop; nothing was learned that comes at the end of a trial
};

/// Sees each step of a batch after its signals are known.
template <class T> class Observer {
public:
  virtual ~Observer() = default;
  virtual void begin(const Batch &) {}
  virtual void step(std::size_t step, const network::Signals<T> &signals) = 0;
  virtual void end(const Batch &, const Outcome &) {}
};

/// Adds −strength · ∂L/∂r to the apical compartment or the soma of the objective's region.
template <class T> struct ObjectiveTeacher final : dynamics::Teacher<T> {
  objective::Objective objective;
  const Matrix<T> *target = nullptr;
  T strength = 1;
  void add(const Matrix<T> &rate, Matrix<T> &apical) const override {
    objective::add_gradient(objective, rate, *target, -strength, apical);
  }
  void add_vjp(const Matrix<T> &rate, const Matrix<T> &dapical, Matrix<T> &drate) const override {
    objective::add_hessian_product(objective, rate, *target, dapical, -strength, drate);
  }
};

/// Adds the strength to the apical compartment of the neuron that is chosen.
template <class T> struct AttentionTeacher final : dynamics::Teacher<T> {
  Judge<T> *judge = nullptr;
  T strength = 1;
  void add(const Matrix<T> &rate, Matrix<T> &apical) const override {
    const auto &choice = judge->choose(rate);
    for (std::size_t b = 0; b < apical.n_cols; ++b) apical(choice.neuron[b], b) += strength;
  }
  void add_vjp(const Matrix<T> &, const Matrix<T> &, Matrix<T> &) const override {} // a choice has no slope
};

template <class T> class Simulator {
public:
  /// `rules`: the plugin of each of model.rules. `recorded`: signals that an observer reads, by region; may be empty.
  /// `entries`: the dynamics that the model may name. The model, the network, the trials, the plugins and the entries
  /// must outlive the simulator. Errors: numeric::WrongProduct, when the BLAS of this machine computes wrong.
  Simulator(const model::Model &model, network::Network<T> &network, const protocol::Trials &trials,
            const std::vector<const engram_rule *> &rules, std::vector<dynamics::Wanted> recorded, int threads,
            const dynamics::DynamicsEntries &entries = dynamics::dynamics_entries());
  Simulator(const Simulator &) = delete;
  Simulator &operator=(const Simulator &) = delete;

  /// The flag that it points to must outlive the simulator.
  void watch(Watch watch) { watch_ = std::move(watch); }
  /// For who reads the weights in the midst of a batch: takes back what a rule added to them for a phase.
  void take_back() { plasticity_.perturb(false, 0); }
  /// Simulates the trials; with batch.learn, moves the weights. Denormals count as zero within, on all its threads and
  /// in plugins; the caller's own mode is restored. Errors: RunFailure, learning::RuleFailure.
  Outcome run(const Batch &batch, Observer<T> *observer = nullptr);
  /// Simulates and calls the rules, but leaves the weights as they are: read change(), then discard(). Rules that are
  /// called at spikes see one trial after the other.
  Outcome measure(const Batch &batch);
  /// The change that the rules of the projection with this index want since discard(): mean over trials (and steps),
  /// sum over its rules. N_post × N_pre, or one for each synapse of a sparse one.
  Matrix<T> change(std::size_t projection);
  void discard();

  /// The memory that stays from batch to batch beside the weights: states of rules, expectations of reward. Empty at
  /// first.
  struct Memory {
    std::vector<Matrix<T>> rules;
    std::vector<std::vector<T>> spike_rules;
    Judge<T> judge;
  };
  Memory remember() const { return {plasticity_.shared_states(), spike_plasticity_.shared_states(), judge_}; }
  void recall(const Memory &memory) {
    plasticity_.set_shared_states(memory.rules);
    spike_plasticity_.set_shared_states(memory.spike_rules);
    judge_ = memory.judge;
  }

  /// Errors: RunFailure where weights that learn are not finite.
  void check_weights(std::size_t epoch) const;

  learning::Plasticity<T> &plasticity() { return plasticity_; }
  const protocol::Schedule &schedule() const { return schedule_; }

private:
  // The time loop.
  bool is_stopped() const { return watch_.stop && watch_.stop->load(std::memory_order_relaxed); }
  Outcome simulate(const Batch &batch, Observer<T> *observer);
  void begin(const Batch &batch);
  void present(std::size_t step);
  void evaluate(std::size_t step);
  void judge(std::size_t step);
  void learn(std::size_t step);
  void move(std::size_t step);
  void refuse_fast(std::size_t step) const;
  Outcome finish();

  // Nothing passes that is not finite: watch() throws RunFailure. `observed`: recorded signals are looked at too.
  void begin_watch();
  void watch(std::size_t step, bool observed);
  std::optional<Astray> astray_state();
  std::optional<Astray> astray_signal() const;
  std::string time_of(std::size_t step, std::size_t column, bool exact) const;
  [[noreturn]] void fail_at(std::size_t step, const Astray &found) const;
  [[noreturn]] void fail_step(std::size_t step, const Astray &where, const std::string &why) const;
  Astray place_of(std::size_t element) const; ///< of the state vector

  void keep_likely(std::size_t phase);
  void show(const protocol::PhaseSteps &phase, std::size_t step);
  bool moves(const protocol::PhaseSteps &phase) const;
  void target_at(std::size_t step);
  protocol::Moment moment(std::size_t step) const;
  std::uint64_t draw_of(std::size_t b) const;
  void hold_inputs(const protocol::PhaseSteps &phase);
  void begin_state();
  void hold_nothing();
  void sweep();
  void make_noise(std::size_t step);
  void arrive(std::size_t step);
  bool judged_at(std::size_t step) const;

  // The gradient, driven by a global rule. kept_ has the states of steps 0, every, 2 every, …; replayed_ those of a
  // stretch in between.
  struct Kept {
    Vector<T> state;
    std::vector<Matrix<T>> noise;
  };
  void call_global();
  void end_when_stopped();
  void keep(std::size_t step);
  const Kept *kept(std::size_t step) const;
  void replay(std::size_t first, std::size_t last);
  void pull_back(std::size_t step);
  void pull_back_substep(const Vector<T> &start, T h, bool first, std::size_t step);
  void pull_back_stage(std::size_t step, bool first, const Vector<T> &state, const network::Signals<T> &signals,
                       const Vector<T> *ddu, Vector<T> &dstate);
  void pull_back_delays(std::size_t step);
  void pull_back_sweep();
  void sink(std::size_t projection, const Matrix<T> &dcurrent, const Matrix<T> &signal);

  const model::Model &model_;
  network::Network<T> &network_;
  const protocol::Trials &trials_;
  protocol::Schedule schedule_;
  learning::Plasticity<T> plasticity_;
  learning::SpikePlasticity<T> spike_plasticity_;
  dynamics::Circuit<T> circuit_;
  std::unique_ptr<Spikes<T>> spikes_; // null without spiking regions
  std::unique_ptr<dynamics::Stepper<T>> stepper_;
  dynamics::Tableau tableau_;
  objective::Objective objective_;
  bool has_objective_ = false;
  std::vector<dynamics::Wanted> recorded_; // by region: what an observer reads
  int threads_ = 1;
  Watch watch_;

  // Of the batch at hand.
  Batch batch_;
  std::size_t batch_size_ = 0;
  Vector<T> state_, derivative_;            // all regions with a state, one after another
  network::Signals<T> signals_;             // of the step
  std::vector<network::Signals<T>> stages_; // of the stages of the stepper
  network::History<T> history_;
  dynamics::Held<T> held_;
  ObjectiveTeacher<T> teacher_;
  AttentionTeacher<T> attention_;
  Judge<T> judge_;
  std::vector<std::uint64_t> draws_; // by trial: a number for what is random in it
  std::size_t target_frame_ = network::none;
  std::vector<Vector<T>> initial_; // by region, N
  std::vector<Noise<T>> noise_;    // by region
  std::vector<bool> moving_;       // by phase: does what is shown change within it?
  std::vector<T> pieces_;          // of the step, in which the stepper took it
  Matrix<T> target_;               // N_output × B
  std::vector<Matrix<T>> likely_;  // by phase: rates of the output as it began, N_output × B; empty where unused
  Matrix<T> step_loss_;            // 1 × B
  learning::Modulators<T> modulators_;
  std::size_t shown_phase_ = network::none, evaluated_ = network::none;
  Outcome outcome_;
  std::size_t judged_ = 0;
  std::size_t watch_every_ = 1; // steps

  // Of the gradient.
  bool tracking_ = false, replaying_ = false;
  std::size_t every_ = 1, replayed_from_ = 0;
  std::vector<Kept> kept_, replayed_;
  std::vector<std::vector<T>> substeps_; // by step
  network::Signals<T> dsignals_;
  Vector<T> dstate_; // dL/d(state after the step at hand)
  std::vector<std::array<Matrix<T>, 2>> ddelayed_;
  std::map<std::pair<std::size_t, network::Signal>, std::vector<Matrix<T>>> dhistory_; // by step, for delayed signals
  std::vector<Vector<T>> stage_state_, stage_slope_, stage_back_;
  std::vector<Vector<T>> piece_starts_; // states between the pieces of a step
  std::vector<Vector<T>> swept_states_; // before each round of the sweep
  Vector<T> kappa_;                     // dL/d(derivative) of a stage
};

} // namespace engram::simulation
