#include "cli/vocabulary.hpp"

#include "cli/foreign_rules.hpp"
#include "cli/output.hpp"
#include "data/dataset.hpp"
#include "dynamics/circuit.hpp"
#include "learning/optimizer.hpp"
#include "learning/schedule.hpp"
#include "network/patterns.hpp"
#include "objective/objective.hpp"

#include <algorithm>
#include <utility>

namespace engram::cli {

model::Vocabulary vocabulary(const learning::RuleLibrary &library, std::vector<std::string> *problems) {
  model::Vocabulary words;
  network::describe(words);
  dynamics::describe(words);
  objective::describe(words);
  learning::describe(words);
  learning::describe_schedules(words);
  for (const auto &set : data::datasets()) words.datasets.push_back({set.name, set.help, set.reference});
  words.rules = library.list(problems);
  return words;
}

void tell_left_out(const std::vector<std::string> &problems) {
  for (const auto &problem : problems) say("engram: note: " + data::printable_line(problem) + "; it is left out");
}

namespace {

// The error may come from rules that could not be read, or that are elsewhere.
void tell_of_rules(const input::InputError &error, const learning::RuleLibrary &library,
                   const std::vector<std::string> &problems) {
  tell_left_out(problems);
  const auto of_plugin = [](const input::Problem &problem) {
    return problem.pointer.starts_with("/learning/rules/") && problem.pointer.ends_with("/plugin");
  };
  if (std::any_of(error.problems().begin(), error.problems().end(), of_plugin))
    say("engram: note: for rules it " + data::printable_line(library.searched()));
}

ReadModel read_checked(const Context &context, const learning::RuleLibrary &library, const std::string &file,
                       const model::LoadOptions &options, Runs runs) {
  ReadModel read;
  read.words = vocabulary(library, &read.left_out);
  read.foreign = model::plugin_files(file, options);
  for (const auto &plugin : read.foreign) {
    try {
      library.find(plugin);
      tell_foreign_rule(context, plugin, runs);
      auto info = library.describe(plugin);
      info.file = plugin;
      read.words.rules.push_back(std::move(info));
    } catch (const learning::RuleNotFound &missing) {
      throw learning::PluginError(missing.what()); // the run cannot be done; the file itself may be right
    }
  }
  try {
    read.model = model::load(file, read.words, options, &read.places);
  } catch (const input::InputError &error) {
    tell_of_rules(error, library, read.left_out);
    throw;
  }
  return read;
}

} // namespace

ReadModel read_model(const Context &context, const std::string &file, const model::LoadOptions &options) {
  return read_checked(context, learning::RuleLibrary(context.plugin_folders), file, options, Runs::apart);
}

LoadedModel load_model(const Context &context, const std::string &file, const model::LoadOptions &options) {
  LoadedModel loaded{learning::RuleLibrary(context.plugin_folders), {}, {}, {}};
  auto read = read_checked(context, loaded.library, file, options, Runs::in_program);
  loaded.model = std::move(read.model);
  loaded.places = std::move(read.places);
  for (const auto &rule : loaded.model.rules) {
    tell_foreign_rule(context, loaded.library.find(rule.plugin), Runs::in_program);
    loaded.rules.push_back(&loaded.library.load(rule.plugin));
  }
  return loaded;
}

} // namespace engram::cli
