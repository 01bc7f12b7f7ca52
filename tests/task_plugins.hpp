// These functions give tests the terms and environments that are plugins: those that are built for the tests, and those
// that come with engram.
#pragma once

#include "learning/open_environment.hpp"
#include "learning/open_objective.hpp"
#include "learning/rule_library.hpp"
#include "spiking.hpp"
#include "task/entries.hpp"

#include <string>

namespace task_plugins {

using namespace engram;

inline learning::RuleLibrary &library() {
  static learning::RuleLibrary plugins({ENGRAM_BUILD_DIR "/tests/plugins", ENGRAM_BUILD_DIR "/plugins"});
  return plugins;
}

/// engram's own, and these plugins.
inline const task::TaskEntries &entries() {
  static const auto all = [] {
    auto out = task::task_entries();
    for (const char *name :
         {"mse_again", "softmax_again", "variance_of_batch", "huber", "rate_band", "course_roughness",
          "course_correlation", "course_variance", "mean_apart", "mean_error", "older_objective"}) {
      const auto &table = library().load_objective(name);
      if (std::none_of(out.objectives.begin(), out.objectives.end(),
                       [&](const auto &one) { return one.words.name == name; }))
        out.objectives.push_back(task::entry_of_plugin(table, learning::objective_info_of(table, "")));
    }
    for (const char *name : {"bandit_again", "chooses_alone", "mountain_car", "line_teacher", "older_environment"}) {
      const auto &table = library().load_environment(name);
      out.environments.push_back(task::entry_of_plugin(table, learning::environment_info_of(table, "")));
    }
    return out;
  }();
  return all;
}

/// The words of a model file, with these plugins.
inline const model::Vocabulary &vocabulary() {
  static const auto words = [] {
    auto all = spiking::vocabulary();
    const auto add = [](const auto &from, auto &to) {
      for (const auto &entry : from)
        if (!model::entry_named(entry.words.name, to)) to.push_back(entry.words);
    };
    add(entries().objectives, all.objectives);
    add(entries().environments, all.environments);
    return all;
  }();
  return words;
}

} // namespace task_plugins
