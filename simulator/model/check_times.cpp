// check_times() checks times that are counted in steps, and rates of events of which a step can hold only so many.
#include "model/reader.hpp"
#include "model/time_grid.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace engram::model {
namespace {

constexpr double countable_steps = 1e9; // of a time; beyond, "a multiple of the step" means nothing in a double

// Says why a time that is counted in steps is wrong; "" when it is right.
std::string off_grid(double ms, double step) {
  const double steps = ms / step;
  if (!(steps <= countable_steps)) return fmt::format("{:g} ms is more than 10^9 steps of {:g} ms", ms, step);
  const bool nothing = ms > 0 && std::round(steps) < 1;
  if (on_grid(ms, step) && !nothing) return "";
  if (steps < 1) return fmt::format("{:g} ms is shorter than a step of {:g} ms", ms, step);
  const double below = std::floor(steps) * step;
  return fmt::format("{:g} ms is not a multiple of the step of {:g} ms; {:g} and {:g} are", ms, step, below,
                     below + step);
}

void check_time(double ms, double step, const std::string &pointer, input::Problems &problems) {
  if (const auto wrong = off_grid(ms, step); !wrong.empty()) problems.add(pointer, wrong);
}

// A rate of more events of one neuron in a step than it can hold.
void check_events(const Parameter &parameter, double hz, double step, const std::string &pointer,
                  input::Problems &problems) {
  if (hz * step / 1000 > parameter.most_per_step)
    problems.add(pointer, fmt::format("{:g} Hz is {:g} in a step of {:g} ms, and a step holds {:g} at most: a shorter "
                                      "step, or a lower rate",
                                      hz, hz * step / 1000, step, parameter.most_per_step));
}

// `least`: steps that a default which does not fit becomes at the least.
void check_value(const Parameter &parameter, double value, double step, const std::string &pointer,
                 input::Problems &problems, std::uint64_t least = 0) {
  if (parameter.most_per_step > 0) check_events(parameter, value, step, pointer, problems);
  if (!parameter.in_steps) return;
  const auto wrong = off_grid(value, step);
  if (wrong.empty()) return;
  if (value != parameter.initial || problems.given(pointer)) {
    problems.add(pointer, wrong);
    return;
  }
  problems.warn(pointer,
                fmt::format("'{}' is not given, and {} ms is taken, the nearest to its default: {}", parameter.name,
                            static_cast<double>(std::max(least, steps_of(value, step))) * step, wrong));
}

// Numbers that are drawn for each neuron go to the nearest step.
void check_parameters(const Typed &given, const std::vector<Parameter> &parameters, double step,
                      const std::string &pointer, input::Problems &problems, std::uint64_t least = 0) {
  for (const auto &parameter : parameters) {
    const auto found = given.parameters.find(parameter.name);
    if (found == given.parameters.end()) continue;
    const Quantity &q = found->second;
    const std::string at = input::below(pointer, parameter.name);
    if (q.kind == Quantity::Kind::constant)
      check_value(parameter, q.a, step, at, problems, parameter.above_minimum ? least : 0);
    if (q.kind == Quantity::Kind::values)
      for (std::size_t n = 0; n < q.values.size(); ++n)
        check_value(parameter, q.values[n], step, input::below(at, n), problems);
    if (parameter.most_per_step > 0 && q.kind == Quantity::Kind::uniform)
      check_events(parameter, q.b, step, at, problems);
  }
}

const std::vector<Parameter> &parameters_of(const std::string &type, const std::vector<Named> &entries) {
  static const std::vector<Parameter> none;
  const auto found = std::find_if(entries.begin(), entries.end(), [&](const Named &one) { return one.name == type; });
  return found == entries.end() ? none : found->parameters;
}

void check_given_spikes(const Region &region, double step, double length, input::Problems &problems) {
  if (!region.spikes || !region.spikes->file.empty() || length <= 0) return;
  if (const auto late = spikes_outside(region.spikes->times, region.name, step, length); !late.empty())
    problems.warn(region.pointer + "/spikes", late);
}

void check_recorded(const Recorded &kept, const Model &model, double length, input::Problems &problems) {
  if (kept.region == unresolved) return;
  const std::string pointer = input::below("/record", model.regions[kept.region].name);
  check_time(kept.from, model.time.step, pointer + "/from", problems);
  if (kept.to >= 0) check_time(kept.to, model.time.step, pointer + "/to", problems);
  if (kept.to >= 0 && kept.to <= kept.from) problems.add(pointer + "/to", "'to' must be after 'from'");
  if (model.task.trial.empty()) return;
  if (kept.from >= length) problems.add(pointer + "/from", fmt::format("a trial ends at {:g} ms", length));
  if (kept.to > length * (1 + grid_tolerance))
    problems.warn(pointer + "/to", fmt::format("{:g} ms is after the end of a trial, {:g} ms", kept.to, length));
}

} // namespace

