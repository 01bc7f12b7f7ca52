// engram validate MODEL · show MODEL · schema
#include "cli/context.hpp"
#include "cli/model_options.hpp"
#include "cli/output.hpp"
#include "cli/vocabulary.hpp"
#include "cli/warnings.hpp"
#include "model/load.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <memory>

namespace engram::cli {
namespace {

// The two commands that read a model take the same words. Errors: model::InputError, which main() prints, exit 2.
void add_reader(CLI::App &app, const char *name, const char *help, Context &context,
                void (*tell)(const model::Model &)) {
  auto options = std::make_shared<ModelOptions>();
  auto *command = app.add_subcommand(name, help);
  add_model_options(*command, *options);
  command->callback([options, &context, tell] {
    const auto read = read_model(context, options->file, options->load);
    tell_left_out(read.left_out);
    tell(read.model);
  });
}

} // namespace

void add_model_commands(CLI::App &app, Context &context) {
  add_reader(app, "validate", "says what is wrong with a model file", context, [](const model::Model &model) {
    print_warnings(model.warnings);
    for (const auto &rule : model.rules)
      if (rule.apply == model::Rule::Apply::step)
        say(fmt::format("{}: note: rule '{}' moves weights at each step: its rate, {:g}, counts per step of {:g} ms",
                        data::printable_line(model.file), data::printable_line(rule.name), rule.rate, model.time.step));
    print(model.file + ": valid\n");
  });
  add_reader(app, "show", "prints the model with everything written out: extends, --set, feedback", context,
             [](const model::Model &model) { print(data::printable_json(model.expanded) + "\n"); });
  app.add_subcommand("schema", "prints the JSON Schema of a model file, for editors")->callback([&context] {
    std::vector<std::string> left_out;
    const auto words = vocabulary(learning::RuleLibrary(context.plugin_folders), &left_out);
    tell_left_out(left_out);
    print_json(model::schema(words), 2);
  });
}

} // namespace engram::cli
