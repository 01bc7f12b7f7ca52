// A Vocabulary holds the words that a model file may use. The registered dynamics, objectives, connection patterns and
// plugins fill it; the schema, the checks and the listings are made from it.
#pragma once

#include "model/model.hpp"

#include <nlohmann/json_fwd.hpp>

#include <limits>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace engram::input {
class Problems;
}

namespace engram::model {

/// A number (or a word) that the user may set.
struct Parameter {
  std::string name, unit, help;
  double initial = 0;
  double minimum = -std::numeric_limits<double>::infinity(); ///< inclusive
  double maximum = std::numeric_limits<double>::infinity();  ///< inclusive
  bool above_minimum = false;                                ///< minimum is exclusive (τ > 0)
  bool per_neuron = false;                                   ///< may be an array or a distribution
  bool integer = false;
  std::vector<std::string> choices; ///< words instead of a number
  bool file = false;                ///< a path instead of a number; it must be given
  bool in_steps = false;            ///< a time (ms) that is counted in steps, and so must be a multiple of the step
  double most_per_step = 0;         ///< of a rate (Hz): events of one neuron that a step can hold; 0: any number
};

/// A signal that a region of some dynamics offers, and the currents of the step that it needs.
struct Signal {
  std::string name, unit, help;
  bool needs_soma = false;   ///< needs the current into the soma in the same step
  bool needs_apical = false; ///< needs the current into the apical compartment in the same step
};

/// A state of a neuron. It is recorded by its name, unless a signal has that name.
struct State {
  std::string name, unit, help;
  double initial = 0;
  std::string from{}; ///< the parameter that it begins at; "": at `initial`
};

/// A parameter that one might expect, and why it is none.
struct NotOffered {
  std::string name, reason;
};

/// Two parameters of which the first must lie below the second.
struct Ordered {
  std::string lower, upper;
  std::string unless{}; ///< a choice by which this need not be, unless it is its first word; "": always
};

/// Need they not be in order, with these parameters? `unless` as in Ordered.
inline bool is_lifted(const std::string &unless, const Typed &parameters) {
  return !unless.empty() && parameters.number(unless) != 0;
}

struct Dynamics {
  std::string name, help, reference;
  std::vector<Parameter> parameters;
  bool activation = false; ///< takes an "activation"
  std::string default_activation;
  std::vector<Signal> signals;
  std::vector<std::string> compartments; ///< that projections may target; empty where nothing arrives
  bool state = false;                    ///< rate neurons with a differential equation, which a constant current leads
                                         ///< to a state that is known in closed form
  bool pooled_activation = false;        ///< its activation may depend on all neurons of the region
  bool spikes = false;                   ///< its neurons spike
  bool receptors = false;                ///< they take spikes, by receptors that the region names
  bool given_spikes = false;             ///< its spikes are given
  bool spike_slopes = false;             ///< its spikes follow from their input by a surrogate slope
  bool spike_times = false;              ///< the times of its spikes within a step follow from its input
  bool conductance_slopes = false;       ///< the gradient goes through its receptors that are conductances too
  bool linear = false;      ///< linear in its states: where no receptor is a conductance its steps are exact, those of
                            ///< neurons with a rate by exponential_euler
  std::string integrator{}; ///< that moves its states unless the model names one; "": nothing is integrated
  /// The fastest rate (1/ms) at which its states relax with these parameters. A step may be too long for it. null:
  /// unknown.
  double (*fastest)(const Typed &parameters) = nullptr;
  std::vector<State> states{};
  std::vector<NotOffered> not_offered{};
  std::vector<Ordered> ordered{};
  bool stimulus = false; ///< it shows what the phases of a trial present; nothing arrives at it
  std::string manual{};  ///< more lines of help

