// This is the command `engram check-rule NAME|FILE.so [--seconds X] [--json]`.
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
  if (report.global) return "nonlocal (reference)";
  return report.local ? "local" : "nonlocal";
}

void run_checks(const CheckOptions &options, Context &context) {
  const learning::RuleLibrary library(context.folders.plugins);
  const auto report = conformance::check_rule(library.find(options.rule), options.seconds);
  if (!report.passed()) context.exit_code = failed;
  if (options.json) {
    nlohmann::ordered_json out{
        {"rule", report.rule}, {"local", report.local}, {"checks", nlohmann::ordered_json::array()}};
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

void add_check_rule(CLI::App &app, Context &context) {
  auto options = std::make_shared<CheckOptions>();
  auto *command = app.add_subcommand("check-rule", "tries a learning rule: is it local, does it keep to its memory, …");
  command->add_option("RULE", options->rule, "a rule's name, or the path of an .so")->required();
  add_positive_number(*command, "--seconds", options->seconds, "time that all checks together may take");
  command->add_flag("--json", options->json, "prints one JSON object");
  command->callback([options, &context] { run_checks(*options, context); });
}

} // namespace engram::cli
