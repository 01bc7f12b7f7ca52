// These are the commands `engram check NAME|FILE.so|MODEL.json [--seconds X] [--json]` and `engram check-rule`, for
// rules alone.
#include "cli/context.hpp"
#include "cli/number_option.hpp"
#include "cli/output.hpp"
#include "conformance/checks.hpp"
#include "dynamics/equations/own_equations.hpp"
#include "input/input_error.hpp"
#include "learning/rule_library.hpp"
#include "session/open_model.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <memory>

namespace engram::cli {
namespace {

struct CheckOptions {
  conformance::Report (*work)(const std::string &file, double seconds) = nullptr;
  std::string rule;
  double seconds = 10;
  bool json = false;
  bool models = false; // may NAME be a model?
};

void print_now(const std::string &line) {
  print(data::printable_line(line) + "\n");
  flush_output();
}

std::string verdict(const conformance::Report &report) {
  const auto failed =
      std::count_if(report.checks.begin(), report.checks.end(), [](const auto &c) { return !c.passed; });
  if (failed > 0) return fmt::format("{} of {} checks failed", failed, report.checks.size());
  if (report.kind != model::PluginKind::rule) return "all checks passed";
  if (report.global) return "nonlocal (reference)";
  return report.local ? "local" : "nonlocal";
}

nlohmann::ordered_json json_of(const conformance::Report &report) {
  nlohmann::ordered_json out;
  constexpr std::array<const char *, model::plugin_kinds.size()> keys{"rule", "dynamics", "objective", "environment"};
  out[keys[static_cast<std::size_t>(report.kind)]] = report.rule;
  if (report.kind == model::PluginKind::rule) out["local"] = report.local;
  out["checks"] = nlohmann::ordered_json::array();
  for (const auto &check : report.checks)
    out["checks"].push_back({{"name", check.name}, {"passed", check.passed}, {"reason", check.reason}});
  return out;
}

// The neurons by equations of a model, region by region.
std::vector<conformance::Report> check_model(const CheckOptions &options, const Context &context) {
  const auto read = session::read_model(options.rule, {}, context.folders, context.listener);
  std::vector<conformance::Report> out;
  for (const auto &region : read.model.regions)
    if (const auto *own = dynamic_cast<const dynamics::equations::OwnEquations *>(region.own.get()))
      out.push_back(conformance::check_neurons(own->neurons->table, "equations of " + region.name, options.seconds));
  if (out.empty())
    throw input::InputError(options.rule + ": no region has \"equations\"; a plugin is checked by its name");
  return out;
}

void run_checks(const CheckOptions &options, Context &context) {
  std::vector<conformance::Report> reports;
  const bool is_model = options.models && options.rule.ends_with(".json");
  if (is_model)
    reports = check_model(options, context);
  else
    reports.push_back(options.work(
        learning::RuleLibrary(context.folders.plugins).find(options.rule, options.models ? "plugin" : "rule"),
        options.seconds));
  auto all = nlohmann::ordered_json::array();
  for (const auto &report : reports) {
    if (!report.passed()) context.exit_code = failed;
    if (options.json) {
      all.push_back(json_of(report));
      continue;
    }
    for (const auto &check : report.checks)
      print_now(fmt::format("{}  {:10}  {}", check.passed ? "ok  " : "FAIL", check.name, check.reason));
    print_now(fmt::format("{}: {}", report.rule, verdict(report)));
  }
  if (options.json) print_json(is_model ? all : all.front());
}

} // namespace

void add_check(CLI::App &app, Context &context) {
  const auto add = [&](const char *name, const char *help, const char *what, auto *work) {
    auto options = std::make_shared<CheckOptions>();
    options->work = work;
    options->models = work == &conformance::check_plugin;
    auto *command = app.add_subcommand(name, help);
    command->add_option("NAME", options->rule, what)->required();
    add_positive_number(*command, "--seconds", options->seconds,
                        "time that all checks together may take (10 unless given)");
    command->add_flag("--json", options->json, "prints one JSON object (of a model an array of them)");
    command->callback([options, &context] { run_checks(*options, context); });
  };
  add("check", "tries a plugin of any kind, or the equations of a model: does it do what its table says?",
      "a plugin's name, the path of an .so, or a model (.json) whose equations are tried", conformance::check_plugin);
  add("check-rule", "tries a learning rule: is it local, does it keep to its memory, …",
      "a rule's name, or the path of an .so", conformance::check_rule);
}

} // namespace engram::cli
