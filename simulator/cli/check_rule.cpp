// These are the commands `engram check NAME|FILE.so [--seconds X] [--json]` and `engram check-rule`, for rules alone.
#include "cli/context.hpp"
#include "cli/number_option.hpp"
#include "cli/output.hpp"
#include "conformance/checks.hpp"
#include "learning/rule_library.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <memory>

namespace engram::cli {
namespace {

struct CheckOptions {
  conformance::Report (*work)(const std::string &file, double seconds) = nullptr;
  std::string rule;
  double seconds = 10;
  bool json = false;
};

void print_now(const std::string &line) {
  print(data::printable_line(line) + "\n");
  flush_output();
}

std::string verdict(const conformance::Report &report) {
  const auto failed =
      std::count_if(report.checks.begin(), report.checks.end(), [](const auto &c) { return !c.passed; });
  if (failed > 0) return fmt::format("{} of {} checks failed", failed, report.checks.size());
  if (report.dynamics) return "all checks passed";
  if (report.global) return "nonlocal (reference)";
  return report.local ? "local" : "nonlocal";
}

void run_checks(const CheckOptions &options, Context &context) {
  const learning::RuleLibrary library(context.folders.plugins);
  const auto report = options.work(library.find(options.rule), options.seconds);
  if (!report.passed()) context.exit_code = failed;
  if (options.json) {
    nlohmann::ordered_json out;
    if (report.dynamics)
      out["dynamics"] = report.rule;
    else
      out = {{"rule", report.rule}, {"local", report.local}};
    out["checks"] = nlohmann::ordered_json::array();
    for (const auto &check : report.checks)
      out["checks"].push_back({{"name", check.name}, {"passed", check.passed}, {"reason", check.reason}});
    print_json(out);
    return;
  }
  for (const auto &check : report.checks)
    print_now(fmt::format("{}  {:10}  {}", check.passed ? "ok  " : "FAIL", check.name, check.reason));
  print_now(fmt::format("{}: {}", report.rule, verdict(report)));
}

} // namespace

void add_check(CLI::App &app, Context &context) {
  const auto add = [&](const char *name, const char *help, const char *what, auto *work) {
    auto options = std::make_shared<CheckOptions>();
    options->work = work;
    auto *command = app.add_subcommand(name, help);
    command->add_option("NAME", options->rule, what)->required();
    add_positive_number(*command, "--seconds", options->seconds, "time that all checks together may take");
    command->add_flag("--json", options->json, "prints one JSON object");
    command->callback([options, &context] { run_checks(*options, context); });
  };
  add("check", "tries a plugin, a learning rule or the dynamics of neurons: does it do what its table says?",
      "a plugin's name, or the path of an .so", conformance::check_plugin);
  add("check-rule", "tries a learning rule: is it local, does it keep to its memory, …",
      "a rule's name, or the path of an .so", conformance::check_rule);
}

} // namespace engram::cli
