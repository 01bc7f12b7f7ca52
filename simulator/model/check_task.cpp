// check_task() checks the phases of a trial and the stimuli shown in them.
#include "input/nearest.hpp"
#include "model/reader.hpp"

#include <fmt/format.h>

namespace engram::model {
namespace {

// Arrays that follow from the labels.
bool made_of_labels(const std::string &name, const Stimuli &stimuli) {
  return (!stimuli.dataset.empty() || stimuli.arrays.contains("labels")) && follows_from_labels(name);
}

bool has_array(const Stimuli &stimuli, const std::string &name) {
  return stimuli.arrays.contains(name) || (!stimuli.dataset.empty() && (name == "inputs" || name == "labels")) ||
         made_of_labels(name, stimuli);
}

void check_shown(const Phase::Shown &shown_array, bool first, const std::string &pointer, const Model &model,
                 const Vocabulary &vocabulary, input::Problems &problems) {
  if (shown_array.region == unresolved) return;
  const Region &region = model.regions[shown_array.region];
  const Stimuli &stimuli = model.task.stimuli;
  if (!dynamics_of(region, vocabulary).stimulus)
    problems.add(pointer, "only a region whose dynamics is " + those_that(&Dynamics::stimulus, vocabulary.dynamics) +
                              " can be shown a stimulus, and '" + region.name + "' is '" + region.dynamics.type + "'");
  if (!has_array(stimuli, shown_array.array)) {
    std::vector<std::string> known;
    for (const auto &[name, array] : stimuli.arrays) known.push_back(name);
    if (!stimuli.dataset.empty()) known.insert(known.end(), {"inputs", "labels"});
    for (const char *name : label_arrays)
      if (made_of_labels(name, stimuli)) known.emplace_back(name);
    problems.add(pointer, input::unknown("array", input::shown(shown_array.array), known));
    return;
  }
  if (shown_array.array == "likely_wrong_targets") {
    if (model.objective.type.empty())
      problems.add(pointer, "wrong labels are drawn by the rates of the objective's region, and the model has none");
    else if (first)
      problems.add(pointer,
                   "in the first phase of a trial no rates are there yet by which wrong labels could be drawn");
  }
  const auto array = stimuli.arrays.find(shown_array.array);
  if (array == stimuli.arrays.end() || array->second.shape.empty()) return;
  const std::size_t width = array->second.shape.size() == 1 ? 1 : array->second.shape[1];
  if (width != region.size)
    problems.add(pointer, fmt::format("'{}' has {} numbers in a row, and '{}' has {} neurons", array->first, width,
                                      region.name, region.size));
}

void check_stimuli(const Model &model, input::Problems &problems) {
  const Stimuli &stimuli = model.task.stimuli;
  const ArraySource *first = nullptr;
  std::string first_name;
  for (const auto &[name, array] : stimuli.arrays) {
    const std::string pointer = input::below("/task/stimuli", name);
    if (!stimuli.dataset.empty() && (name == "inputs" || name == "targets" || name == "labels"))
      problems.add(pointer, "the data set '" + stimuli.dataset + "' brings its own '" + name + "'");
    if (array.shape.empty()) continue; // in a file: known when it is read
    if (first && array.shape[0] != first->shape[0])
      problems.add(pointer,
                   fmt::format("'{}' has {} trials, '{}' has {}", name, array.shape[0], first_name, first->shape[0]));
    if (!first) {
      first = &array;
      first_name = name;
    }
  }
  const auto targets = stimuli.arrays.find("targets");
  if (targets == stimuli.arrays.end() || targets->second.shape.empty()) return;
  for (const Objective *term : terms_of(model)) {
    if (term->region == unresolved || term->target.kind != Target::Kind::task) continue;
    const Region &region = model.regions[term->region];
    const std::size_t width = targets->second.shape.size() == 1 ? 1 : targets->second.shape[1];
    if (width != region.size)
      problems.add("/task/stimuli/targets",
                   fmt::format("targets of {} numbers for the {} neurons of '{}'", width, region.size, region.name));
  }
}

} // namespace

void check_task(const Model &model, const Vocabulary &vocabulary, input::Problems &problems) {
  check_stimuli(model, problems);
  for (std::size_t k = 0; k < model.task.trial.size(); ++k) {
    const Phase &phase = model.task.trial[k];
    const std::string pointer = input::below("/task/trial", k);
    if (phase.objective != 0 && model.objective.type.empty())
      problems.add(pointer + "/objective", "the model has no objective");
    for (const auto &one : phase.stimuli) check_shown(one, k == 0, pointer + "/stimulus", model, vocabulary, problems);
  }
}

} // namespace engram::model
