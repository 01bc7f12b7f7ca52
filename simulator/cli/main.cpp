// main() finds the command, and turns what went wrong into an exit code.
#include "cli/context.hpp"
#include "cli/exit_guard.hpp"
#include "cli/interrupt.hpp"
#include "cli/output.hpp"
#include "cli/parse_error.hpp"
#include "cli/together.hpp"
#include "data/printable.hpp"
#include "error/error.hpp"
#include "input/input_error.hpp"
#include "input/nearest.hpp"
#include "model/available_memory.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <new>
#include <sstream>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

namespace {

using namespace engram;

// CLI11 says of an unknown command only that one is required.
void check_command(const CLI::App &app, const std::string &word) {
  std::vector<std::string> names;
  for (const auto *command : app.get_subcommands([](const CLI::App *) { return true; }))
    names.push_back(command->get_name());
  if (std::find(names.begin(), names.end(), word) == names.end())
    throw input::InputError("engram: " + input::unknown("command", word, names));
  cli::check_ranks(word);
}

int run(int argc, char *argv[], cli::Context &context) {
  CLI::App app{"engram: neural circuits that learn by local rules", "engram"};
  app.set_version_flag("--version", ENGRAM_VERSION);
  app.require_subcommand(1);
  cli::add_run(app, context);
  cli::add_evaluate(app, context);
  cli::add_model_commands(app, context);
  cli::add_rules(app, context);
  cli::add_dynamics(app, context);
  cli::add_task_entries(app, context);
  cli::add_check(app, context);
  cli::add_new(app, context);
  cli::add_fidelity(app, context);
  cli::add_study(app, context);
  cli::add_inspect(app, context);
  cli::add_compare(app, context);
  cli::add_export(app, context);
  cli::add_data(app, context);
  cli::add_doctor(app, context);
  cli::add_help(app, context);
  // Set last: a command would take it over.
  app.footer("engram COMMAND --help says more of a command. A first try: engram run models/digits.json");
  if (argc > 1 && argv[1][0] != '-') check_command(app, std::string(argv[1]).substr(0, 200));
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success &asked) { // --help, --version
    std::ostringstream out, err;
    const int code = app.exit(asked, out, err);
    cli::print(out.str());
    return code;
  } catch (const CLI::ParseError &error) {
    cli::say(cli::parse_message(app, error));
    return cli::wrong_input;
  }
  return context.exit_code;
}

int broken(const std::string &what) {
  cli::say("engram: internal error: " + data::printable_line(what) +
           "\nengram: this is a fault of engram, not of your input: please report it, with the command and its files");
  return cli::broken;
}

int out_of_memory() {
  const auto there = model::available_memory();
  cli::say(
      fmt::format("engram: out of memory: {:.3g} GB of address space are in use, and more was asked for than there is "
                  "({:.3g} GB {})",
                  model::address_space_in_use() / 1e9, there.bytes / 1e9, there.limit));
  return cli::failed;
}

int exit_code_of(ErrorKind kind) {
  switch (kind) {
  case ErrorKind::wrong_input:
    return cli::wrong_input;
  case ErrorKind::failed:
    return cli::failed;
  case ErrorKind::broken:
    break;
  }
  return cli::broken;
}

// What no folder of engram throws on purpose is a fault of engram, but for what the system lacks: memory, files,
// threads.
int tell_and_judge() { // of the exception that is being handled
  try {
    throw;
  } catch (const input::InputError &error) {
    for (const auto &problem : error.problems()) cli::say(data::printable_line(input::to_text(problem)));
    return exit_code_of(error.kind());
  } catch (const Error &error) {
    if (error.kind() == ErrorKind::broken) return broken(error.what());
    cli::say("engram: " + data::printable_line(error.what()));
    return exit_code_of(error.kind());
  } catch (const std::bad_alloc &) {
    return out_of_memory();
  } catch (const std::length_error &) { // of a vector that no memory can hold
    return out_of_memory();
  } catch (const std::system_error &error) {
    cli::say("engram: " + data::printable_line(error.what()));
    return cli::failed;
  } catch (const std::exception &error) {
    return broken(error.what());
  } catch (...) {
    return broken("an exception of a kind that nobody knows");
  }
}

int run_and_tell(int argc, char *argv[], cli::Context &context) {
  try {
    return run(argc, argv, context);
  } catch (...) { // whatever it is, tell_and_judge() finds out
    cli::let_first_rank_tell(context);
    const int code = tell_and_judge();
    if (context.ranks && context.ranks->size() > 1) {
      cli::finish_output(code);
      context.ranks->abort(code); // others may wait for this one
    }
    return code;
  }
}

} // namespace

int main(int argc, char *argv[]) {
  cli::let_writes_fail();
  const cli::ExitGuard guard;
  cli::open_output();
  cli::Context context = cli::make_context();
  return cli::finish_output(run_and_tell(argc, argv, context));
}
