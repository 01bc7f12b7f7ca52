// This is a small vocabulary, of the kind that dynamics and plugins register.
#pragma once

#include "input/entries.hpp"
#include "model/vocabulary.hpp"
#include "network/patterns.hpp"

namespace engram::model {

inline Vocabulary small_vocabulary() {
  Parameter tau;
  tau.name = "tau";
  tau.unit = "ms";
  tau.help = "time constant";
  tau.initial = 10;
  tau.minimum = 0;
  tau.above_minimum = true;
  tau.per_neuron = true;
  Parameter exponent;
  exponent.name = "exponent";
  exponent.help = "n";
  exponent.initial = 2;
  exponent.minimum = 1;
  Parameter sd;
  sd.name = "sd";
  sd.help = "standard deviation";
  sd.initial = 1;
  sd.minimum = 0;
  sd.per_neuron = true;
  Parameter decay;
  decay.name = "decay";
  decay.help = "weight decay";
  decay.initial = 0.25;
  decay.minimum = 0;
  decay.maximum = 1;
  Parameter variant;
  variant.name = "variant";
  variant.help = "which form";
  variant.choices = {"plain", "centred"};
  Parameter beta1 = decay;
  beta1.name = "beta1";
  beta1.initial = 0.9;

  Vocabulary v;
  v.dynamics = {{"input", "shows a stimulus", "", {}, false, "", {{"rate", "", "what is shown"}}, {}, false},
                {"static",
                 "a region of an artificial network",
                 "",
                 {},
                 true,
                 "linear",
                 {{"potential", "", "u", true, false},
                  {"rate", "", "r", true, false},
                  {"gain", "", "slope", true, false},
                  {"apical", "", "a", false, true},
                  {"error", "", "gain times apical", true, true}},
                 {"soma", "apical"},
                 false},
                {"leaky_rate",
                 "a leaky integrator",
                 "",
                 {tau},
                 true,
                 "tanh",
                 {{"potential", "", "u"},
                  {"rate", "", "r"},
                  {"gain", "", "slope"},
                  {"apical", "", "a", false, true},
                  {"error", "", "gain times apical", false, true},
                  {"noise", "", "injected"}},
                 {"soma", "apical"},
                 true},
                {"wilson_cowan",
                 "a population",
                 "Wilson and Cowan 1972",
                 {tau},
                 true,
                 "tanh",
                 {{"rate", "", "r"}},
                 {"soma"},
                 true}};
  v.dynamics[0].stimulus = true;
  v.activations = {{"tanh", "hyperbolic tangent", "", {}},
                   {"linear", "as it is", "", {}},
                   {"power_law", "max(0, u)^n", "", {exponent}}};
  v.noises = {{"none", "no noise", "", {}}, {"gaussian", "white", "", {sd}}};
  v.integrators = {{"euler", "first order", "", {}}, {"runge_kutta4", "fourth order", "", {}}};
  for (const char *name : {"dense", "one_to_one"})
    v.patterns.push_back(input::entry_named(name, network::pattern_entries(), "pattern").words);
  v.objectives = {{"mse", "mean squared error", "", {}}, {"cross_entropy", "of a softmax", "", {}}};
  v.schedules = {{"constant", "the same in all epochs", "", {}}};
  v.optimizers = {{"plain", "as it is", "", {}}, {"adam", "Adam", "Kingma and Ba 2015", {beta1}}};
  for (auto *list : {&v.noises, &v.integrators, &v.schedules, &v.optimizers}) list->front().is_default = true;
  v.noises.front().is_none = true;
  RuleInfo alignment;
  alignment.name = "feedback_alignment";
  alignment.taught = true;
  alignment.delivery = Objective::Delivery::vector;
  alignment.local = true;
  alignment.parameters = {decay, variant};
  alignment.signals = {{false, "rate"}, {true, "error"}};
  RuleInfo backprop;
  backprop.name = "backprop";
  backprop.form = RuleInfo::Form::global;
  backprop.called_at = RuleInfo::CalledAt::end_of_trial;
  backprop.single = false;
  RuleInfo oja;
  oja.name = "oja";
  oja.signals = {{false, "rate"}, {true, "rate"}};
  RuleInfo own = oja;
  own.name = "own";
  own.file = "/rules/own.so";
  own.parameters = {decay};
  v.rules = {alignment, backprop, oja, own};
  v.datasets = {{"digits", "8 × 8 digits", ""}, {"mnist", "28 × 28 digits", ""}};
  return v;
}

/// The example of the design, with feedback to be written out.
inline const char *digits_model = R"({
  // digits by feedback alignment
  "$schema": "engram.schema.json",
  "name": "digits",
  "seed": 7,
  "time": { "step": 1.0, "integrator": "runge_kutta4" },
  "architecture": {
    "regions": {
      "retina":   { "size": 64, "dynamics": "input" },
      "V1":       { "size": 30, "dynamics": { "type": "leaky_rate", "tau": 20, "activation": { "type": "power_law", "exponent": 3 } },
                    "bias": { "initial": 0.5, "rule": "gated" }, "noise": { "type": "gaussian", "sd": 0.1 } },
      "decision": { "size": 10, "dynamics": { "type": "leaky_rate", "activation": "linear" }, "initial": { "uniform": { "low": -1, "high": 1 } } }
    },
    "projections": [
      { "from": "retina", "to": "V1", "weights": { "normal": { "gain": 2 } }, "rule": "gated", "constraints": { "maximum": 3, "mask": true } },
      { "from": "V1", "to": "decision", "connect": { "type": "dense" }, "delay": 2, "rule": "gated" },
      { "from": "V1", "to": "V1", "name": "lateral", "weights": 0.1, "rule": null }
    ]
  },
  "objective": { "type": "cross_entropy", "region": "decision" },
  "learning": { "rules": { "gated": { "plugin": "feedback_alignment", "rate": 0.1, "parameters": { "variant": "centred" }, "optimizer": { "type": "adam", "beta1": 0.5 } } },
                "feedback": "random" },
  "task": { "stimuli": { "dataset": "digits" }, "batch": 32, "epochs": 20, "held_out": 0.2,
            "trial": [ { "phase": "stimulus", "duration": 50, "stimulus": "retina" },
                       { "phase": "feedback", "duration": 20, "stimulus": { "retina": "inputs" }, "objective": true, "plastic": true } ] },
  "record": { "V1": ["rate"], "decision": { "signals": ["rate", "error"], "trials": "held_out", "every": 2, "from": 10, "to": 70 } }
})";

} // namespace engram::model
