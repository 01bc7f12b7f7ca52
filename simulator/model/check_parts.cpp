// check_parts() checks how trials are divided into parts, and what hangs on those that are held out.
#include "model/reader.hpp"

#include <algorithm>

namespace engram::model {
namespace {

using Value = HeldOutValue;

bool has_labels(const Model &model) {
  return !model.task.stimuli.dataset.empty() || model.task.stimuli.arrays.contains("labels");
}

// Is a term of the objective judged in some phase, so that there is a loss?
bool is_judged(const Model &model) {
  const auto judges = [](const Objective &term, const Phase &phase) {
    return term.phases.empty() ? phase.objective != 0
                               : std::find(term.phases.begin(), term.phases.end(), phase.name) != term.phases.end();
  };
  const auto terms = terms_of(model);
  return std::any_of(model.task.trial.begin(), model.task.trial.end(), [&](const Phase &phase) {
    return std::any_of(terms.begin(), terms.end(), [&](const auto *term) { return judges(*term, phase); });
  });
}

bool names_right_choices(const Model &model, const Vocabulary &vocabulary) {
  const Named *environment = entry_named(model.task.environment.kind.type, vocabulary.environments);
  return environment && std::any_of(environment->columns.begin(), environment->columns.end(),
                                    [](const Column &column) { return column.name == "label"; });
}

// Why the learning curve does not have the value; "" where it has.
std::string missing(Value value, const Model &model, const Vocabulary &vocabulary) {
  const bool environment = model.task.environment.given();
  if (value == Value::reward) return environment ? "" : "a reward is what an environment pays, and the task has none";
  if (value == Value::accuracy && environment)
    return names_right_choices(model, vocabulary) ? ""
                                                  : "the environment '" + model.task.environment.kind.type +
                                                        "' calls no choice right: there is no accuracy";
  if (environment) return "an environment pays rewards: there is no loss, and 'reward' is its value";
  const std::string none = value == Value::loss ? "there is no loss" : "there is no accuracy";
  if (model.objective.type.empty()) return "the model has no objective: " + none;
  if (!is_judged(model)) return "no phase of the trial has an objective: " + none;
  if (value == Value::accuracy && !has_labels(model)) return "the task has no labels: " + none;
  return "";
}

// What is asked of the learning curve.
void check_value(Value value, const std::string &pointer, const std::string &at_value, const Model &model,
                 const Vocabulary &vocabulary, input::Problems &problems) {
  if (model.task.evaluate != Task::Evaluate::epoch)
    problems.add(pointer, std::string("needs the held-out trials after each epoch, and /task/evaluate is '") +
                              (model.task.evaluate == Task::Evaluate::end ? "end" : "never") + "'");
  if (const auto why = missing(value, model, vocabulary); !why.empty()) problems.add(at_value, why);
}

void check_split(const Model &model, input::Problems &problems) {
  using Kind = Split::Kind;
  const auto &task = model.task;
  const std::string at = "/task/split";
  if (task.test.dataset && task.stimuli.dataset.empty())
    problems.add("/task/test", "'dataset' is the test part of a data set, and the stimuli name none");
  if (!problems.given(at)) return;
  if (task.environment.given()) {
    problems.add(at, "the trials of an environment are divided in their order: the last are held out");
    return;
  }
  if (task.split.kind == Kind::given) {
    for (const char *part : {"/task/held_out", "/task/test"})
      if (problems.given(part)) problems.add(part, "the parts of /task/split say which trials these are");
    return;
  }
  if (!task.held_out.is_drawn() && !task.test.is_drawn())
    problems.add(at, "says how trials are drawn, and neither /task/held_out nor /task/test says how many");
  if (task.split.kind == Kind::stratified && !has_labels(model))
    problems.add(at, "'stratified' takes of each class the same share, and the task has no labels");
}

} // namespace

void check_parts(const Model &model, const Vocabulary &vocabulary, input::Problems &problems) {
  check_split(model, problems);
  const auto &task = model.task;
  if (task.stop) check_value(task.stop->value, "/task/stop", "/task/stop/held_out", model, vocabulary, problems);
  if (task.keep_best) {
    const bool named = problems.given("/task/keep/best");
    check_value(*task.keep_best, "/task/keep", named ? "/task/keep/best" : "/task/keep", model, vocabulary, problems);
  }
}

} // namespace engram::model
