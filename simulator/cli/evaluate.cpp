// This is the command `engram evaluate MODEL.json --weights RUN`.
#include "session/evaluate.hpp"
#include "cli/address_space.hpp"
#include "cli/context.hpp"
#include "cli/crash.hpp"
#include "cli/interrupt.hpp"
#include "cli/kernel_note.hpp"
#include "cli/model_options.hpp"
#include "cli/notes.hpp"
#include "cli/output.hpp"
#include "cli/run_results.hpp"
#include "cli/thread_limit.hpp"
#include "data/printable.hpp"
#include "input/input_error.hpp"
#include "model/title.hpp"
#include "session/session_run.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <array>
#include <memory>
#include <tuple>
#include <utility>

namespace engram::cli {
namespace {

using session::Evaluated;
constexpr std::array<std::pair<const char *, Evaluated>, 4> choices{{{"held_out", Evaluated::held_out},
                                                                     {"training", Evaluated::training},
                                                                     {"test", Evaluated::test},
                                                                     {"all", Evaluated::all}}};

struct EvaluateCommand {
  ModelOptions model;
  SimulationOptions simulation;
  session::EvaluateOptions options;
  std::string weights;
};

void print_evaluation(const EvaluateCommand &command, const model::Model &model, const char *which,
                      const session::Evaluation &found) {
  const auto results = held_out_of(found.results);
  if (command.simulation.json) {
    nlohmann::ordered_json j{{"model", model::title_of(model)}, {"seed", model.seed}, {"weights", command.weights}};
    j["evaluated"] = which;
    j["trials"] = found.trials;
    j.update(results_json(results, model));
    j["interrupted"] = !found.results.whole;
    j["out"] = found.file.empty() ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(found.file);
    print_json(j);
    return;
  }
  const std::string name = model::title_of(model);
  print(fmt::format("{}{}\n", data::printable_line(name), found.results.whole ? "" : " (interrupted)"));
  const std::string line = results_line(which == std::string("held_out") ? "held out" : which, results, found.trials);
  print(line.empty() ? fmt::format("  {} trials, and nothing by which they are judged\n", found.trials) : line);
  const auto terms = model::terms_of(model);
  for (std::size_t k = 0; terms.size() > 1 && k < results.terms.size(); ++k)
    print(fmt::format("    {}{}  loss {:.4g}\n", data::printable_line(terms[k]->name),
                      terms[k]->weight == 1 ? "" : fmt::format(" (weight {:g})", terms[k]->weight), results.terms[k]));
  if (!found.file.empty()) print(fmt::format("  run file   {}\n", data::printable_line(found.file)));
}

int evaluate(EvaluateCommand &command, const std::string &which, Context &context) {
  auto &options = command.options;
  options.threads = command.simulation.threads;
  const char *name = nullptr;
  for (const auto &[word, choice] : choices)
    if (which == word) std::tie(name, options.which) = std::tie(word, choice);
  if (!name)
    throw input::InputError("engram: --trials: must be held_out, training, test or all, not " + data::quoted(which));
  command.model.load.edits.push_back({"/initial", nullptr}); // the weights take its place
  auto loaded = session::load_model(command.model.file, command.model.load, context.folders, context.listener);
  print_lines(loaded.model.warnings);
  if (!options.out.empty())
    session::run_file_path(options.out, command.model.file, command.model.load, command.weights, options.force);
  auto opened = session::open(std::move(loaded), context.folders);
  print_lines(opened.lines);
  tell_taken(command.weights, session::take_weights(command.weights, opened), command.simulation.quiet);
  tell_kernel(command.simulation.quiet);
  remember_signals();
  options.stop = &stop_flag();
  const auto found = session::evaluate(opened, options);
  print_evaluation(command, opened.model, name, found);
  for (const auto &line : found.unrecorded) say(fmt::format("engram: {}", line));
  if (!found.note.empty()) say(fmt::format("engram: {}", found.note));
  if (!found.results.whole) say("engram: interrupted before all trials were evaluated");
  return found.results.whole ? done : failed;
}

} // namespace

void add_evaluate(CLI::App &app, Context &context) {
  auto options = std::make_shared<EvaluateCommand>();
  auto which = std::make_shared<std::string>("held_out");
  auto *command =
      app.add_subcommand("evaluate", "runs the held-out trials of a model with the weights of a run; nothing "
                                     "learns");
  add_model_options(*command, options->model);
  command->add_option("--weights", options->weights, "run file whose weights the model has, by the projections' names")
      ->required();
  command->add_option("--trials", *which, "held_out (unless given), training, test or all");
  command->add_option("--out", options->options.out, "run file to write (NWB), of these trials; none unless given");
  command->add_flag("--force", options->options.force, "replaces the file at --out even if engram did not write it");
  add_simulation_options(*command, options->model, options->simulation);
  command->callback([options, which, &context] {
    end_on_signals();
    name_rules_that_crash();
    check_address_space(session::threads_or_all(options->simulation.threads));
    take_threads(options->simulation.threads, options->simulation.quiet);
    check_kernel();
    context.exit_code = evaluate(*options, *which, context);
  });
}

} // namespace engram::cli
