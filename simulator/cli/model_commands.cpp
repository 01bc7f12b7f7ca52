// These are the commands `engram validate MODEL`, `engram show MODEL` and `engram schema`.
#include "cli/context.hpp"
#include "cli/model_options.hpp"
#include "cli/notes.hpp"
#include "cli/output.hpp"
#include "model/load.hpp"
#include "session/open_circuit.hpp"
#include "session/open_model.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <memory>

namespace engram::cli {
namespace {

// Reads all files that the model names, as a run does before its first step. No rule's code is opened.
void validate(const Context &context, const session::ReadModel &read) {
  print_lines(read.model.warnings);
  const auto &folders = context.folders.data;
  const auto entries = session::entries_in_words(read.words);
  print_lines(read.model.single
                  ? session::open_circuit<float>(read.model, read.places, entries, read.task, folders).lines
                  : session::open_circuit<double>(read.model, read.places, entries, read.task, folders).lines);
  for (const auto &rule : read.model.rules)
    if (rule.apply == model::Rule::Apply::step)
      say(fmt::format("{}: note: rule '{}' moves weights at each step: its rate, {:g}, counts per step of {:g} ms",
                      data::printable_line(read.model.file), data::printable_line(rule.name), rule.rate,
                      read.model.time.step));
  print(read.model.file + ": valid\n");
}

// The two commands that read a model take the same words. Errors: input::InputError, which main() prints, exit 2.
void add_reader(CLI::App &app, const char *name, const char *help, Context &context,
                void (*tell)(const Context &, const session::ReadModel &)) {
  auto options = std::make_shared<ModelOptions>();
  auto *command = app.add_subcommand(name, help);
  add_model_options(*command, *options);
  command->callback([options, &context, tell] {
    const auto read = session::read_model(options->file, options->load, context.folders, context.listener);
    tell_left_out(read.left_out);
    tell(context, read);
  });
}

} // namespace

void add_model_commands(CLI::App &app, Context &context) {
  add_reader(app, "validate", "says what is wrong with a model file and the files that it names", context, validate);
  add_reader(
      app, "show", "prints the model with everything written out: extends, --set, feedback", context,
      [](const Context &, const session::ReadModel &read) { print(data::printable_json(read.model.expanded) + "\n"); });
  app.add_subcommand("schema", "prints the JSON Schema of a model file, for editors")->callback([&context] {
    std::vector<std::string> left_out;
    const auto words = session::vocabulary(learning::RuleLibrary(context.folders.plugins), &left_out);
    tell_left_out(left_out);
    print_json(model::published_schema(words), 2);
  });
}

} // namespace engram::cli
