// Every command receives a Context: where engram keeps its files, and the exit code to set. Each add_…() registers one
// command.
#pragma once

#include "ranks/ranks.hpp"
#include "session/folders.hpp"

#include <memory>
#include <string>

namespace CLI {
class App;
}

namespace engram::cli {

enum Exit : int { done = 0, failed = 1, wrong_input = 2, broken = 3 };

struct Context {
  int exit_code = done;
  session::Folders folders;            ///< where rules and data are looked for
  session::Listener listener;          ///< what is told while a model is opened
  std::string mpi_library;             ///< libengram_mpi.so, which may be missing
  std::unique_ptr<ranks::Ranks> ranks; ///< empty until open_ranks() (cli/together.hpp)
  bool seeks_ranks = false;            ///< open_ranks() was called
  std::string package;                 ///< CMAKE_PREFIX_PATH with which find_package(engram) finds this engram
};

/// Finds the folders by where the program stands: in its build tree, or in PREFIX/bin.
Context make_context();

void add_run(CLI::App &app, Context &context);
void add_evaluate(CLI::App &app, Context &context);
void add_rules(CLI::App &app, Context &context);
void add_check(CLI::App &app, Context &context); ///< check, check-rule
void add_new(CLI::App &app, Context &context);   ///< new, new-rule
void add_dynamics(CLI::App &app, Context &context);
void add_task_entries(CLI::App &app, Context &context);   ///< objectives, environments
void add_model_commands(CLI::App &app, Context &context); ///< validate, show, schema
void add_fidelity(CLI::App &app, Context &context);
void add_study(CLI::App &app, Context &context);
void add_inspect(CLI::App &app, Context &context);
void add_compare(CLI::App &app, Context &context);
void add_export(CLI::App &app, Context &context);
void add_doctor(CLI::App &app, Context &context);
void add_data(CLI::App &app, Context &context);
void add_help(CLI::App &app, Context &context);

} // namespace engram::cli