std::string spikes_outside(const std::vector<std::vector<double>> &times, const std::string &region, double step,
                           double length) {
  const std::uint64_t steps = steps_of(length, step);
  std::size_t all = 0, outside = 0, neuron = 0;
  double first = 0;
  for (std::size_t n = 0; n < times.size(); ++n)
    for (const double ms : times[n]) {
      ++all;
      if (step_holding(ms, step) < steps) continue;
      if (outside++ == 0 || ms < first) {
        first = ms;
        neuron = n;
      }
    }
  if (outside == 0) return "";
  return fmt::format("{} of the {} spikes of '{}' come after the end of a trial ({:g} ms) and do not act; the first is "
                     "that of neuron {} at {:g} ms",
                     outside, all, region, length, neuron, first);
}

void check_times(const Model &model, const Vocabulary &vocabulary, input::Problems &problems) {
  const double step = model.time.step;
  for (const auto &projection : model.projections) {
    if (projection.axonal.kind == Quantity::Kind::constant)
      check_time(projection.delay, step, projection.pointer + "/delay", problems);
    if (projection.dendritic.kind == Quantity::Kind::constant)
      check_time(projection.dendritic.a, step, projection.pointer + "/delay/dendritic", problems);
  }
  for (const Objective *term : terms_of(model))
    check_time(term->delay, step, input::below(term->pointer, "delay"), problems);
  double length = 0;
  for (std::size_t k = 0; k < model.task.trial.size(); ++k) {
    check_time(model.task.trial[k].duration, step, input::below("/task/trial", k) + "/duration", problems);
    length += model.task.trial[k].duration;
  }
  if (length / step > countable_steps) problems.add("/task/trial", "a trial of more than 10^9 steps");
  for (const auto &region : model.regions) {
    check_parameters(region.dynamics, dynamics_of(region, vocabulary).parameters, step, region.pointer + "/dynamics",
                     problems);
    check_parameters(region.noise, parameters_of(region.noise.type, vocabulary.noises), step, region.pointer + "/noise",
                     problems);
    for (const auto &receptor : region.receptors)
      check_parameters(receptor.kinetics, parameters_of(receptor.kinetics.type, vocabulary.receptors), step,
                       input::below(region.pointer + "/receptors", receptor.name), problems);
    check_given_spikes(region, step, length, problems);
  }
  for (const auto &rule : model.rules) {
    const RuleInfo *info = rule_info(rule.plugin, vocabulary);
    if (!info) continue;
    for (const auto &parameter : info->parameters)
      if (const auto found = rule.parameters.find(parameter.name); found != rule.parameters.end()) {
        const std::string at = input::below(rule.pointer + "/parameters", parameter.name);
        check_value(parameter, found->second, step, at, problems, 1);
        if (parameter.in_steps && length > 0 && found->second > length * (1 + grid_tolerance))
          problems.warn(
              at, fmt::format("{:g} ms do not pass in a trial of {:g} ms: a delay as long never ends, and what comes "
                              "every so often comes once, as the trial ends",
                              found->second, length));
      }
  }
  const auto &environment = model.task.environment.kind;
  check_parameters(environment, parameters_of(environment.type, vocabulary.environments), step, "/task/environment",
                   problems, 1);
  for (const auto &kept : model.record) check_recorded(kept, model, length, problems);
}

} // namespace engram::model
