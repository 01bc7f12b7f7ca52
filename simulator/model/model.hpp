// A Model holds, as plain structs, what the JSON file of a circuit says. It knows nothing of running.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace engram::model {

/// A number that may differ from neuron to neuron or from synapse to synapse.
/// JSON: `3.0` · `[1, 2, 3]` · `{"normal": {"mean": 0, "sd": 1}}` · `{"uniform": {"low": 0, "high": 1}}`. A normal one
/// may have a "minimum": what falls below it is drawn again.
struct Quantity {
  enum class Kind { constant, values, normal, uniform };
  Kind kind = Kind::constant;
  double a = 0;                                              ///< the constant, the mean, or the low end
  double b = 0;                                              ///< the standard deviation, or the high end
  std::vector<double> values;                                ///< Kind::values, one for each neuron
  double minimum = -std::numeric_limits<double>::infinity(); ///< Kind::normal: what falls below it is drawn again
  static Quantity of(double value) { return {Kind::constant, value, 0, {}}; }
};

/// A `type` with its parameters, as the vocabulary lists them. Every parameter of the type is present:
/// those that the file omits hold their defaults. A choice among words is stored as the word's index.
struct Typed {
  std::string type;
  std::map<std::string, Quantity> parameters;
  std::string file; ///< path of a parameter that is a file, resolved against the model file's folder; "" when not given
  const Quantity &at(const std::string &name) const { return parameters.at(name); }
  /// The value of a parameter that is the same for all (the schema lets no other through).
  double number(const std::string &name) const { return parameters.at(name).a; }
};

/// The effect of the spikes that reach a neuron. Projections target it by its name: `E.ampa`.
struct Receptor {
  std::string name;
  Typed kinetics; ///< "exponential", "conductance_alpha", …
  /// Does a spike open a conductance, which is never negative? (Else it adds a current, or moves the potential.)
  bool conductance = false;
  bool is_conductance() const { return conductance; }
};

/// Spikes that are given, in ms from the beginning of a trial.
struct SpikeTimes {
  std::string file;                       ///< resolved path; "" when inline
  std::string key;                        ///< table of units (NWB) or array within the file
  std::vector<std::vector<double>> times; ///< inline: by neuron
};

/// What the rates of a region are.
enum class Rates {
  general,      ///< some function of the potentials
  potentials,   ///< the potentials themselves
  probabilities ///< at least 0, with the sum 1 over the neurons of a trial
};

struct OwnDynamics; // vocabulary.hpp

struct Region {
  std::string name;
  std::size_t size = 0;                   ///< N neurons
  Typed dynamics;                         ///< how its neurons move
  std::shared_ptr<const OwnDynamics> own; ///< of dynamics that the file writes out for this region; null: of others
  Typed activation;                       ///< φ; type "" where the dynamics has none
  Rates rates = Rates::general;           ///< as the activation's words say
  Quantity bias;                          ///< b, the weight of a synapse from a neuron that always has rate 1
  std::vector<std::string> bias_rules;    ///< names in Model::rules by which the bias learns
  Typed integrator;                       ///< that moves its states; type "" where nothing is integrated
  Typed noise;                            ///< "none", "gaussian", "ornstein_uhlenbeck", …
  std::optional<Quantity> initial;        ///< state at the start of each trial; absent: what the dynamics begins with
  bool feedforward = false;               ///< each trial begins at the steady state of a feedforward sweep instead
  std::vector<Receptor> receptors;        ///< of spiking regions
  std::optional<SpikeTimes> spikes;       ///< of a spike_source
  std::string pointer;                    ///< JSON pointer, for messages
};

/// One end of a projection: `V1.apical`.
struct End {
  std::size_t region = 0; ///< index in Model::regions
  std::string port;       ///< of the source: a signal ("rate", "error", …); of the target: a compartment
                          ///< ("soma", "apical") or a receptor
};