  // Of dynamics that a model file writes out region by region; null of others.
  /// The keys that it takes beside its parameters, as JSON Schemas by name.
  nlohmann::ordered_json (*keys)() = nullptr;
  std::vector<std::string> required{}; ///< those of `keys` that may not be left out
  /// What the file says of a region at `pointer`, which fits the schema. Null after problems were added.
  std::shared_ptr<const OwnDynamics> (*define)(const nlohmann::ordered_json &region, const std::string &pointer,
                                               input::Problems &problems) = nullptr;
};

/// Dynamics that a model file writes out. The words hold for one region.
struct OwnDynamics {
  Dynamics words;
  std::map<std::string, Quantity> parameters;  ///< all of words.parameters
  std::map<std::string, std::string> pointers; ///< where they stand, below "dynamics"; absent: in "dynamics" itself
  virtual ~OwnDynamics() = default;
};

/// What an environment and a circuit exchange: a signal that it sees of a region, or a stimulus that it shows to one.
struct Channel {
  std::string name, help;
  std::size_t fewest = 1, most = std::numeric_limits<std::size_t>::max(); ///< neurons
  bool optional = false;                                                  ///< it may be joined to no region
};

/// What an environment adds to the table of trials.
struct Column {
  enum class Kind { number, integer, truth };
  std::string name, help;
  Kind kind = Kind::number; ///< where nothing is known a number is NaN, an integer −1
};

/// What the signal of an objective is compared with.
enum class Compared {
  given,   ///< the task's targets or labels, or what "target" names
  array,   ///< the same, but no region's signal
  nothing, ///< the signal itself is judged
  signal,  ///< a region's signal, which "target" must name
  later,   ///< the same signal later ("delay"), or what "target" names
  classes, ///< the conditions of a batch of trials: labels as numbers
  before   ///< the same signal, a step before
};

/// An entry of any other kind. Entries name what they set (.is_default = true): the order of these is no promise.
struct Named {
  std::string name, help, reference;
  std::vector<Parameter> parameters;
  bool is_default = false;      ///< a model that names none of the list has this one
  bool is_none = false;         ///< of noise and of short-term plasticity: there is none
  bool pooled = false;          ///< an activation that depends on all neurons of the region
  Rates rates = Rates::general; ///< of an activation: what it makes of potentials
  double stable_to =
      std::numeric_limits<double>::infinity(); ///< of an integrator: step times rate at which it is stable
  bool adapts_step = false;                    ///< of an integrator: it chooses substeps by its error
  bool conductance = false;                    ///< of a receptor: a spike opens a conductance
  bool jump = false;                           ///< of a receptor: a spike moves the potential at once
  /// Of a pattern: adds what does not fit where it joins the two regions of a projection. null: nothing can be wrong.
  void (*check)(const Projection &projection, const Model &model, input::Problems &problems) = nullptr;
  /// Of a pattern: the fewest synapses that it makes. null: as many as the smaller region has neurons.
  double (*fewest_synapses)(const Typed &connect, double posts, double pres) = nullptr;
  bool lists_synapses = false; ///< of a pattern: its synapses stand in a file, and their weights may stand there too
  bool multapses = false;      ///< of a pattern: it may join two neurons by several synapses
  /// Of an objective: a neuron is chosen, and its target is the reward. Of an environment: one neuron of the first
  /// channel that it sees is chosen.
  bool chooses = false;
  Compared compared = Compared::given; ///< of an objective
  bool quadratic =
      false; ///< of an objective: a quadratic function of its signal, whose slope is that of a chord's middle
  /// Of an objective: with these parameters, is it of the trial as a whole, known at its end? null: it is not.
  bool (*of_trial)(const std::map<std::string, Quantity> &parameters) = nullptr;
  bool adds_change = false; ///< of an optimizer: it adds rate · change to the weights, and remembers nothing
  // Of an environment. Columns `choice` and `label` are those that every table of trials has.
  std::vector<Channel> sees{}, shows{};
  std::vector<Channel> targets{}; ///< what it gives to terms of the objective, that are taught by it
  std::vector<Column> columns{};
  /// Of an environment: ms that a trial needs until the outcome at the least, and what is wrong with the parameters
  /// beside their ranges ("": nothing). null: nothing is known, nothing can be wrong.
  double (*shortest)(const Typed &environment) = nullptr;
  std::string (*conflict)(const Typed &environment, double step_ms) = nullptr;
};

struct RuleSignal {
  bool post; ///< of the postsynaptic side
  std::string name;
};

/// The words of a model file for an objective's delivery and prediction, in the order of the values.
inline const std::vector<std::string> delivery_words{"vector", "scalar", "clamp", "nudge", "attention"};
inline const std::vector<std::string> prediction_words{"mean", "trial", "phase", "value", "probability"};
/// The same of an environment's prediction.
inline const std::vector<std::string> expectation_words{"mean", "value"};

/// A learning rule as its table describes it.
struct RuleInfo {
  enum class Form { factored, synaptic, global, spiking };
  enum class CalledAt { each_step, end_of_phase, end_of_trial };
  std::string name, file, summary, reference;
  Form form = Form::factored;
  CalledAt called_at = CalledAt::each_step; ///< not of spiking ones
  bool taught = false;                      ///< it needs an objective that is delivered so:
  Objective::Delivery delivery = Objective::Delivery::vector;
  bool local = false;
  bool spike_times = false;           ///< of a global one: its gradient goes through the times of spikes
  bool perturbs = false;              ///< it adds to the weights for the length of a phase
  bool single = true, double_ = true; ///< precisions that it offers
  std::vector<Parameter> parameters;
  std::vector<RuleSignal> signals;
  std::vector<std::string> modulators;
};

/// The words by which a rule's form and the moment of its calls are shown, in the order of the values.
inline const std::vector<std::string> form_words{"factored", "synaptic", "global", "spiking"};
inline const std::vector<std::string> moment_words{"each step", "end of phase", "end of trial"};

/// The word of a value of an enumeration.
template <class Value> const std::string &word_of(Value value, const std::vector<std::string> &words) {
  return words.at(static_cast<std::size_t>(value));
}

struct Dataset {
  std::string name, help, reference;
};

struct Vocabulary {
  std::vector<Dynamics> dynamics;
  std::vector<Named> activations; ///< parameters are the same for all neurons of a region
  std::vector<Named> noises;
  std::vector<Named> integrators;
  std::vector<Named> patterns; ///< "connect"
  std::vector<Named> receptors;
  std::vector<Named> short_term; ///< plasticity of synapses by their own use
  std::vector<Named> objectives;
  std::vector<Named> optimizers;
  std::vector<RuleInfo> rules;
  std::vector<Dataset> datasets;
  std::vector<Named> schedules; ///< of the learning rate
  std::vector<Named> environments;
};

/// The entry of a name; null where the list has none.
const Named *entry_named(const std::string &name, const std::vector<Named> &entries);
/// The entry that a model has which names none; null where the list has no default.
const Named *default_of(const std::vector<Named> &entries);
/// Is there nothing of this kind, as with "noise": "none"?
bool is_none(const Typed &typed, const std::vector<Named> &entries);
/// The entry of the dynamics of a region that has been checked.
const Dynamics &dynamics_of(const Region &region, const Vocabulary &vocabulary);
/// Where a parameter of a region's dynamics stands.
std::string pointer_of(const Region &region, const std::string &parameter);
/// The vocabulary's entry of a projection's pattern.
const Named &pattern_of(const Projection &projection, const Vocabulary &vocabulary);

/// The entries of which `fact` is true, for messages: "'poisson'", "'a' or 'b'"; "" where there is none.
std::string those_that(bool Dynamics::*fact, const std::vector<Dynamics> &entries);
std::string those_that(bool Named::*fact, const std::vector<Named> &entries);

} // namespace engram::model
