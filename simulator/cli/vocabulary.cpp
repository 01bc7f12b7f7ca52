#include "cli/vocabulary.hpp"

#include "data/dataset.hpp"
#include "dynamics/circuit.hpp"
#include "learning/optimizer.hpp"
#include "learning/schedule.hpp"
#include "network/patterns.hpp"
#include "objective/objective.hpp"

#include <cstdio>

namespace engram::cli {

model::Vocabulary vocabulary(learning::RuleLibrary &library, std::vector<std::string> *problems) {
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

LoadedModel load_model(const Context &context, const std::string &file, const model::LoadOptions &options) {
  LoadedModel loaded{learning::RuleLibrary(context.plugin_folders), {}, {}};
  std::vector<std::string> problems;
  auto words = vocabulary(loaded.library, &problems);
  for (const auto &plugin : model::plugin_files(file, options)) {
    try {
      auto info = loaded.library.describe(plugin);
      info.file = plugin;
      words.rules.push_back(std::move(info));
    } catch (const learning::RuleNotFound &missing) {
      throw learning::PluginError(missing.what()); // the run cannot be done; the file itself may be right
    }
  }
  try {
    loaded.model = model::load(file, words, options);
  } catch (const model::InputError &) {
    // A name may be unknown because its plugin cannot be loaded.
    for (const auto &problem : problems) std::fprintf(stderr, "engram: note: %s\n", problem.c_str());
    throw;
  }
  for (const auto &rule : loaded.model.rules) loaded.rules.push_back(&loaded.library.load(rule.plugin));
  return loaded;
}

} // namespace engram::cli