struct Weights {
  enum class Kind {
    gain,         ///< normal with s.d. a / sqrt(number of synapses onto the neuron)
    normal,       ///< normal with mean a, s.d. b
    uniform,      ///< uniform between a and b
    constant,     ///< a
    values,       ///< N_post × N_pre, row by row (one row for each postsynaptic neuron)
    file,         ///< an array file holding N_post × N_pre
    transpose_of, ///< a Wᵀ of another projection, at every moment
    sign_of,      ///< own magnitudes (normal with gain a), sign of Wᵀ of another projection, at every moment
    copy_of,      ///< begins as a W of another projection, and goes its own way
    listed        ///< a times the third column of the file that lists the pairs
  };
  Kind kind = Kind::gain;
  double a = 1, b = 0;
  std::vector<double> values; ///< row by row
  std::string file;           ///< path, resolved against the model file's folder
  std::string key;            ///< array within the file (npz)
  std::size_t other = 0;      ///< index in Model::projections
};

struct Constraints {
  enum class Sign { free, excitatory, inhibitory, keep };
  Sign sign = Sign::free; ///< Dale's law: weights ≥ 0, ≤ 0, or each keeps the sign it began with
  std::optional<double> minimum, maximum;
  std::optional<double> norm; ///< L2 norm of the weights onto each postsynaptic neuron, held fixed
  bool mask = false;          ///< synapses whose initial weight is 0 stay 0
};

struct Projection {
  std::string name; ///< "retina->V1", "decision.error->V1.apical"; given, or made from the two ends
  End from, to;
  Typed connect; ///< "dense", "one_to_one", …
  Weights weights;
  double delay = 0; ///< ms; 0: the signal of this step feeds the current of this step
  /// Of synapses that carry spikes: ms from the soma to the synapse, and from the synapse to the soma it acts on.
  Quantity axonal, dendritic;
  Typed short_term;               ///< "none", "tsodyks_markram", …
  std::vector<std::string> rules; ///< names in Model::rules by which it learns
  Constraints constraints;
  std::string pointer;
};

/// A modulator that a rule reads, and the signal that it stands for.
struct Modulator {
  std::string name;  ///< as the rule calls it
  std::string given; ///< "loss", "reward", "reward_prediction_error" of the objective; "": of a region
  End from;          ///< the signal whose mean over the region's neurons it is
  /// Of the objective: the number of the term that it is of; absent: of the sum.
  std::optional<std::size_t> term{};
};

/// A plugin with its parameters, and what is done with the change that it returns.
struct Rule {
  std::string name;   ///< as projections call it
  std::string plugin; ///< name of an installed rule, or a path to an .so
  double rate = 0.01;
  std::map<std::string, double> parameters; ///< all of the plugin's, defaults filled in
  std::vector<Modulator> modulators;        ///< those that the file says; others are the objective's by name
  Typed optimizer;                          ///< "plain", "adam", …
  Typed schedule;                           ///< of the rate over epochs: "constant", "linear", …
  double weight_decay = 0;                  ///< w -= rate * weight_decay * w at each update
  std::optional<double> clip_norm;          ///< the most that the L2 norm of its change may be, over all projections
  std::optional<double> clip_value;         ///< the most that the change of one weight may be, up or down
  enum class Apply { trial, step };
  Apply apply = Apply::trial; ///< when the weights move: after each batch of trials, or at each step
  std::string pointer;
};

/// What the signal of a term of the objective is compared with.
struct Target {
  enum class Kind {
    none,       ///< nothing: the signal itself is judged
    task,       ///< the task's targets, or 1 at its label and 0 elsewhere; `array`: "labels" where these are meant
    array,      ///< another array of the task's stimuli
    signal,     ///< a signal of a region in the same step
    classes,    ///< the labels as numbers
    itself,     ///< the same signal, a step before
    environment ///< what the environment of the task gives
  };
  Kind kind = Kind::task;
  std::string array; ///< its name; of an environment that of its channel
  End from;          ///< the region and its signal
};

