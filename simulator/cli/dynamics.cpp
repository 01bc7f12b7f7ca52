// This is the command `engram dynamics [NAME] [--json]`.
#include "cli/context.hpp"
#include "cli/notes.hpp"
#include "cli/output.hpp"
#include "dynamics/entry.hpp"
#include "dynamics/plugin_dynamics.hpp"
#include "input/input_error.hpp"
#include "input/nearest.hpp"
#include "learning/rule_library.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <memory>

namespace engram::cli {
namespace {
using OrderedJson = nlohmann::ordered_json;

void print_dynamics_line(const std::string &line) { print(data::printable_line(line) + "\n"); }

// Of engram itself an entry has no file.
std::vector<dynamics::DynamicsInfo> all_dynamics(const learning::RuleLibrary &library,
                                                 std::vector<std::string> &problems) {
  std::vector<dynamics::DynamicsInfo> all;
  for (const auto &entry : dynamics::dynamics_entries()) all.push_back({"", entry.words});
  auto plugins = library.all();
  problems = std::move(plugins.problems);
  for (auto &one : plugins.dynamics) {
    const bool taken =
        std::any_of(all.begin(), all.end(), [&](const auto &other) { return other.words.name == one.words.name; });
    if (taken)
      problems.push_back(one.file + ": '" + one.words.name +
                         "' is a dynamics of engram itself; give yours another name");
    else
      all.push_back(std::move(one));
  }
  return all;
}

std::string states_in_line(const dynamics::DynamicsInfo &one) {
  std::string out;
  for (const auto &state : one.words.states)
    out += (out.empty() ? "" : " ") + state.name + (state.unit.empty() ? "" : "(" + state.unit + ")");
  return out.empty() ? "-" : out;
}

std::string parameters_in_line(const dynamics::DynamicsInfo &one) {
  std::string out;
  for (const auto &p : one.words.parameters)
    out += (out.empty() ? "" : " ") + p.name + (p.unit.empty() ? "" : "(" + p.unit + ")");
  return out.empty() ? "-" : out;
}

void print_dynamics_table(const std::vector<dynamics::DynamicsInfo> &all) {
  std::size_t name = 4, states = 6;
  for (const auto &one : all) {
    name = std::max(name, one.words.name.size());
    states = std::max(states, states_in_line(one).size());
  }
  print_dynamics_line(
      fmt::format("{:{}}  {:8}  {:6}  {:{}}  {}", "NAME", name, "FROM", "OUTPUT", "STATES", states, "PARAMETERS"));
  for (const auto &one : all)
    print_dynamics_line(fmt::format("{:{}}  {:8}  {:6}  {:{}}  {}", one.words.name, name,
                                    one.file.empty() ? "engram" : "plugin", one.words.spikes ? "spikes" : "rates",
                                    states_in_line(one), states, parameters_in_line(one)));
}

std::string range_of(const model::Parameter &p) {
  if (!p.choices.empty()) return fmt::format("{}", fmt::join(p.choices, "|"));
  if (p.file) return "a file";
  return fmt::format("{}{:g} … {:g}", p.above_minimum ? "above " : "", p.minimum, p.maximum);
}

void print_dynamics_in_full(const dynamics::DynamicsInfo &one) {
  const auto &words = one.words;
  print_dynamics_line(fmt::format("{}: {}", words.name, words.help));
  print("\n");
  print_dynamics_line(fmt::format("output      {}", words.spikes ? "spikes" : "rates"));
  if (!words.integrator.empty())
    print_dynamics_line("integrator  " + words.integrator + " unless a model names one" +
                        (!words.linear  ? ""
                         : words.spikes ? "; exact steps where no receptor is a conductance"
                                        : "; exact steps by exponential_euler"));
  if (words.activation) print_dynamics_line("activation  " + words.default_activation + " unless a model names one");
  print_dynamics_line(fmt::format("start       {}", words.state ? "initial, or feedforward" : "initial"));
  if (!words.reference.empty()) print_dynamics_line("reference   " + words.reference);
  print_dynamics_line("file        " + (one.file.empty() ? "part of engram" : one.file));
  if (!words.manual.empty()) print("\n" + words.manual);
  if (!one.words.states.empty()) {
    print("\n");
    print_dynamics_line(fmt::format("{:20} {:8} {:>10}  {}", "STATE", "UNIT", "BEGINS AT", "MEANING"));
    for (const auto &state : one.words.states)
      print_dynamics_line(fmt::format("{:20} {:8} {:>10}  {}", state.name, state.unit,
                                      state.from.empty() ? fmt::format("{:g}", state.initial) : state.from,
                                      state.help));
  }
  if (!words.parameters.empty()) {
    print("\n");
    print_dynamics_line(fmt::format("{:20} {:8} {:>10}  {:24} {}", "PARAMETER", "UNIT", "DEFAULT", "RANGE", "HELP"));
    for (const auto &p : words.parameters)
      print_dynamics_line(fmt::format("{:20} {:8} {:>10}  {:24} {}", p.name, p.unit,
                                      p.choices.empty() ? fmt::format("{:g}", p.initial)
                                                        : p.choices[static_cast<std::size_t>(p.initial)],
                                      range_of(p), p.help));
  }
  print("\n");
  print_dynamics_line(fmt::format("{:20} {:8} {}", "SIGNAL", "UNIT", "MEANING"));
  for (const auto &s : words.signals) print_dynamics_line(fmt::format("{:20} {:8} {}", s.name, s.unit, s.help));
}

OrderedJson dynamics_json(const dynamics::DynamicsInfo &one) {
  const auto finite = [](double x) { return std::isfinite(x) ? OrderedJson(x) : OrderedJson(nullptr); };
  OrderedJson out{{"name", one.words.name},     {"summary", one.words.help},  {"plugin", !one.file.empty()},
                  {"spikes", one.words.spikes}, {"linear", one.words.linear}, {"integrator", one.words.integrator}};
  out["states"] = OrderedJson::array();
  for (const auto &s : one.words.states) {
    OrderedJson state{{"name", s.name}, {"unit", s.unit}, {"help", s.help}};
    if (s.from.empty())
      state["initial"] = s.initial;
    else
      state["initial"] = s.from;
    out["states"].push_back(state);
  }
  out["parameters"] = OrderedJson::array();
  for (const auto &p : one.words.parameters) {
    OrderedJson parameter{{"name", p.name}, {"unit", p.unit}, {"help", p.help}};
    if (!p.choices.empty()) {
      parameter["default"] = p.choices[static_cast<std::size_t>(p.initial)];
      parameter["choices"] = p.choices;
    } else if (!p.file) {
      parameter["default"] = finite(p.initial);
      parameter["minimum"] = finite(p.minimum);
      parameter["maximum"] = finite(p.maximum);
    }
    out["parameters"].push_back(parameter);
  }
  out["signals"] = OrderedJson::array();
  for (const auto &s : one.words.signals) out["signals"].push_back(s.name);
  out["reference"] = one.words.reference;
  return out;
}

struct DynamicsOptions {
  std::string name;
  bool json = false;
};

void run_dynamics(const DynamicsOptions &options, const Context &context) {
  const learning::RuleLibrary library(context.folders.plugins);
  std::vector<std::string> left_out;
  auto all = all_dynamics(library, left_out);
  if (options.name.empty()) {
    tell_left_out(left_out);
  } else {
    const auto named =
        std::find_if(all.begin(), all.end(), [&](const auto &one) { return one.words.name == options.name; });
    if (named != all.end()) {
      all = {*named};
    } else {
      try {
        all = {library.dynamics_info(options.name)};
      } catch (const learning::RuleNotFound &) { // there engram's own dynamics are not known
        if (options.name.find('/') != std::string::npos || options.name.ends_with(".so")) throw;
        std::vector<std::string> known;
        for (const auto &one : all) known.push_back(one.words.name);
        throw input::InputError(fmt::format("engram dynamics: {} ({})", input::unknown("dynamics", options.name, known),
                                            library.searched()));
      }
    }
  }
  if (options.json) {
    auto out = OrderedJson::array();
    for (const auto &one : all) out.push_back(dynamics_json(one));
    print_json(out);
  } else if (options.name.empty()) {
    print_dynamics_table(all);
  } else {
    print_dynamics_in_full(all.front());
  }
}

} // namespace

void add_dynamics(CLI::App &app, Context &context) {
  auto options = std::make_shared<DynamicsOptions>();
  auto *command = app.add_subcommand(
      "dynamics", "lists the dynamics of neurons, engram's own and plugins, or describes one in full");
  command->add_option("NAME", options->name, "a dynamics, or the path of an .so");
  command->add_flag("--json", options->json, "prints one JSON array");
  command->callback([options, &context] { run_dynamics(*options, context); });
}

} // namespace engram::cli
