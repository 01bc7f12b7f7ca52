// The command line: finds the command and turns what went wrong into an exit code.
#include "cli/context.hpp"
#include "cli/exit_guard.hpp"
#include "data/array.hpp"
#include "learning/plugin_error.hpp"
#include "model/input_error.hpp"
#include "model/nearest.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

namespace {

// CLI11 says of an unknown command only that one is required.
void check_command(const CLI::App &app, const std::string &word) {
  std::vector<std::string> names;
  for (const auto *command : app.get_subcommands([](const CLI::App *) { return true; }))
    names.push_back(command->get_name());
  if (std::find(names.begin(), names.end(), word) == names.end())
    throw engram::model::InputError("engram: " + engram::model::unknown("command", word, names));
}

int run(int argc, char *argv[], engram::cli::Context &context) {
  CLI::App app{"engram: neural circuits that learn by local rules", "engram"};
  app.set_version_flag("--version", ENGRAM_VERSION);
  app.require_subcommand(1);
  engram::cli::add_run(app, context);
  engram::cli::add_model_commands(app, context);
  engram::cli::add_rules(app, context);
  engram::cli::add_check_rule(app, context);
  engram::cli::add_new_rule(app, context);
  engram::cli::add_fidelity(app, context);
  engram::cli::add_inspect(app, context);
  engram::cli::add_compare(app, context);
  engram::cli::add_data(app, context);
  // Set last: a command would take it over.
  app.footer("engram COMMAND --help says more of a command. A first try: engram run models/digits.json");
  if (argc > 1 && argv[1][0] != '-') check_command(app, std::string(argv[1]).substr(0, 200));
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success &asked) { // --help, --version
    return app.exit(asked);
  } catch (const CLI::ParseError &error) {
    std::fprintf(stderr, "engram: %s (engram --help lists the commands)\n", error.what());
    return engram::cli::wrong_input;
  }
  return context.exit_code;
}

} // namespace

int main(int argc, char *argv[]) {
  const engram::cli::ExitGuard guard;
  try {
    auto context = engram::cli::find_folders();
    return run(argc, argv, context);
  } catch (const engram::model::InputError &error) {
    std::fprintf(stderr, "%s\n", error.what());
    return engram::cli::wrong_input;
  } catch (const engram::learning::RuleNotFound &error) {
    std::fprintf(stderr, "engram: %s\n", error.what());
    return engram::cli::wrong_input;
  } catch (const engram::data::DataError &error) {
    std::fprintf(stderr, "engram: %s\n", error.what());
    return engram::cli::wrong_input;
  } catch (const std::exception &error) {
    std::fprintf(stderr, "engram: %s\n", error.what());
    return engram::cli::failed;
  }
}