/// A term of the objective, which is the sum of its terms.
struct Objective {
  std::string type; ///< "" for none; "mse", "cross_entropy", …
  std::map<std::string, Quantity> parameters;
  std::size_t region = 0;
  std::string signal = "rate"; ///< of the region, which is judged
  Target target;
  std::string name;  ///< "mse" unless given
  double weight = 1; ///< by which it enters the sum
  std::vector<std::string>
      phases;       ///< of the trial, in which it is judged and delivered; empty: those with an objective
  double delay = 0; ///< ms: the signal of so long ago is compared with the target of now
  enum class Delivery {
    vector,   ///< −∂L/∂r into the region's apical compartment
    scalar,   ///< a number for each trial
    clamp,    ///< the region is held at its target
    nudge,    ///< −∂L/∂r into the region's soma
    attention ///< 1 into the apical compartment of the neuron that was chosen, 0 into the others
  };
  Delivery delivery = Delivery::vector;
  double strength = 1; ///< multiplies what is delivered
  /// The expectation that a reward is compared with, for the modulator reward_prediction_error.
  enum class Prediction {
    mean,        ///< a running mean of the reward over batches
    trial,       ///< a running mean of the reward of the same trial
    phase,       ///< the reward of the same trial in the phase before
    value,       ///< the rate of the neuron that was chosen
    probability, ///< the probability with which it was chosen
  };
  Prediction prediction = Prediction::mean;
  std::string pointer = "/objective"; ///< JSON pointer, for messages
};

/// An array that the task needs: written in the file, or in a file of its own.
struct ArraySource {
  std::string file;                  ///< resolved path; "" when inline
  std::string key;                   ///< array within the file (npz), or column names (csv): "label", "0:64"
  std::size_t height = 0, width = 0; ///< of the grid on which pictures are shown as luminance; 0: no pictures
  std::vector<std::size_t> shape;    ///< of inline values
  std::vector<double> values;        ///< inline, row by row: one row for each trial
  std::vector<std::string> words;    ///< inline, in the place of numbers: one for each trial
};

/// Arrays that follow from the labels of the stimuli: task::gather says what they hold.
inline constexpr std::array<const char *, 4> label_arrays{"targets", "wrong_targets", "likely_wrong_targets",
                                                          "even_targets"};
inline bool follows_from_labels(const std::string &array) {
  return std::find(label_arrays.begin(), label_arrays.end(), array) != label_arrays.end();
}

struct Stimuli {
  std::string dataset;                       ///< "digits", "mnist", or ""
  std::map<std::string, ArraySource> arrays; ///< by name: "inputs", "targets", "labels", or the user's own
  double scale = 1;                          ///< inputs are multiplied by it
};

struct Phase {
  std::string name;
  double duration = 0; ///< ms
  struct Shown {
    std::size_t region; ///< an input region
    std::string array;  ///< "inputs" unless named
  };
  std::vector<Shown> stimuli;
  double objective = 0; ///< strength with which the objective is delivered; 0: not at all
  bool noise = true;    ///< is noise injected into neurons, and are synapses perturbed?
  bool plastic = false;
  std::vector<std::string> plastic_rules; ///< names of the rules that may change weights; empty: all
};

/// How many trials a part takes that is not learned from.
struct Part {
  std::size_t count = 0; ///< trials, or groups of trials, drawn by the seed
  double fraction = 0;   ///< or this share of them
  bool dataset = false;  ///< or the data set's own test part, if it has one
  bool is_drawn() const { return count > 0 || fraction > 0; }
};

/// How trials are divided into those for learning, those that are held out, and those of the test.
struct Split {
  enum class Kind {
    random,     ///< any trials
    stratified, ///< of each class the same share
    grouped,    ///< whole groups: none is in two parts
    given       ///< trial by trial
  };
  Kind kind = Kind::random;
  ArraySource array; ///< groups, or parts; of the others empty
};

/// A mean over the held-out trials, as the learning curve has it.
enum class HeldOutValue { loss, accuracy, reward };

/// Learning ends where held-out trials do not get better.
struct EarlyStop {
  HeldOutValue value = HeldOutValue::loss;
  std::size_t patience = 1; ///< epochs without a better value, after which it ends
  double min_change = 0;    ///< by more than this a value must be better
};

/// What the circuit acts on, and what answers: a closed loop.
struct Environment {
  Typed kind;             ///< "two_armed_bandit", …; type "" for none
  std::size_t trials = 0; ///< in an epoch
  /// By channel of the environment's words, in their order; absent where the file joins it to nothing.
  std::vector<std::optional<End>> sees;          ///< the signal that is the action
  std::vector<std::optional<std::size_t>> shows; ///< the input region that it shows a stimulus to
  /// The expectation that the reward is compared with, for the modulator reward_prediction_error.
  enum class Prediction {
    mean, ///< a running mean of the reward of a trial, from 0
    value ///< what the environment saw of the neuron that was chosen, when it was
  };
  Prediction prediction = Prediction::mean;
  bool given() const { return !kind.type.empty(); }
};

