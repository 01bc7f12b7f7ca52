// The command line: finds the command and turns what went wrong into an exit code.
#include "cli/context.hpp"
#include "learning/plugin_error.hpp"
#include "model/input_error.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

namespace {

// Letters to insert, delete or replace to get from one word to the other (Levenshtein 1966).
std::size_t distance(const std::string &from, const std::string &to) {
  std::vector<std::size_t> row(to.size() + 1); // row[j]: from the first i letters of `from` to the first j of `to`
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < from.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < to.size(); ++j) {
      const auto replaced = diagonal + (from[i] == to[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

// CLI11 says of an unknown command only that one is required.
void check_command(const CLI::App &app, const std::string &word) {
  std::string nearest;
  for (const auto *command : app.get_subcommands([](const CLI::App *) { return true; })) {
    if (command->get_name() == word) return;
    if (nearest.empty() || distance(word, command->get_name()) < distance(word, nearest)) nearest = command->get_name();
  }
  throw engram::model::InputError("engram: no command '" + word.substr(0, 80) + "'; the nearest is '" + nearest + "'");
}

int run(int argc, char *argv[], engram::cli::Context &context) {
  CLI::App app{"engram: neural circuits that learn by local rules", "engram"};
  app.set_version_flag("--version", ENGRAM_VERSION);
  app.require_subcommand(1);
  engram::cli::add_rules(app, context);
  engram::cli::add_new_rule(app, context);
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
