// engram rules [NAME] [--json]
#include "cli/context.hpp"
#include "learning/rule_library.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <memory>

namespace engram::cli {
namespace {
using Json = nlohmann::ordered_json;

std::string text(const model::RuleSignal &signal) { return (signal.post ? "post." : "pre.") + signal.name; }

std::string signals(const model::RuleInfo &rule) {
  std::string all;
  for (const auto &signal : rule.signals) all += (all.empty() ? "" : " ") + text(signal);
  for (const auto &modulator : rule.modulators) all += (all.empty() ? "" : " ") + modulator;
  return all.empty() ? "-" : all;
}

Json finite(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json to_json(const model::Parameter &from) {
  Json to{{"name", from.name}, {"unit", from.unit}};
  if (from.choices.empty()) {
    to["default"] = from.initial;
    to["minimum"] = finite(from.minimum);
    to["maximum"] = finite(from.maximum);
  } else {
    to["default"] = from.choices[static_cast<std::size_t>(from.initial)];
    to["choices"] = from.choices;
  }
  to["help"] = from.help;
  return to;
}

Json to_json(const model::RuleInfo &rule) {
  Json to{{"name", rule.name}, {"summary", rule.summary}, {"local", rule.local}, {"form", rule.form}};
  to["signals"] = Json::array();
  for (const auto &signal : rule.signals) to["signals"].push_back(text(signal));
  to["modulators"] = rule.modulators;
  to["parameters"] = Json::array();
  for (const auto &parameter : rule.parameters) to["parameters"].push_back(to_json(parameter));
  to["reference"] = rule.reference;
  return to;
}

void print(const std::string &line) {
  std::fwrite(line.data(), 1, line.size(), stdout);
  std::fputc('\n', stdout);
}

void print_table(const std::vector<model::RuleInfo> &rules) {
  std::size_t name = 4, reads = 5;
  for (const auto &rule : rules) {
    name = std::max(name, rule.name.size());
    reads = std::max(reads, signals(rule).size());
  }
  print(fmt::format("{:{}}  {:8}  {:8}  {:{}}  {}", "NAME", name, "FORM", "LOCAL", "READS", reads, "SUMMARY"));
  for (const auto &rule : rules)
    print(fmt::format("{:{}}  {:8}  {:8}  {:{}}  {}", rule.name, name, rule.form, rule.local ? "local" : "nonlocal",
                      signals(rule), reads, rule.summary));
}

void print_full(const model::RuleInfo &rule) {
  print(fmt::format("{}: {}\n", rule.name, rule.summary));
  print(fmt::format("form       {}, {}", rule.form, rule.local ? "local" : "nonlocal"));
  print(fmt::format("reads      {}", signals(rule)));
  print(fmt::format("called     {}", rule.moment));
  print(fmt::format("objective  {}", rule.delivery));
  print(fmt::format("precision  {}{}{}", rule.single ? "single" : "", rule.single && rule.double_ ? ", " : "",
                    rule.double_ ? "double" : ""));
  print(fmt::format("reference  {}", rule.reference));
  print(fmt::format("file       {}", rule.file));
  if (rule.parameters.empty()) return;
  print(fmt::format("\n{:16} {:8} {:>10}  {:24} {}", "PARAMETER", "UNIT", "DEFAULT", "RANGE", "HELP"));
  for (const auto &parameter : rule.parameters) {
    std::string initial = fmt::format("{:g}", parameter.initial);
    std::string range = fmt::format("{:g} … {:g}", parameter.minimum, parameter.maximum);
    if (!parameter.choices.empty()) {
      initial = parameter.choices[static_cast<std::size_t>(parameter.initial)];
      range.clear();
      for (const auto &word : parameter.choices) range += (range.empty() ? "" : "|") + word;
    }
    print(fmt::format("{:16} {:8} {:>10}  {:24} {}", parameter.name, parameter.unit, initial, range, parameter.help));
  }
}

struct Options {
  std::string name;
  bool json = false;
};

void run(const Options &options, const Context &context) {
  learning::RuleLibrary library(context.plugin_folders);
  std::vector<model::RuleInfo> rules;
  if (options.name.empty()) {
    std::vector<std::string> problems;
    rules = library.list(&problems);
    for (const auto &problem : problems) std::fprintf(stderr, "engram: %s\n", problem.c_str());
  } else {
    rules.push_back(library.describe(options.name));
  }
  if (options.json) {
    auto all = Json::array();
    for (const auto &rule : rules) all.push_back(to_json(rule));
    // A plugin's text may be any bytes; what is not UTF-8 is replaced.
    print(all.dump(-1, ' ', false, Json::error_handler_t::replace));
  } else if (options.name.empty()) {
    print_table(rules);
  } else {
    print_full(rules.front());
  }
}

} // namespace

void add_rules(CLI::App &app, Context &context) {
  auto options = std::make_shared<Options>();
  auto *command = app.add_subcommand("rules", "lists the learning rules that are found, or describes one in full");
  command->add_option("NAME", options->name, "a rule's name, or the path of an .so");
  command->add_flag("--json", options->json, "prints one JSON array");
  command->callback([options, &context] { run(*options, context); });
}

} // namespace engram::cli