struct Task {
  Stimuli stimuli;
  Environment environment;
  std::size_t batch = 1, epochs = 1;
  bool shuffle = true;
  std::vector<Phase> trial;
  Part held_out{.dataset = true}; ///< trials that are tested as learning goes on
  Part test;                      ///< trials that are run once, when all is learned
  Split split;
  enum class Evaluate { epoch, end, never };
  Evaluate evaluate = Evaluate::epoch; ///< when the held-out trials are run
  std::optional<EarlyStop> stop;
  std::optional<HeldOutValue> keep_best; ///< the weights of the epoch with the best value are kept; absent: the last
};

/// A state of the neurons of a region. `at`: its place among those of their dynamics.
struct RecordedState {
  std::string name, unit;
  std::size_t at = 0;
};

/// The epochs after which something is kept.
struct ChosenEpochs {
  std::vector<std::size_t> list; ///< these, in ascending order
  std::size_t every = 0;         ///< else each k-th; 0: those of the list alone
  bool given() const { return every > 0 || !list.empty(); }
  bool hold(std::size_t epoch) const {
    return every > 0 ? epoch % every == 0 : std::binary_search(list.begin(), list.end(), epoch);
  }
};

struct Recorded {
  std::size_t region = 0;
  std::vector<std::string> signals;
  std::vector<RecordedState> states;
  enum class Which { automatic, training, held_out, test, all };
  Which which = Which::automatic;   ///< held-out trials of the end if there are any, else training
  std::vector<std::size_t> trials;  ///< only these (indices into the data), when not empty
  std::size_t every = 1;            ///< each k-th step
  double from = 0, to = -1;         ///< ms within the trial; to < 0: to its end
  ChosenEpochs epochs;              ///< from 1; not given: the last, and the last test
  std::vector<std::size_t> neurons; ///< only these, when not empty
};

/// Weights of a projection, which are kept as it learns.
struct RecordedWeights {
  std::string projection; ///< its name; of a bias "REGION.bias"
  ChosenEpochs epochs;    ///< 0: before the first
  enum class What { all, statistics, synapses };
  What what = What::all;
  std::vector<std::pair<std::size_t, std::size_t>> synapses; ///< postsynaptic, presynaptic neuron
  std::vector<double> quantiles;                             ///< of the statistics, in [0, 1]
  std::string pointer;
};

struct Time {
  double step = 1;               ///< ms
  Typed integrator;              ///< of the rate regions: "euler", "modified_midpoint", "runge_kutta4", …
  bool integrator_given = false; ///< by the file: then it moves spiking regions too
};

/// Who runs the model and where: what the run file tells of a session. "" and empty: not said.
struct Session {
  std::vector<std::string> experimenters, keywords, publications;
  std::string institution, lab;
};

struct Model {
  std::string file; ///< path that was loaded
  std::string name, description;
  std::uint64_t seed = 1;
  bool single = false; ///< "precision": "single"
  Time time;
  std::vector<Region> regions;
  std::vector<Projection> projections;
  Objective objective;                  ///< its first term, by which choices are counted
  std::vector<Objective> further_terms; ///< those after it
  std::vector<Rule> rules;
  Task task;
  std::string initial_run; ///< path of the run file whose weights it begins with; "": none
  std::vector<Recorded> record;
  std::vector<RecordedWeights> record_weights;
  Session session;
  std::string expanded; ///< the JSON that says all this again, with `extends`, `--set` and `feedback` written out
  std::vector<std::string> warnings; ///< what may not be meant, a line each: "file:line: /pointer: warning: …"
};

/// The terms of the objective; none where there is no objective.
inline std::vector<const Objective *> terms_of(const Model &model) {
  std::vector<const Objective *> out;
  if (model.objective.type.empty()) return out;
  out.push_back(&model.objective);
  for (const auto &term : model.further_terms) out.push_back(&term);
  return out;
}

} // namespace engram::model
