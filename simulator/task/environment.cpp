#include "task/environment.hpp"

#include "input/input_error.hpp"
#include "model/time_grid.hpp"
#include "task/split.hpp"

#include <algorithm>
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
  Trials trials;
  trials.count = model.task.environment.trials;
  const std::size_t held = taken(model.task.held_out, trials.count), test = taken(model.task.test, trials.count);
  const auto refuse = [&](const char *part, std::size_t kept, const char *what) {
    throw input::InputError({{model.file, 0, std::string("/task/") + part,
                              "keeps " + std::to_string(kept) + " trials for " + what + ", but there are only " +
                                  std::to_string(trials.count)}});
  };
  if (held >= trials.count && held > 0) refuse("held_out", held, "testing");
  if (test >= trials.count - held && test > 0) refuse("test", test, "the test");
  const auto fill = [](std::vector<std::size_t> &rows, std::size_t first, std::size_t count) {
    rows.resize(count);
    std::iota(rows.begin(), rows.end(), first);
  };
  fill(trials.training, 0, trials.count - held - test);
  fill(trials.held_out, trials.count - held - test, held);
  fill(trials.test, trials.count - test, test);
  return trials;
}

} // namespace engram::task
