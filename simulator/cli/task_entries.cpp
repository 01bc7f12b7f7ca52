// These are the commands `engram objectives [NAME] [--json]` and `engram environments [NAME] [--json]`.
#include "cli/context.hpp"
#include "cli/notes.hpp"
#include "cli/output.hpp"
#include "input/input_error.hpp"
#include "input/nearest.hpp"
#include "learning/rule_library.hpp"
#include "task/entries.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <memory>

namespace engram::cli {
namespace {

/// A term or an environment, engram's own (then without a file) or a plugin's.
struct ListedEntry {
  model::Named words;
  std::string file;
};

/// What differs between the two commands.
struct ListedKind {
  const char *command;
  const char *one; ///< what a message calls an entry
  bool environments;
  std::vector<ListedEntry> (*all)(const learning::RuleLibrary &library, std::vector<std::string> &problems);
  ListedEntry (*named)(const learning::RuleLibrary &library, const std::string &name);
};

using ListedJson = nlohmann::ordered_json;

void print_listed(const std::string &line) { print(data::printable_line(line) + "\n"); }

template <class Entries, class Infos>
std::vector<ListedEntry> own_and_plugins(const Entries &own, const Infos &plugins, const char *what,
                                         std::vector<std::string> &problems) {
  std::vector<ListedEntry> all;
  for (const auto &entry : own) all.push_back({entry.words, ""});
  for (const auto &one : plugins) {
    const bool taken =
        std::any_of(all.begin(), all.end(), [&](const auto &other) { return other.words.name == one.words.name; });
    if (taken)
      problems.push_back(one.file + ": '" + one.words.name + "' is " + what +
                         " of engram itself; give yours another name");
    else
      all.push_back({one.words, one.file});
  }
  return all;
}

std::vector<ListedEntry> all_objectives(const learning::RuleLibrary &library, std::vector<std::string> &problems) {
  const auto plugins = library.all();
  problems = plugins.problems;
  return own_and_plugins(task::objective_entries(), plugins.objectives, "a term", problems);
}

std::vector<ListedEntry> all_environments(const learning::RuleLibrary &library, std::vector<std::string> &problems) {
  const auto plugins = library.all();
  problems = plugins.problems;
  return own_and_plugins(task::environment_entries(), plugins.environments, "an environment", problems);
}

ListedEntry named_objective(const learning::RuleLibrary &library, const std::string &name) {
  const auto info = library.objective_info(name);
  return {info.words, info.file};
}

ListedEntry named_environment(const learning::RuleLibrary &library, const std::string &name) {
  const auto info = library.environment_info(name);
  return {info.words, info.file};
}

const char *compared_with(model::Compared compared) {
  switch (compared) {
  case model::Compared::given:
    return "targets or labels, an array, or a region's signal";
  case model::Compared::array:
    return "targets or labels, or an array";
  case model::Compared::nothing:
    return "nothing";
  case model::Compared::signal:
    return "a region's signal";
  case model::Compared::later:
    return "the same signal later, an array, or a region's signal";
  case model::Compared::classes:
    return "the labels of the trials";
  case model::Compared::before:
    return "the same signal, a step before";
  }
  return "";
}

// Of one that is of the trial as a whole, be it with some of its parameters.
std::string looked_at(const model::Named &words) {
  std::map<std::string, model::Quantity> parameters;
  for (const auto &p : words.parameters) parameters[p.name] = model::Quantity::of(p.initial);
  return words.of_trial(parameters) ? "the trial as a whole"
                                    : "each step, or with other parameters the trial as a whole";
}

std::string names_in_line(const auto &list) {
  std::string out;
  for (const auto &one : list) out += (out.empty() ? "" : " ") + one.name;
  return out.empty() ? "-" : out;
}

void print_listed_table(const ListedKind &kind, const std::vector<ListedEntry> &all) {
  std::size_t name = 4, sees = 4;
  for (const auto &one : all) {
    name = std::max(name, one.words.name.size());
    sees = std::max(sees, names_in_line(one.words.sees).size());
  }
  const auto row = [&](const std::string &n, const char *from, const std::string &s, const std::string &parameters) {
    print_listed(kind.environments ? fmt::format("{:{}}  {:8}  {:{}}  {}", n, name, from, s, sees, parameters)
                                   : fmt::format("{:{}}  {:8}  {}", n, name, from, parameters));
  };
  row("NAME", "FROM", "SEES", "PARAMETERS");
  for (const auto &one : all)
    row(one.words.name, one.file.empty() ? "engram" : "plugin", names_in_line(one.words.sees),
        names_in_line(one.words.parameters));
}

void print_listed_channels(const char *title, const std::vector<model::Channel> &list) {
  if (list.empty()) return;
  print("\n");
  print_listed(fmt::format("{:20} {:12} {}", title, "NEURONS", "MEANING"));
  for (const auto &one : list) {
    const bool any = one.most == std::numeric_limits<std::size_t>::max();
    print_listed(fmt::format("{:20} {:12} {}", one.name,
                             any                      ? fmt::format("{} or more", one.fewest)
                             : one.most == one.fewest ? fmt::format("{}", one.fewest)
                                                      : fmt::format("{} to {}", one.fewest, one.most),
                             one.help));
  }
}

void print_listed_in_full(const ListedKind &kind, const ListedEntry &one) {
  const auto &words = one.words;
  print_listed(fmt::format("{}: {}", words.name, words.help));
  print("\n");
  if (!kind.environments) print_listed(fmt::format("compared    with {}", compared_with(words.compared)));
  if (!kind.environments && words.of_trial) print_listed("looks at    " + looked_at(words));
  if (!words.reference.empty()) print_listed("reference   " + words.reference);
  print_listed("file        " + (one.file.empty() ? "part of engram" : one.file));
  if (!words.parameters.empty()) {
    print("\n");
    print_listed(fmt::format("{:20} {:8} {:>10}  {:24} {}", "PARAMETER", "UNIT", "DEFAULT", "RANGE", "HELP"));
    for (const auto &p : words.parameters) {
      const bool word = !p.choices.empty();
      print_listed(
          fmt::format("{:20} {:8} {:>10}  {:24} {}", p.name, p.unit,
                      word ? p.choices[static_cast<std::size_t>(p.initial)] : fmt::format("{:g}", p.initial),
                      word ? fmt::format("{}", fmt::join(p.choices, "|"))
                           : fmt::format("{}{:g} … {:g}", p.above_minimum ? "above " : "", p.minimum, p.maximum),
                      p.help));
    }
  }
  print_listed_channels("SEES", words.sees);
  print_listed_channels("SHOWS", words.shows);
  print_listed_channels("TARGETS", words.targets);
  if (words.columns.empty()) return;
  print("\n");
  print_listed(fmt::format("{:20} {}", "COLUMN OF TRIALS", "MEANING"));
  for (const auto &column : words.columns) print_listed(fmt::format("{:20} {}", column.name, column.help));
}

ListedJson listed_json(const ListedKind &kind, const ListedEntry &one) {
  const auto finite = [](double x) { return std::isfinite(x) ? ListedJson(x) : ListedJson(nullptr); };
  ListedJson out{{"name", one.words.name}, {"summary", one.words.help}, {"plugin", !one.file.empty()}};
  out["parameters"] = ListedJson::array();
  for (const auto &p : one.words.parameters) {
    ListedJson parameter{{"name", p.name}, {"unit", p.unit}, {"help", p.help}};
    if (!p.choices.empty()) {
      parameter["default"] = p.choices[static_cast<std::size_t>(p.initial)];
      parameter["choices"] = p.choices;
    } else {
      parameter["default"] = finite(p.initial);
      parameter["minimum"] = finite(p.minimum);
      parameter["maximum"] = finite(p.maximum);
    }
    out["parameters"].push_back(parameter);
  }
  const auto names = [](const auto &list) {
    auto all = ListedJson::array();
    for (const auto &each : list) all.push_back(each.name);
    return all;
  };
  if (kind.environments) {
    out["sees"] = names(one.words.sees);
    out["shows"] = names(one.words.shows);
    out["targets"] = names(one.words.targets);
    out["columns"] = names(one.words.columns);
  } else {
    out["compared"] = compared_with(one.words.compared);
  }
  out["reference"] = one.words.reference;
  return out;
}

struct ListedOptions {
  std::string name;
  bool json = false;
};

void run_listing(const ListedKind &kind, const ListedOptions &options, const Context &context) {
  const learning::RuleLibrary library(context.folders.plugins);
  std::vector<std::string> left_out;
  auto all = kind.all(library, left_out);
  if (options.name.empty()) {
    tell_left_out(left_out);
  } else {
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const auto &one) { return one.words.name == options.name; });
    if (found != all.end())
      all = {*found};
    else
      try {
        all = {kind.named(library, options.name)};
      } catch (const learning::RuleNotFound &) { // there engram's own are not known
        if (options.name.find('/') != std::string::npos || options.name.ends_with(".so")) throw;
        std::vector<std::string> known;
        for (const auto &one : all) known.push_back(one.words.name);
        throw input::InputError(fmt::format("engram {}: {} ({})", kind.command,
                                            input::unknown(kind.one, options.name, known), library.searched()));
      }
  }
  if (options.json) {
    auto out = nlohmann::ordered_json::array();
    for (const auto &one : all) out.push_back(listed_json(kind, one));
    print_json(out);
  } else if (options.name.empty()) {
    print_listed_table(kind, all);
  } else {
    print_listed_in_full(kind, all.front());
  }
}

void add_listing(CLI::App &app, Context &context, const ListedKind &kind, const char *help, const char *name_help) {
  auto options = std::make_shared<ListedOptions>();
  auto *command = app.add_subcommand(kind.command, help);
  command->add_option("NAME", options->name, name_help);
  command->add_flag("--json", options->json, "prints one JSON array");
  command->callback([kind, options, &context] { run_listing(kind, *options, context); });
}

} // namespace

void add_task_entries(CLI::App &app, Context &context) {
  add_listing(app, context, {"objectives", "objective", false, all_objectives, named_objective},
              "lists the terms of the objective, engram's own and plugins, or describes one in full",
              "a term, or the path of an .so");
  add_listing(app, context, {"environments", "environment", true, all_environments, named_environment},
              "lists the environments, engram's own and plugins, or describes one in full",
              "an environment, or the path of an .so");
}

} // namespace engram::cli
