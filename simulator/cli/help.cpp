// This is the command `engram help [TOPIC]`. It prints a reference from the same entries that the schema and the checks
// are made of.
#include "cli/context.hpp"
#include "cli/help_keys.hpp"
#include "cli/notes.hpp"
#include "cli/output.hpp"
#include "input/nearest.hpp"
#include "model/load.hpp"
#include "recordings/method_entry.hpp"
#include "session/open_model.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <utility>

namespace engram::cli {
namespace {

using namespace nlohmann::literals;

template <class... Words> void print_as(fmt::format_string<Words...> text, Words &&...words) {
  print(fmt::format(text, std::forward<Words>(words)...));
}

/// A parameter, as a row of a table.
struct HelpParameter {
  std::string name, unit, initial, range, help;
};

/// A word that a model file or a comparison file may hold, with what is known of it.
struct HelpEntry {
  std::string name, help, reference;
  std::vector<HelpParameter> parameters;
  const model::Dynamics *dynamics = nullptr; ///< of the kind "dynamics"
  const model::Named *environment = nullptr; ///< of the kind "environments"
  std::string applies_to{}, interval{};      ///< of the kind "methods"
};

/// A kind of entries, by the topic that lists it.
struct HelpKind {
  std::string topic, help;
  std::vector<HelpEntry> entries;
};

std::string bounds(double minimum, bool above_minimum, double maximum) {
  const bool low = std::isfinite(minimum), high = std::isfinite(maximum);
  std::string text;
  if (low) text = fmt::format("{} {:g}", above_minimum ? "above" : "from", minimum);
  if (high) text += fmt::format("{}to {:g}", low ? " " : "", maximum);
  return text;
}

HelpParameter row_of(const model::Parameter &p) {
  std::string initial = p.file ? "" : fmt::format("{:g}", p.initial);
  std::string range = p.file ? "a file" : bounds(p.minimum, p.above_minimum, p.maximum);
  if (!p.choices.empty()) {
    initial = p.choices[static_cast<std::size_t>(std::max(0.0, p.initial))];
    range = fmt::format("{}", fmt::join(p.choices, " | "));
  }
  return {p.name, p.unit, initial, range,
          p.help + (p.in_steps ? "; a multiple of the time step" : "") +
              (p.per_neuron ? "; may differ by neuron" : "")};
}

HelpParameter row_of(const recordings::Parameter &p) {
  HelpParameter out{p.name, p.unit, "", bounds(p.minimum, p.above_minimum, p.maximum), p.help};
  if (const auto *yes = std::get_if<bool>(&p.initial)) {
    out.initial = *yes ? "true" : "false";
    out.range = "true | false";
  } else if (const auto *number = std::get_if<double>(&p.initial)) {
    out.initial = p.has_initial() ? fmt::format("{:g}", *number) : "";
  } else {
    out.initial = std::get<std::string>(p.initial);
    out.range = p.words.empty() ? "text" : fmt::format("{}", fmt::join(p.words, " | "));
  }
  return out;
}

template <class Parameter> std::vector<HelpParameter> rows_of(const std::vector<Parameter> &parameters) {
  std::vector<HelpParameter> out;
  for (const auto &parameter : parameters) out.push_back(row_of(parameter));
  return out;
}

std::vector<HelpEntry> entries_of(const std::vector<model::Named> &list) {
  std::vector<HelpEntry> out;
  for (const auto &one : list) out.push_back({one.name, one.help, one.reference, rows_of(one.parameters), nullptr});
  return out;
}

// Each signal once, with the dynamics that offer it.
std::vector<HelpEntry> signals_of(const model::Vocabulary &words) {
  std::vector<HelpEntry> out;
  for (const auto &dynamics : words.dynamics)
    for (const auto &signal : dynamics.signals) {
      auto found = std::find_if(out.begin(), out.end(), [&](const HelpEntry &e) { return e.name == signal.name; });
      if (found == out.end()) found = out.insert(out.end(), {signal.name, "", "", {}, nullptr});
      found->help += (found->help.empty() ? "" : ", ") + dynamics.name;
    }
  return out;
}

// The keys of a part of a model file, with the keys of each as its parameters.
HelpKind keys_in(const std::string &topic, const std::string &help, const nlohmann::ordered_json &schema) {
  HelpKind out{topic, help, {}};
  for (const auto &key : keys_of(schema)) {
    HelpEntry entry{key.name, key.help, "", {}, nullptr};
    if (!key.range.empty() && key.range.size() < 80) entry.help += fmt::format(" ({})", key.range);
    if (!key.initial.empty()) entry.help += fmt::format("; {} unless given", key.initial);
    for (const auto &below : key.keys)
      entry.parameters.push_back({below.name, "", below.initial, below.range, below.help});
    out.entries.push_back(std::move(entry));
  }
  return out;
}

std::vector<HelpKind> kinds_of(const model::Vocabulary &words) {
  std::vector<HelpKind> out{{"dynamics", "how the neurons of a region move", {}}};
  for (const auto &one : words.dynamics)
    out[0].entries.push_back({one.name, one.help, one.reference, rows_of(one.parameters), &one});
  out.push_back(
      {"signals", "what a region shows of itself in a step, by the dynamics that offer it", signals_of(words)});
  out.push_back({"activations", "from a potential to a rate", entries_of(words.activations)});
  out.push_back({"noise", "what is injected into each neuron at each step", entries_of(words.noises)});
  out.push_back({"receptors", "what a spike that arrives does", entries_of(words.receptors)});
  out.push_back({"connect", "which neurons a projection joins", entries_of(words.patterns)});
  out.push_back({"short_term", "how synapses change by their own use", entries_of(words.short_term)});
  out.push_back({"integrators", "how differential equations are stepped", entries_of(words.integrators)});
  out.push_back({"objectives", "what is to be small", entries_of(words.objectives)});
  HelpKind environments{"environments", "what a circuit acts on, and what answers", {}};
  for (const auto &one : words.environments)
    environments.entries.push_back({one.name, one.help, one.reference, rows_of(one.parameters), nullptr, &one});
  out.push_back(std::move(environments));
  out.push_back({"optimizers", "what is done with the change that a rule wants", entries_of(words.optimizers)});
  out.push_back({"schedules", "how a learning rate goes down over the epochs", entries_of(words.schedules)});
  const auto schema = model::schema(words);
  out.push_back(keys_in("learning", "keys of a rule in a model's learning.rules",
                        schema.at("/properties/learning/properties/rules/additionalProperties"_json_pointer)));
  out.push_back(keys_in("task", "keys of a model's task", schema.at("/properties/task"_json_pointer)));
  HelpKind data{"data", "data sets that a model may name", {}};
  for (const auto &set : words.datasets) data.entries.push_back({set.name, set.help, set.reference, {}, nullptr});
  out.push_back(std::move(data));
  HelpKind rules{"rules", "learning rules that were found; engram rules NAME says more", {}};
  for (const auto &rule : words.rules)
    rules.entries.push_back({rule.name, rule.summary, rule.reference, rows_of(rule.parameters), nullptr});
  out.push_back(std::move(rules));
  HelpKind methods{"methods", "what engram compare computes of circuits and recordings", {}};
  for (const auto &entry : recordings::method_entries())
    methods.entries.push_back({entry.words.name, entry.words.help, entry.words.reference,
                               rows_of(entry.words.parameters), nullptr, nullptr, recordings::applies_to(entry),
                               entry.words.interval});
  out.push_back(std::move(methods));
  return out;
}

void print_names(const HelpKind &kind) {
  std::vector<std::string> names;
  for (const auto &entry : kind.entries) names.push_back(entry.name);
  print_as("{:<12} {}\n{:<12} {}\n", kind.topic, kind.help, "", fmt::join(names, ", "));
}

void print_kind(const HelpKind &kind) {
  print_as("{}: {}\n\n", kind.topic, kind.help);
  std::size_t width = 0;
  for (const auto &entry : kind.entries) width = std::max(width, entry.name.size());
  for (const auto &entry : kind.entries) print_as("  {:<{}}  {}\n", entry.name, width, entry.help);
}

void print_parameters(const std::vector<HelpParameter> &parameters) {
  if (parameters.empty()) return;
  std::size_t initial = 10, range = 24; // widths
  for (const auto &p : parameters) {
    initial = std::max(initial, p.initial.size());
    range = std::max(range, p.range.size());
  }
  const auto print_row = [&](const HelpParameter &p) {
    print_as("  {:<20} {:<8} {:>{}}  {:<{}} {}\n", p.name, p.unit, p.initial, initial, p.range, range, p.help);
  };
  print_as("\n");
  print_row({"PARAMETER", "UNIT", "DEFAULT", "RANGE", "HELP"});
  for (const auto &p : parameters) print_row(p);
}

// What an environment sees, what it shows, and what it tells of each trial.
void print_environment(const model::Named &environment) {
  const auto channels = [](const char *title, const std::vector<model::Channel> &list) {
    print_as("\n  {:<20} {:<12} MEANING\n", title, "NEURONS");
    for (const auto &one : list) {
      const bool any = one.most == std::numeric_limits<std::size_t>::max();
      const std::string neurons = any                      ? fmt::format("{} or more", one.fewest)
                                  : one.most == one.fewest ? fmt::format("{}", one.fewest)
                                                           : fmt::format("{} to {}", one.fewest, one.most);
      print_as("  {:<20} {:<12} {}\n", one.name, neurons, one.help);
    }
  };
  channels("SEES", environment.sees);
  channels("SHOWS", environment.shows);
  if (!environment.targets.empty()) channels("TARGETS", environment.targets);
  print_as("\n  {:<20} MEANING\n", "COLUMN OF TRIALS");
  print_as("  {:<20} sum of the rewards of the trial\n", "reward");
  for (const auto &one : environment.columns) print_as("  {:<20} {}\n", one.name, one.help);
}

void print_entry(const HelpKind &kind, const HelpEntry &entry, const model::Vocabulary &words) {
  print_as("{} ({})\n", entry.name, kind.topic);
  if (kind.topic == "signals") {
    for (const auto &dynamics : words.dynamics)
      for (const auto &signal : dynamics.signals)
        if (signal.name == entry.name)
          print_as("  {:<20} {}{}\n", dynamics.name, signal.help,
                   signal.unit.empty() ? "" : fmt::format(" ({})", signal.unit));
    return;
  }
  print_as("  {}\n", entry.help);
  if (!entry.reference.empty()) print_as("  {}\n", entry.reference);
  if (!entry.applies_to.empty()) print_as("  {}\n", entry.applies_to);
  if (!entry.interval.empty()) print_as("  interval: {}\n", entry.interval);
  print_parameters(entry.parameters);
  if (entry.environment) print_environment(*entry.environment);
  if (!entry.dynamics) return;
  const auto &dynamics = *entry.dynamics;
  if (!dynamics.manual.empty()) print_as("\n{}", dynamics.manual);
  print_as("\n  {:<20} {:<8} {}\n", "SIGNAL", "UNIT", "MEANING");
  for (const auto &signal : dynamics.signals) print_as("  {:<20} {:<8} {}\n", signal.name, signal.unit, signal.help);
  if (!dynamics.states.empty()) print_as("\n  {:<20} {:<8} {}\n", "STATE", "UNIT", "MEANING");
  for (const auto &state : dynamics.states) print_as("  {:<20} {:<8} {}\n", state.name, state.unit, state.help);
  if (dynamics.activation) print_as("\n  activation   {} unless given\n", dynamics.default_activation);
  print_as("\n  projections may target: {}{}\n",
           dynamics.compartments.empty() ? std::string("nothing")
                                         : fmt::format("{}", fmt::join(dynamics.compartments, ", ")),
           dynamics.receptors ? ", and the receptors that the region names" : "");
}

void print_help(const CLI::App &app, Context &context, const std::string &topic) {
  std::vector<std::string> left_out;
  const auto words = session::vocabulary(learning::RuleLibrary(context.folders.plugins), &left_out);
  tell_left_out(left_out);
  const auto kinds = kinds_of(words);
  if (topic.empty()) {
    print_as("engram help TOPIC, where TOPIC is a command, one of these kinds, or a name among them:\n\n");
    for (const auto &kind : kinds) print_names(kind);
    return;
  }
  std::vector<std::string> known;
  const CLI::App *of_name = nullptr; // the command, the kind and the entries that the topic names
  const HelpKind *whole = nullptr;
  std::vector<std::pair<const HelpKind *, const HelpEntry *>> named;
  for (const auto *command : app.get_subcommands([](const CLI::App *) { return true; })) {
    known.push_back(command->get_name());
    if (command->get_name() == topic) of_name = command;
  }
  for (const auto &kind : kinds) {
    known.push_back(kind.topic);
    if (kind.topic == topic) whole = &kind;
    for (const auto &entry : kind.entries) {
      known.push_back(entry.name);
      if (entry.name == topic) named.emplace_back(&kind, &entry);
    }
  }
  if (whole) { // what else the word means is told in a line
    print_kind(*whole);
    if (of_name) print_as("\n{0} is also a command: engram {0} --help\n", topic);
    for (const auto &[kind, entry] : named)
      print_as("\n{} is also one of the {}: engram help {}\n", entry->name, kind->topic, kind->topic);
    return;
  }
  if (of_name) print_as("{}", of_name->help("engram"));
  for (std::size_t k = 0; k < named.size(); ++k) {
    if (of_name || k > 0) print_as("\n");
    print_entry(*named[k].first, *named[k].second, words);
  }
  const bool found = of_name || !named.empty();
  if (!found) throw input::InputError("engram help: " + input::unknown("topic", topic.substr(0, 200), known));
}

} // namespace

void add_help(CLI::App &app, Context &context) {
  auto topic = std::make_shared<std::string>();
  auto *command =
      app.add_subcommand("help", "reference: dynamics, signals, receptors, parameters, methods, …, or a command");
  command->add_option("TOPIC", *topic, "a kind of entries, the name of one, or a command");
  command->callback([topic, &app, &context] { print_help(app, context, *topic); });
}

} // namespace engram::cli
