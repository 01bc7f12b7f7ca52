#include "task/plugin_environment.hpp"

#include "numeric/call_plugin.hpp"

#include <array>
#include <cmath>
#include <fmt/format.h>

namespace engram::task {

namespace {

// How a plugin draws the random numbers of a trial, and those of a course of events, which has one stream.
const EnvironmentTrial &trial_of(const engram_random *random) {
  return *reinterpret_cast<const EnvironmentTrial *>(random);
}
const CourseOfEvents &events_of(const engram_random *random) {
  return *reinterpret_cast<const CourseOfEvents *>(random);
}
engram_draw draw_of(const EnvironmentTrial &trial) {
  return {reinterpret_cast<const engram_random *>(&trial),
          [](const engram_random *of, std::uint32_t stream, std::uint64_t index) {
            return trial_of(of).uniform(stream, index);
          },
          [](const engram_random *of, std::uint32_t stream, std::uint64_t index) {
            return trial_of(of).normal(stream, index);
          }};
}
engram_draw draw_of(const CourseOfEvents &events) {
  return {reinterpret_cast<const engram_random *>(&events),
          [](const engram_random *of, std::uint32_t, std::uint64_t index) { return events_of(of).uniform(index); },
          [](const engram_random *of, std::uint32_t, std::uint64_t index) { return events_of(of).normal(index); }};
}

// A trial as the plugin sees it.
struct PluginTrial {
  explicit PluginTrial(const EnvironmentTrial &of) : trial(of), table(*of.entry->table) {
    for (std::size_t k = 0; k < table.sees_count; ++k) sees[k] = {of.sees[k].values, of.sees[k].neurons};
    for (std::size_t k = 0; k < table.shows_count; ++k) shows[k] = {of.shows[k].values, of.shows[k].neurons};
    for (std::size_t k = 0; k < table.targets_count; ++k) targets[k] = {of.targets[k].values, of.targets[k].neurons};
    view = {sizeof(engram_trial), of.parameters, of.step_ms, of.step,    of.number,   of.course,
            sees.data(),          shows.data(),  of.state,   of.columns, draw_of(of), targets.data()};
  }
  PluginTrial(const PluginTrial &) = delete;
  PluginTrial &operator=(const PluginTrial &) = delete;

  PluginCode code() const { return {"environment", table.name}; }
  [[noreturn]] void fail(const std::string &what) const {
    throw PluginFailure(code(), fmt::format("in step {} of trial {} {}", trial.step, trial.number, what));
  }
  // What the plugin wrote can be used.
  void check() const {
    for (std::size_t k = 0; k < table.shows_count; ++k)
      for (std::size_t n = 0; n < shows[k].neurons; ++n)
        if (!std::isfinite(shows[k].values[n]))
          fail(fmt::format("'{}' shows {} to neuron {}", table.shows[k].name, shows[k].values[n], n));
    for (std::size_t k = 0; k < table.targets_count; ++k)
      for (std::size_t n = 0; n < targets[k].neurons; ++n)
        if (std::isinf(targets[k].values[n])) // NaN: none
          fail(fmt::format("the target '{}' of neuron {} is {}", table.targets[k].name, n, targets[k].values[n]));
    for (std::size_t k = 0; k < table.column_count; ++k) {
      const double value = trial.columns[k];
      const auto kind = table.columns[k].kind;
      const bool good = kind == ENGRAM_COLUMN_NUMBER    ? !std::isinf(value)
                        : kind == ENGRAM_COLUMN_INTEGER ? value == std::floor(value) && std::abs(value) < 0x1p53
                                                        : value == 0 || value == 1;
      if (!good)
        fail(fmt::format("its column '{}' is {}, which is {}", table.columns[k].name, value,
                         kind == ENGRAM_COLUMN_NUMBER    ? "infinite"
                         : kind == ENGRAM_COLUMN_INTEGER ? "no integer"
                                                         : "neither 0 nor 1"));
    }
  }

  const EnvironmentTrial &trial;
  const engram_environment &table;
  std::array<engram_seen, ENGRAM_MAX_CHANNELS> sees{};
  std::array<engram_shown, ENGRAM_MAX_CHANNELS> shows{}, targets{};
  engram_trial view{};
};

void next_of_plugin(const CourseOfEvents &events, const double *before, double *now) {
  const auto &table = *events.entry->table;
  const engram_events view{sizeof(engram_events), events.parameters, events.number, draw_of(events)};
  const PluginCode code{"environment", table.name};
  call_plugin(code, table.callbacks.next, &view, before, now);
  for (std::size_t k = 0; k < table.course_count; ++k)
    if (!std::isfinite(now[k]))
      throw PluginFailure(code, fmt::format("number {} of the course of trial {} is {}", k, events.number, now[k]));
}

void begin_of_plugin(const EnvironmentTrial &trial) {
  const PluginTrial own(trial);
  call_plugin(own.code(), own.table.callbacks.begin, &own.view);
  own.check();
}

Happening step_of_plugin(const EnvironmentTrial &trial) {
  const PluginTrial own(trial);
  engram_happening now{sizeof(engram_happening), 0, 0, 0, -1};
  call_plugin(own.code(), own.table.callbacks.step, &own.view, &now);
  own.check();
  if (!std::isfinite(now.reward)) own.fail(fmt::format("the reward is {}", now.reward));
  if (now.choice < -1 || (now.choice >= 0 && static_cast<std::size_t>(now.choice) >= own.sees[0].neurons))
    own.fail(fmt::format("neuron {} of '{}' is chosen, which has {}", now.choice, own.table.sees[0].name,
                         own.sees[0].neurons));
  Happening out;
  out.reward = now.reward;
  out.outcome = now.outcome != 0;
  out.ends = now.ends != 0;
  out.choice = now.choice;
  return out;
}

} // namespace

EnvironmentEntry entry_in_words(const EnvironmentInfo &info) {
  EnvironmentEntry entry;
  entry.words = info.words;
  entry.states = info.states;
  entry.course = info.course;
  return entry;
}

EnvironmentEntry entry_of_plugin(const engram_environment &table, const EnvironmentInfo &info) {
  auto entry = entry_in_words(info);
  entry.table = &table;
  if (table.callbacks.next != nullptr) entry.next = next_of_plugin;
  entry.begin = begin_of_plugin;
  entry.step = step_of_plugin;
  return entry;
}

} // namespace engram::task
