// scaffold_objective() and scaffold_environment().
#include "cli/scaffold.hpp"

namespace engram::cli {
namespace {

constexpr const char *term_text =
    R"text(// @NAME@: change it to your term. It begins as the sum of log cosh(e / width), e the error of a neuron: small errors
// count by their square, great ones by their size.
#include <engram/objective.hpp>

struct MyTerm {
  static constexpr engram::Term about{.name = "@NAME@",
                                      .summary = "sum over the neurons of log cosh((signal - target) / width)",
                                      .reference = "who described it, and where"};
  // What the user may set: name, unit, default, minimum, maximum, help.
  static constexpr engram_parameter parameters[] = {
      engram::parameter("width", "", 0.5, 1e-6, 1e6, "error from which on the loss grows in proportion to it")};
  // One member for each of `parameters`, in their order.
  template <class T> struct Constants { T width; };

  // The loss of one neuron: x is its signal, y its target (of labels 1 at the label, 0 elsewhere). That of a trial is the
  // sum over its neurons. (A loss in which neurons hang together is trial(x, y, p), with x[i], y[i] and x.size(); one of
  // a whole batch is batch(x, y, p). With .over = ENGRAM_OVER_MEAN in `about` x is the mean over the trial.)
  // Written once: engram runs it on plain numbers, and on numbers that carry derivatives.
  static auto neuron(const auto &x, const auto &y, const auto &p) {
    const auto far = abs(x - y) / p.width;
    return far + log(1 + exp(-2 * far)) - 0.6931471805599453; // log cosh, which does not overflow
  }
};
ENGRAM_OBJECTIVE(MyTerm)
)text";

constexpr const char *term_about = "A term of the objective for engram: `objective.cpp` is the term, `model.json` a "
                                   "small circuit that learns to make it "
                                   "small.";

constexpr const char *term_model_text = R"text({
  "name": "digits by @NAME@",
  "seed": 1,
  "architecture": {
    "regions": {
      "retina":   { "size": 64, "dynamics": "input" },
      "hidden":   { "size": 50, "dynamics": { "type": "static", "activation": "tanh" } },
      "decision": { "size": 10, "dynamics": { "type": "static", "activation": "linear" } }
    },
    "projections": [
      { "from": "retina", "to": "hidden", "rule": "gradient" },
      { "from": "hidden", "to": "decision", "rule": "gradient" }
    ]
  },
  "objective": [
    { "type": "./build/plugins/@NAME@.so", "region": "decision", "width": 0.2 },
    { "type": "activity", "region": "hidden", "weight": 0.0001, "delivery": "scalar" }
  ],
  "learning": { "rules": { "gradient": { "plugin": "backprop", "rate": 0.003, "optimizer": "adam" } } },
  "task": {
    "stimuli": { "dataset": "digits" },
    "batch": 32, "epochs": 10,
    "trial": [ { "phase": "stimulus", "duration": 1, "stimulus": "retina", "objective": true, "plastic": true } ]
  }
}
)text";

constexpr const char *environment_text =
    R"text(// @NAME@: change it to your task. It begins as a light that is left or right, and a choice some time later: the
// choice of the light's side pays 1.
#include <engram/environment.hpp>

struct MyTask {
  static constexpr engram::Environment about{.name = "@NAME@",
                                             .summary = "a light is left or right; the choice of its side pays 1",
                                             .reference = "who described it, and where",
                                             .chooses = true};
  // What the user may set: name, unit, default, minimum, maximum, help. One member of Parameters for each.
  static constexpr engram_parameter parameters[] = {
      engram::parameter("decide_at", "ms", 5, 0, 1e6, "when the choice is made"),
      engram::parameter("temperature", "", 0.2, 1e-6, 1e6, "of the softmax by which it is drawn")};
  static constexpr const char *in_steps[] = {"decide_at"}; // times that must be multiples of the time step
  struct Parameters { double decide_at, temperature; };

