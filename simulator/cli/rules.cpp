// This is the command `engram rules [NAME] [--for MODEL.json] [--json]`.
#include "cli/context.hpp"
#include "cli/notes.hpp"
#include "cli/output.hpp"
#include "learning/rule_library.hpp"
#include "model/fit.hpp"
#include "session/open_model.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
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
  Json to{{"name", rule.name},
          {"summary", rule.summary},
          {"local", rule.local},
          {"form", word_of(rule.form, model::form_words)}};
  to["signals"] = Json::array();
  for (const auto &signal : rule.signals) to["signals"].push_back(text(signal));
  to["modulators"] = rule.modulators;
  to["parameters"] = Json::array();
  for (const auto &parameter : rule.parameters) to["parameters"].push_back(to_json(parameter));
  to["reference"] = rule.reference;
  return to;
}

void print_row(const std::string &line) { print(data::printable_line(line) + "\n"); }

void print_table(const std::vector<model::RuleInfo> &rules) {
  std::size_t name = 4, reads = 5;
  for (const auto &rule : rules) {
    name = std::max(name, rule.name.size());
    reads = std::max(reads, signals(rule).size());
  }
  print_row(fmt::format("{:{}}  {:8}  {:8}  {:{}}  {}", "NAME", name, "FORM", "LOCAL", "READS", reads, "SUMMARY"));
  for (const auto &rule : rules)
    print_row(fmt::format("{:{}}  {:8}  {:8}  {:{}}  {}", rule.name, name, word_of(rule.form, model::form_words),
                          rule.local ? "local" : "nonlocal", signals(rule), reads, rule.summary));
}

void print_full(const model::RuleInfo &rule) {
  print_row(fmt::format("{}: {}", rule.name, rule.summary));
  print("\n");
  print_row(fmt::format("form       {}, {}", word_of(rule.form, model::form_words), rule.local ? "local" : "nonlocal"));
  const bool spiking = rule.form == model::RuleInfo::Form::spiking;
  std::string reads = signals(rule);
  if (spiking) reads = "the spikes of both sides" + (reads == "-" ? "" : ", " + reads);
  print_row(fmt::format("reads      {}", reads));
  print_row(fmt::format("called     {}", spiking ? "at spikes" : word_of(rule.called_at, model::moment_words)));
  print_row(fmt::format("objective  {}", rule.taught ? word_of(rule.delivery, model::delivery_words) : "none"));
  print_row(fmt::format("precision  {}{}{}", rule.single ? "single" : "", rule.single && rule.double_ ? ", " : "",
                        rule.double_ ? "double" : ""));
  print_row(fmt::format("reference  {}", rule.reference));
  print_row(fmt::format("file       {}", rule.file));
  if (rule.parameters.empty()) return;
  print("\n");
  print_row(fmt::format("{:16} {:8} {:>10}  {:24} {}", "PARAMETER", "UNIT", "DEFAULT", "RANGE", "HELP"));
  for (const auto &parameter : rule.parameters) {
    std::string initial = fmt::format("{:g}", parameter.initial);
    std::string range = fmt::format("{:g} … {:g}", parameter.minimum, parameter.maximum);
    if (!parameter.choices.empty()) {
      initial = parameter.choices[static_cast<std::size_t>(parameter.initial)];
      range.clear();
      for (const auto &word : parameter.choices) range += (range.empty() ? "" : "|") + word;
    }
    print_row(
        fmt::format("{:16} {:8} {:>10}  {:24} {}", parameter.name, parameter.unit, initial, range, parameter.help));
  }
}

// A projection or bias of a model, and the rules that can and cannot stand on it.
struct Fit {
  std::string projection;
  std::vector<std::string> fitting;
  std::vector<std::pair<std::string, std::string>> lacking; // rule, why
};

// `place`: the rules that stand there now.
Fit fit_of(const std::string &name, const model::Region *pre, const model::Region &post,
           std::vector<std::string> &place, model::Model &model, const session::ReadModel &read) {
  Fit fit{name, {}, {}};
  for (const auto &rule : read.words.rules) {
    const bool by_path = std::find(read.foreign.begin(), read.foreign.end(), rule.file) != read.foreign.end();
    const auto &word = by_path ? rule.file : rule.name;
    const auto reasons = model::reasons_against(word, place, model, read.words);
    if (reasons.empty()) {
      fit.fitting.push_back(word);
      continue;
    }
    std::string why; // signals that are not there, in short; else the first reason
    for (const auto &missing : model::missing_signals(rule, pre, post, read.words))
      why += (why.empty() ? "no " : ", no ") + text(missing.signal);
    fit.lacking.emplace_back(word, why.empty() ? reasons.front() : why);
  }
  return fit;
}

void list_fitting(const std::string &file, bool json, const Context &context) {
  const auto read = session::read_model(file, {}, context.folders, context.listener);
  tell_left_out(read.left_out);
  auto model = read.model;
  std::vector<Fit> fits;
  for (auto &p : model.projections) {
    if (p.weights.kind == model::Weights::Kind::transpose_of) continue; // its weights are another's
    fits.push_back(fit_of(p.name, &model.regions[p.from.region], model.regions[p.to.region], p.rules, model, read));
  }
  for (auto &region : model.regions)
    if (!model::dynamics_of(region, read.words).stimulus)
      fits.push_back(fit_of(region.name + ".bias", nullptr, region, region.bias_rules, model, read));
  if (json) {
    auto all = Json::array();
    for (const auto &fit : fits) {
      Json entry{{"projection", fit.projection}, {"rules", fit.fitting}, {"lacking", Json::object()}};
      for (const auto &[rule, why] : fit.lacking) entry["lacking"][rule] = why;
      all.push_back(entry);
    }
    print_json(all);
    return;
  }
  for (const auto &fit : fits) {
    print_row(fit.projection);
    print_row(fmt::format("  fit      {}", fmt::join(fit.fitting, " ")));
    for (const auto &[rule, why] : fit.lacking) print_row(fmt::format("  does not {:30} {}", rule, why));
  }
}

struct RulesOptions {
  std::string name, model;
  bool json = false;
};

void run_rules(const RulesOptions &options, const Context &context) {
  if (!options.model.empty()) {
    list_fitting(options.model, options.json, context);
    return;
  }
  const learning::RuleLibrary library(context.folders.plugins);
  std::vector<model::RuleInfo> rules;
  if (options.name.empty()) {
    std::vector<std::string> left_out;
    rules = library.list(&left_out);
    tell_left_out(left_out);
  } else {
    rules.push_back(library.info(options.name));
  }
  if (options.json) {
    auto all = Json::array();
    for (const auto &rule : rules) all.push_back(to_json(rule));
    print_json(all);
  } else if (options.name.empty()) {
    print_table(rules);
  } else {
    print_full(rules.front());
  }
}

} // namespace

void add_rules(CLI::App &app, Context &context) {
  auto options = std::make_shared<RulesOptions>();
  auto *command = app.add_subcommand("rules", "lists the learning rules that are found, or describes one in full");
  command->add_option("NAME", options->name, "a rule's name, or the path of an .so");
  command->add_option("--for", options->model, "a model: tells which rules fit each of its projections");
  command->add_flag("--json", options->json, "prints one JSON array");
  command->callback([options, &context] { run_rules(*options, context); });
}

} // namespace engram::cli
