#include "task/environment.hpp"

#include "input/input_error.hpp"
#include "model/time_grid.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace engram::task {

std::uint64_t EnvironmentTrial::steps(std::size_t parameter) const {
  return model::steps_of(parameters[parameter], step_ms);
}

void add_environment_words(model::Vocabulary &vocabulary) {
  for (const auto &entry : environment_entries()) vocabulary.environments.push_back(entry.words);
}

Environment environment_of(const model::Model &model, const TaskEntries &entries) {
  const auto &given = model.task.environment;
  Environment out;
  out.entry = &environment_named(given.kind.type, entries);
  const auto &words = out.entry->words;
  for (const auto &parameter : words.parameters) {
    const double value = given.kind.number(parameter.name);
    const bool passes = parameter.in_steps && parameter.above_minimum; // a time that is not 0 is one step at the least
    out.parameters.push_back(passes ? std::max(value, model.time.step) : value);
  }
  const auto column = [&](const char *name) {
    std::size_t k = 0;
    while (k < words.columns.size() && words.columns[k].name != name) ++k;
    return k;
  };
  out.choice_column = column("choice");
  out.label_column = column("label");
  const std::size_t width = out.entry->course;
  out.course.assign(width * given.trials, 0);
  for (std::size_t k = 0; out.entry->next && k < given.trials; ++k)
    out.entry->next({out.entry, out.parameters.data(), k, model.seed},
                    k == 0 ? nullptr : out.course.data() + (k - 1) * width, out.course.data() + k * width);
  return out;
}

Trials environment_trials(const model::Model &model) {
  const auto &held_out = model.task.held_out;
  Trials trials;
  trials.count = model.task.environment.trials;
  std::size_t held = held_out.count;
  if (held_out.fraction > 0)
    held = static_cast<std::size_t>(std::llround(held_out.fraction * static_cast<double>(trials.count)));
  if (held >= trials.count && held > 0)
    throw input::InputError({{model.file, 0, "/task/held_out",
                              "keeps " + std::to_string(held) + " trials for testing, but there are only " +
                                  std::to_string(trials.count)}});
  trials.training.resize(trials.count - held);
  trials.held_out.resize(held);
  std::iota(trials.training.begin(), trials.training.end(), std::size_t{0});
  std::iota(trials.held_out.begin(), trials.held_out.end(), trials.count - held);
  return trials;
}

} // namespace engram::task