  // What is seen of the circuit, and shown to it: name, help, fewest and most neurons.
  static constexpr engram_channel sees[] = {engram::channel("choice", "the values of left and right", 2, 2)};
  static constexpr engram_channel shows[] = {
      engram::channel("light", "1 at its side, throughout the trial", 2, 2),
      engram::channel("choice", "1 at the side that was chosen, from the step after the choice", 2, 2)};
  // What a circuit may be taught, in the place of rewards: a term of the objective names it,
  //   "target": { "environment": "side" }
  static constexpr engram_channel targets[] = {engram::channel("side", "1 at the light's side", 2, 2)};
  // What is added to the table of trials. Every table has `choice` and `label`.
  static constexpr engram_column columns[] = {engram::integer_column("choice", "side that was chosen"),
                                              engram::integer_column("label", "side of the light"),
                                              engram::number_column("decided_at", "ms since the trial began")};
  // What a trial remembers, 0 as it begins. Keep nothing elsewhere: trials run side by side.
  struct State { double light, decided; };

  static void begin(auto &trial) {
    auto &state = trial.state();
    state.light = trial.uniform(0, 0) < 0.5 ? 0 : 1; // number 0 of stream 0 of this trial
    trial.column("label") = state.light;
    trial.shows("light").one(static_cast<std::size_t>(state.light));
    trial.target("side").one(static_cast<std::size_t>(state.light)); // holds until it is set again
  }

  // Each step, when the signals of the circuit are known. What is shown holds from the next step on.
  static void step(auto &trial) {
    const auto &p = trial.parameters();
    auto &state = trial.state();
    if (state.decided == 0 && trial.step() >= trial.steps(p.decide_at)) {
      const auto side = engram::drawn_by_softmax(trial.sees("choice"), p.temperature, trial.uniform(1, 0));
      trial.choose(side);
      trial.column("choice") = static_cast<double>(side);
      trial.column("decided_at") = trial.ms();
      trial.shows("choice").one(side);
      state.decided = 1;
    } else if (state.decided != 0) {
      trial.pay(trial.column("choice") == state.light ? 1 : 0);
      trial.end();
    }
  }
};
ENGRAM_ENVIRONMENT(MyTask)
)text";

constexpr const char *environment_about =
    "An environment for engram, a closed loop: `environment.cpp` is the environment, `model.json` a small circuit that "
    "learns to be\npaid, and `taught.json` the same circuit, which is taught the right side.";

constexpr const char *environment_model_text = R"text({
  "name": "@NAME@",
  "seed": 1,
  "architecture": {
    "regions": {
      "eye":    { "size": 2, "dynamics": "input" },
      "chosen": { "size": 2, "dynamics": "input" },
      "value":  { "size": 2, "dynamics": { "type": "static", "activation": "linear" } }
    },
    "projections": [
      { "from": "eye", "to": "value", "weights": 0, "rule": "surprise" },
      { "from": "chosen", "to": "value.apical", "connect": "one_to_one", "weights": 1 }
    ]
  },
  "learning": { "rules": { "surprise": { "plugin": "brain_prop", "rate": 0.1 } } },
  "task": {
    "environment": {
      "type": "./build/plugins/@NAME@.so", "trials": 1000,
      "sees": { "choice": "value" }, "shows": { "light": "eye", "choice": "chosen" }, "prediction": "value"
    },
    "trial": [ { "phase": "trial", "duration": 20, "plastic": true } ]
  }
}
)text";

constexpr const char *environment_taught_text = R"text({
  "extends": "model.json",
  "name": "@NAME@, taught",
  "objective": { "type": "mse", "region": "value", "target": { "environment": "side" } },
  "learning": { "rules": { "surprise": { "plugin": "backprop", "rate": 0.3 } } },
  "task": { "trial": [ { "phase": "trial", "duration": 20, "objective": true, "plastic": true } ] }
}
)text";

} // namespace

std::vector<ScaffoldFile> scaffold_objective(const std::string &name) {
  return scaffold_of({"objective.cpp", term_text, term_about, "objectives", term_model_text}, name);
}

std::vector<ScaffoldFile> scaffold_environment(const std::string &name) {
  auto files = scaffold_of(
      {"environment.cpp", environment_text, environment_about, "environments", environment_model_text}, name);
  files.push_back({"taught.json", replaced(environment_taught_text, "@NAME@", name)});
  return files;
}

} // namespace engram::cli
