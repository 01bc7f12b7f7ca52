// The command line: finds the command and turns what went wrong into an exit code.
#include "cli/context.hpp"
#include "learning/plugin_error.hpp"
#include "model/input_error.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <exception>

namespace {

int run(int argc, char *argv[], engram::cli::Context &context) {
  CLI::App app{"engram: neural circuits that learn by local rules", "engram"};
  app.set_version_flag("--version", ENGRAM_VERSION);
  app.require_subcommand(1);
  engram::cli::add_rules(app, context);
  engram::cli::add_new_rule(app, context);
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
  try {
    auto context = engram::cli::find_folders();
    return run(argc, argv, context);
  } catch (const engram::model::InputError &error) {
    std::fprintf(stderr, "%s\n", error.what());
    return engram::cli::wrong_input;
  } catch (const engram::learning::RuleNotFound &error) {
    std::fprintf(stderr, "engram: %s\n", error.what());
    return engram::cli::wrong_input;
  } catch (const std::exception &error) {
    std::fprintf(stderr, "engram: %s\n", error.what());
    return engram::cli::failed;
  }
}
