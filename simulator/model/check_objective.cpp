// check_objective() checks that each term of the objective fits its region, its target and the trial.
#include "input/nearest.hpp"
#include "model/reader.hpp"
#include "model/time_grid.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace engram::model {
namespace {

using Delivery = Objective::Delivery;

void check_delivery(const Objective &term, const Region &region, const Named &words, const Vocabulary &vocabulary,
                    input::Problems &problems) {
  const auto &compartments = dynamics_of(region, vocabulary).compartments;
  const bool apical = term.delivery == Delivery::vector || term.delivery == Delivery::attention;
  const std::string at = input::below(term.pointer, "region");
  const auto lacks = [&](const char *compartment) {
    return std::find(compartments.begin(), compartments.end(), compartment) == compartments.end();
  };
  if (apical && lacks("apical"))
    problems.add(at, "a vector is delivered into the apical compartment, and '" + region.name + "', which is '" +
                         region.dynamics.type + "', has none");
  if (term.delivery == Delivery::nudge && lacks("soma"))
    problems.add(at, "a nudge is delivered into the soma, and '" + region.name + "', which is '" +
                         region.dynamics.type + "', has none");
  const std::string delivery = input::below(term.pointer, "delivery");
  if (term.delivery == Delivery::attention && !words.chooses)
    problems.add(delivery, "attention goes to the neuron that was chosen, so it needs " +
                               those_that(&Named::chooses, vocabulary.objectives));
  const bool known = term.target.kind == Target::Kind::task || term.target.kind == Target::Kind::array ||
                     term.target.kind == Target::Kind::environment;
  if (term.delivery == Delivery::clamp && (!known || term.delay > 0 || term.signal != "rate"))
    problems.add(delivery, "a clamp holds the rate of a region at its target, which an array of the task or its "
                           "environment must give, without a delay");
  if (term.delivery == Delivery::nudge && ((words.of_trial && words.of_trial(term.parameters)) || term.delay > 0))
    problems.add(delivery, "a nudge is given in each step, and this term is not known in it");
}

void check_prediction(const Objective &term, const Named &words, const Vocabulary &vocabulary,
                      input::Problems &problems) {
  using Prediction = Objective::Prediction;
  if ((term.prediction == Prediction::value || term.prediction == Prediction::probability) && !words.chooses)
    problems.add(input::below(term.pointer, "prediction"), "the prediction is that of a choice, so it needs " +
                                                               those_that(&Named::chooses, vocabulary.objectives));
}

std::string names_of(const std::vector<Channel> &channels) {
  std::string out;
  for (const auto &channel : channels) out += (out.empty() ? "'" : ", '") + channel.name + "'";
  return out;
}

// A target that the environment gives.
void check_taught(const Objective &term, const Region &region, const Model &model, const Vocabulary &vocabulary,
                  input::Problems &problems) {
  const std::string at = input::below(input::below(term.pointer, "target"), "environment");
  const Environment &environment = model.task.environment;
  if (!environment.given()) {
    problems.add(at, "the task has no environment that could give '" + input::shown(term.target.array) + "'");
    return;
  }
  const Named *words = entry_named(environment.kind.type, vocabulary.environments);
  if (!words) return;
  std::vector<std::string> known;
  for (const auto &channel : words->targets) known.push_back(channel.name);
  const auto found = std::find(known.begin(), known.end(), term.target.array);
  if (known.empty()) {
    problems.add(at, "the environment '" + environment.kind.type + "' gives no targets");
  } else if (found == known.end()) {
    problems.add(at, input::unknown("target of the environment", input::shown(term.target.array), known));
  } else if (const auto &channel = words->targets[static_cast<std::size_t>(found - known.begin())];
             region.size < channel.fewest || region.size > channel.most) {
    problems.add(
        at, fmt::format("'{}' is {}, and '{}' has {}", channel.name, neurons_of(channel), region.name, region.size));
  } else {
    for (const Objective *other : terms_of(model))
      if (other != &term && other->region != unresolved && other->target.kind == Target::Kind::environment &&
          other->target.array == channel.name && model.regions[other->region].size != region.size)
        problems.add(at,
                     fmt::format("'{}' is given to '{}' too, which has {} neurons and not {}", channel.name,
                                 model.regions[other->region].name, model.regions[other->region].size, region.size));
  }
}

// In a closed loop there is nothing but what the environment gives, and trials end at different times.
void check_closed_loop(const Objective &term, const Model &model, const Named &words, const Vocabulary &vocabulary,
                       input::Problems &problems) {
  const auto &type = model.task.environment.kind.type;
  if (!model.task.environment.given()) return;
  const Named *environment = entry_named(type, vocabulary.environments);
  const std::string gives =
      !environment || environment->targets.empty()
          ? "it gives no targets"
          : "it gives " + names_of(environment->targets) + R"(: "target": { "environment": …)" + " }";
  using Kind = Target::Kind;
  if (words.chooses)
    problems.add(term.pointer, "'" + term.type + "' pays for a choice, and here the environment '" + type + "' does");
  else if (term.target.kind == Kind::task || term.target.kind == Kind::array)
    problems.add(term.pointer, "'" + term.type + "' is compared with an array, and the environment '" + type +
                                   "' takes the place of all arrays; " + gives);
  else if (words.of_trial && words.of_trial(term.parameters))
    problems.add(term.pointer, "'" + term.type +
                                   "' looks at the trial as a whole, and trials of an environment end at "
                                   "different times");
}

// A region whose signal is compared with another's.
void check_target(const Objective &term, const Region &region, const Model &model, const Named &words,
                  input::Problems &problems) {
  const std::string at = input::below(term.pointer, "target");
  const Stimuli &stimuli = model.task.stimuli;
  switch (term.target.kind) {
  case Target::Kind::signal:
    if (words.compared == Compared::array) {
      problems.add(at, "'" + term.type + "' takes an array of the task, and no signal");
    } else if (const std::size_t other = term.target.from.region; other != unresolved) {
      const Region &from = model.regions[other];
      if (from.size != region.size)
        problems.add(
            at, fmt::format("'{}' has {} neurons, and '{}' has {}", from.name, from.size, region.name, region.size));
      if (other == term.region && term.target.from.port == term.signal && term.delay == 0)
        problems.add(at, "a signal is what it is: a \"delay\" would make it a prediction of itself");
    }
    break;
  case Target::Kind::array: {
    const auto array = stimuli.arrays.find(term.target.array);
    if (array == stimuli.arrays.end()) {
      if (stimuli.dataset.empty() || term.target.array != "inputs")
        problems.add(at, "the task's stimuli hold no '" + input::shown(term.target.array) + "'");
      break;
    }
    if (array->second.shape.empty()) break; // in a file: known when it is read
    const std::size_t width = array->second.shape.size() == 1 ? 1 : array->second.shape[1];
    if (array->second.shape.size() < 3 && width != region.size)
      problems.add(at, fmt::format("'{}' has {} numbers in a row, and '{}' has {} neurons", array->first, width,
                                   region.name, region.size));
    break;
  }
  case Target::Kind::classes:
    if (stimuli.dataset.empty() && !stimuli.arrays.contains("labels"))
      problems.add(term.pointer, "'" + term.type + "' compares trials by their labels, and the task has none");
    if (model.task.batch < 2)
      problems.add("/task/batch", "'" + term.type + "' compares the trials of a batch, and a batch has one");
    break;
  default:
    break;
  }
}

void check_phases(const Objective &term, const Model &model, input::Problems &problems) {
  for (std::size_t k = 0; k < term.phases.size(); ++k) {
    std::vector<std::string> known;
    for (const auto &phase : model.task.trial) known.push_back(phase.name);
    if (std::find(known.begin(), known.end(), term.phases[k]) == known.end())
      problems.add(input::below(input::below(term.pointer, "phases"), k),
                   input::unknown("phase", input::shown(term.phases[k]), known));
  }
}

void check_delay(const Objective &term, const Model &model, const Named &words, input::Problems &problems) {
  const std::string at = input::below(term.pointer, "delay");
  if (words.compared == Compared::later && term.delay == 0)
    problems.add(at, "a prediction is of something later: the delay must be above 0");
  if (term.delay == 0 || model.task.trial.empty()) return;
  double whole = 0;
  for (const auto &phase : model.task.trial) whole += phase.duration;
  if (term.delay >= whole)
    problems.add(at, fmt::format("a delay of {:g} ms is no shorter than the trial of {:g} ms, so nothing is compared",
                                 term.delay, whole));
}

// The exact gradient of a spike goes by the surrogate slope, of which no further slope is taken.
void check_signal(const Region &region, const std::string &signal, const std::string &pointer,
                  const Vocabulary &vocabulary, input::Problems &problems) {
  const auto &dynamics = dynamics_of(region, vocabulary);
  if (!offers(dynamics, signal))
    problems.add(pointer, input::unknown("signal", input::shown(signal), signal_names(dynamics)));
  else if (dynamics.spikes && (signal == "gain" || signal == "error"))
    problems.add(pointer, "'" + signal +
                              "' of spiking neurons has no slope of its own: spike, trace, rate and potential "
                              "have one");
}

} // namespace

