// Plasticity applies rules to a network: it gathers what factored and synaptic rules are handed, calls them, sums the
// changes of all, and moves the weights. simulation/simulator.cpp calls a global rule.
#pragma once

#include "learning/call.hpp"
#include "learning/optimizer.hpp"
#include "learning/rule_inputs.hpp"
#include "network/history.hpp"
#include "network/network.hpp"

#include <engram/plugin.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace engram::learning {

/// Signals, or a matrix, that a product may read after the call that hands it over: it then shares in owning them, and
/// nobody writes into them while it does.
template <class T> using SharedSignals = std::shared_ptr<const network::Signals<T>>;
template <class T> using SharedMatrix = std::shared_ptr<const Matrix<T>>;

template <class T> class Plasticity {
public:
  /// `rules`: the plugin of each of model.rules. Errors: RuleFailure for a plugin without this precision.
  Plasticity(const model::Model &model, network::Network<T> &network, std::vector<const engram_rule *> rules,
             int threads);
  Plasticity(const Plasticity &) = delete;
  Plasticity &operator=(const Plasticity &) = delete;

  bool empty() const { return attached_.empty() && sparse_.empty(); }
  bool moves_each_step() const { return each_step_; }
  /// The global rule of the circuit, with its parameters; null when there is none.
  const engram_rule *global() const { return global_; }
  const std::vector<double> &global_parameters() const { return global_parameters_; }

  /// The epoch, from 0, whose rates hold from now on.
  void begin_epoch(std::size_t epoch);
  /// Begins a batch of B trials. Products of the batch before that still wait are formed.
  void begin(std::size_t trials);
  /// For rules that perturb weights: adds the perturbation that is drawn for `draw`, or takes it away.
  void perturb(bool on, std::uint64_t draw);
  /// Calls the local rules that are due. Products of the last step of a trial wait until the weights move, so that they
  /// can go straight into them, and share `signals` meanwhile. Those of other steps are formed in the call.
  void call(const Moment &moment, const SharedSignals<T> &signals, const network::History<T> &history,
            const Modulators<T> &modulators) {
    call(moment, signals, history, modulators, {0, trials_}, moment.end_of_trial);
  }
  /// The same for some trials alone, as where the others have ended. `last`: nothing is called after this in the batch.
  void call(const Moment &moment, const SharedSignals<T> &signals, const network::History<T> &history,
            const Modulators<T> &modulators, TrialRange trials, bool last);
  /// For a global rule: change of `projection` (a place in Network::dense) += scale · dcurrent · signalᵀ, summed over
  /// trials. `signal` may be empty for a bias. Errors: RuleFailure where dcurrent is not finite.
  void add_product(std::size_t projection, T scale, const Matrix<T> &dcurrent, const Matrix<T> &signal);
  /// The same for the last product of a trial. It waits until the weights move, and shares both matrices meanwhile.
  /// `signal` may be null for a bias.
  void add_last_product(std::size_t projection, T scale, SharedMatrix<T> dcurrent, SharedMatrix<T> signal);
  /// For a global rule, of a projection in Network::sparse: its change by synapse, to be added to; null when it does
  /// not learn by it.
  T *change_of_synapses(std::size_t projection);
  /// Is a projection in Network::dense, or one in Network::sparse, attached to the global rule?
  bool is_global(std::size_t projection) const;
  bool is_global_sparse(std::size_t projection) const;
  /// Moves the weights of the rules that are applied `when` by the mean of their changes over trials and calls, then
  /// constraints, then begins anew.
  void apply(model::Rule::Apply when);
  /// The change of all batches so far (mean over trials and steps, sum over its rules) of the projection with this
  /// index: N_post × N_pre, or a column by synapse of a sparse one. For measuring rules: what clips, an optimizer and
  /// constraints make of it is left out.
  Matrix<T> change(std::size_t index);
  /// Forgets the changes.
  void discard();
  /// Errors: RuleFailure where a state of a rule is not finite.
  void check_states() const;
  /// The states that rules keep from batch to batch, one after another: those that are shared among trials.
  std::vector<Matrix<T>> shared_states() const;
  void set_shared_states(const std::vector<Matrix<T>> &states);
  /// The same states, with the memory of optimizers. Valid as long as this is.
  std::vector<Kept> kept();

private:
  struct State { // of a rule, for one projection
    const engram_state *declaration = nullptr;
    Matrix<T> values; // one side: N × B or N × 1; synapse: N_post × N_pre (· B side by side)
  };
  struct Waiting { // products that have not been formed yet
    T scale = 1;
    std::vector<std::shared_ptr<const T>> post, pre; // N × B; each shares what it is part of, unless that is Attached's
  };
  struct Attached {
    explicit Attached(const engram_rule &plugin) : rule(&plugin), order(plugin) {}
    std::string name;                           // of the projection
    std::size_t projection = 0, rule_index = 0; // in Network::dense or sparse; in Model::rules
    const engram_rule *rule = nullptr;
    const engram_callbacks *callbacks = nullptr;
    TableOrder order;
    std::vector<double> parameters;
    std::vector<std::size_t> signals;                 // by entry of the table: index of network::Signal
    std::vector<Matrix<T>> pre_factors, post_factors; // K of N × B
    Matrix<T> pre_gain, post_gain;                    // N × 1, sums over calls
    Matrix<T> pre_gain_now, post_gain_now;            // N × 1, of one call
    std::vector<State> states;                        // by entry of the table
    Matrix<T> change;                                 // N_post × N_pre (or synapses × 1), sum over trials and calls
    Matrix<T> perturbation, clean; // N_post × N_pre: what was added to the weights, and what they were before
    bool perturbed = false;
    Matrix<T> unused; // what a synaptic rule adds where it must not
    bool changed = false, gained = false;
    Waiting waiting;
    std::vector<std::string> failures; // by tile of a synaptic rule, empty where all went well
    // What the mean change divides by: trials that changed something. A rule that is called in each step counts a trial
    // once for each call. Any other counts it once, as its calls in a trial are parts of one change.
    std::size_t times = 0;
    std::vector<bool> counted; // by trial of the batch: is it in `times`? Of a rule that counts each trial once.
    Optimizer<T> optimizer;    // its rate is that of this epoch
    bool gathered = false;     // is `change` the whole change of its weights?
    T shrinks = 1;             // by which clip_norm multiplies it
    bool each_step = false;
  };

  Attached attachable(const network::Projection &p, std::size_t place, std::size_t which, const engram_rule &rule);
  bool learns_back(const Attached &a);
  void learn_by_factors(Attached &a, const engram_moment_info &now, const NeuronLists &pre, const NeuronLists &post,
                        const SharedSignals<T> &signals, TrialRange trials, bool last);
  void learn_by_tiles(Attached &a, const engram_moment_info &now, const NeuronLists &pre, const NeuronLists &post,
                      TrialRange trials);
  Attached *next_product(std::size_t projection, const Matrix<T> &dcurrent);
  void add_to_change(Attached &a, T scale, const T *post, const T *pre, std::size_t trials);
  void settle();
  void settle(Attached &a);
  void begin(State &state, const Attached &a, std::size_t trials);
  std::pair<std::size_t, std::size_t> shape_of(const State &state, const Attached &a, std::size_t trials) const;
  void count(Attached &a, TrialRange trials);
  void forget(Attached &a);
  void gather(Attached &a);
  void clip_norms(model::Rule::Apply when);
  T clip(Attached &a);
  void add_gains(const Attached &a, T scale, const Matrix<T> &w, Matrix<T> &out) const;
  void apply(Attached &a);
  void apply_sparse(Attached &a);
  T *state_of(Attached &a, std::size_t k, std::size_t trial) const;
  [[noreturn]] void fail(const Attached &a, const std::string &what) const;

  const model::Model &model_;
  network::Network<T> &network_;
  std::vector<Attached> attached_;          // to dense projections
  std::vector<Attached> sparse_;            // global rules, to sparse projections
  std::vector<std::size_t> globals_;        // by dense projection: the global rule's index in attached_, or none
  std::vector<std::size_t> sparse_globals_; // by sparse projection: the same in sparse_
  std::uint64_t seed_ = 0;
  const engram_rule *global_ = nullptr;
  std::vector<double> global_parameters_;
  Matrix<T> ones_; // 1 × B: the rate of the neuron behind every bias
  std::size_t trials_ = 0;
  int threads_ = 1;
  bool each_step_ = false;
};

} // namespace engram::learning
