// This is the command `engram help [TOPIC]`. It prints a reference from the same entries that the schema and the checks
// are made of.
#include "cli/context.hpp"
#include "cli/notes.hpp"
#include "cli/output.hpp"
#include "input/nearest.hpp"
#include "session/open_model.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

namespace engram::cli {
namespace {

template <class... Words> void print_as(fmt::format_string<Words...> text, Words &&...words) {
  print(fmt::format(text, std::forward<Words>(words)...));
}

/// A word that a model file may hold, with what is known of it.
struct HelpEntry {
  std::string name, help, reference;
  std::vector<model::Parameter> parameters;
  const model::Dynamics *dynamics = nullptr; ///< of the kind "dynamics"
};

/// A kind of entries, by the topic that lists it.
struct HelpKind {
  std::string topic, help;
  std::vector<HelpEntry> entries;
};

std::vector<HelpEntry> entries_of(const std::vector<model::Named> &list) {
  std::vector<HelpEntry> out;
  for (const auto &one : list) out.push_back({one.name, one.help, one.reference, one.parameters, nullptr});
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

std::vector<HelpKind> kinds_of(const model::Vocabulary &words) {
  std::vector<HelpKind> out{{"dynamics", "how the neurons of a region move", {}}};
  for (const auto &one : words.dynamics)
    out[0].entries.push_back({one.name, one.help, one.reference, one.parameters, &one});
  out.push_back(
      {"signals", "what a region shows of itself in a step, by the dynamics that offer it", signals_of(words)});
  out.push_back({"activations", "from a potential to a rate", entries_of(words.activations)});
  out.push_back({"noise", "what is injected into each neuron at each step", entries_of(words.noises)});
  out.push_back({"receptors", "what a spike that arrives does", entries_of(words.receptors)});
  out.push_back({"connect", "which neurons a projection joins", entries_of(words.patterns)});
  out.push_back({"short_term", "how synapses change by their own use", entries_of(words.short_term)});
  out.push_back({"integrators", "how differential equations are stepped", entries_of(words.integrators)});
  out.push_back({"objectives", "what is to be small", entries_of(words.objectives)});
  out.push_back({"optimizers", "what is done with the change that a rule wants", entries_of(words.optimizers)});
  out.push_back({"schedules", "how a learning rate goes down over the epochs", entries_of(words.schedules)});
  HelpKind data{"data", "data sets that a model may name", {}};
  for (const auto &set : words.datasets) data.entries.push_back({set.name, set.help, set.reference, {}, nullptr});
  out.push_back(std::move(data));
  HelpKind rules{"rules", "learning rules that were found; engram rules NAME says more", {}};
  for (const auto &rule : words.rules)
    rules.entries.push_back({rule.name, rule.summary, rule.reference, rule.parameters, nullptr});
  out.push_back(std::move(rules));
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

std::string range_of(const model::Parameter &p) {
  if (!p.choices.empty()) return fmt::format("{}", fmt::join(p.choices, " | "));
  if (p.file) return "a file";
  const bool low = std::isfinite(p.minimum), high = std::isfinite(p.maximum);
  std::string text;
  if (low) text = fmt::format("{} {:g}", p.above_minimum ? "above" : "from", p.minimum);
  if (high) text += fmt::format("{}to {:g}", low ? " " : "", p.maximum);
  return text;
}

void print_parameters(const std::vector<model::Parameter> &parameters) {
  if (parameters.empty()) return;
  print_as("\n  {:<20} {:<8} {:>10}  {:<24} {}\n", "PARAMETER", "UNIT", "DEFAULT", "RANGE", "HELP");
  for (const auto &p : parameters) {
    std::string initial = p.file ? "" : fmt::format("{:g}", p.initial);
    if (!p.choices.empty()) initial = p.choices[static_cast<std::size_t>(std::max(0.0, p.initial))];
    print_as("  {:<20} {:<8} {:>10}  {:<24} {}{}{}\n", p.name, p.unit, initial, range_of(p), p.help,
             p.in_steps ? "; a multiple of the time step" : "", p.per_neuron ? "; may differ by neuron" : "");
  }
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
  print_parameters(entry.parameters);
  if (!entry.dynamics) return;
  const auto &dynamics = *entry.dynamics;
  print_as("\n  {:<20} {:<8} {}\n", "SIGNAL", "UNIT", "MEANING");
  for (const auto &signal : dynamics.signals) print_as("  {:<20} {:<8} {}\n", signal.name, signal.unit, signal.help);
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
  bool found = false;
  for (const auto *command : app.get_subcommands([](const CLI::App *) { return true; })) {
    known.push_back(command->get_name());
    if (command->get_name() != topic) continue;
    print_as("{}", command->help());
    found = true;
  }
  for (const auto &kind : kinds) {
    known.push_back(kind.topic);
    if (kind.topic == topic) {
      print_kind(kind);
      found = true;
    }
    for (const auto &entry : kind.entries) {
      known.push_back(entry.name);
      if (entry.name != topic) continue;
      if (found) print_as("\n");
      print_entry(kind, entry, words);
      found = true;
    }
  }
  if (!found) throw input::InputError("engram help: " + input::unknown("topic", topic.substr(0, 200), known));
}

} // namespace

void add_help(CLI::App &app, Context &context) {
  auto topic = std::make_shared<std::string>();
  auto *command = app.add_subcommand("help", "reference: dynamics, signals, receptors, parameters, …, or a command");
  command->add_option("TOPIC", *topic, "a kind of entries, the name of one, or a command");
  command->callback([topic, &app, &context] { print_help(app, context, *topic); });
}

} // namespace engram::cli