void check_objective(const Model &model, const Vocabulary &vocabulary, input::Problems &problems) {
  const Objective *clamped = nullptr;
  for (const Objective *term : terms_of(model)) {
    if (term->region == unresolved) continue;
    const Region &region = model.regions[term->region];
    const Named *words = entry_named(term->type, vocabulary.objectives);
    if (!words) continue;
    check_signal(region, term->signal, input::below(term->pointer, "signal"), vocabulary, problems);
    if (const auto &from = term->target.from;
        term->target.kind == Target::Kind::signal && from.region != unresolved &&
        offers(dynamics_of(model.regions[from.region], vocabulary), from.port)) // else read_source() has said so
      check_signal(model.regions[from.region], from.port, input::below(term->pointer, "target"), vocabulary, problems);
    check_delivery(*term, region, *words, vocabulary, problems);
    check_prediction(*term, *words, vocabulary, problems);
    check_target(*term, region, model, *words, problems);
    if (term->target.kind == Target::Kind::environment) check_taught(*term, region, model, vocabulary, problems);
    check_closed_loop(*term, model, *words, vocabulary, problems);
    check_phases(*term, model, problems);
    check_delay(*term, model, *words, problems);
    if (term->delivery != Delivery::clamp) continue;
    if (clamped && clamped->region != term->region)
      problems.add(input::below(term->pointer, "delivery"), "one region is held at its target at a time, and '" +
                                                                clamped->name + "' holds '" +
                                                                model.regions[clamped->region].name + "'");
    else if (clamped)
      problems.add(input::below(term->pointer, "delivery"), "'" + clamped->name + "' holds this region already");
    clamped = term;
  }
}

} // namespace engram::model
