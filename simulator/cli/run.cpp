// This is the command `engram run MODEL.json`.
#include "cli/address_space.hpp"
#include "cli/context.hpp"
#include "cli/crash.hpp"
#include "cli/exit_guard.hpp"
#include "cli/interrupt.hpp"
#include "cli/kernel_note.hpp"
#include "cli/model_options.hpp"
#include "cli/notes.hpp"
#include "cli/output.hpp"
#include "cli/progress.hpp"
#include "cli/thread_limit.hpp"
#include "record/run_file.hpp"
#include "session/session_run.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <filesystem>
#include <memory>

namespace engram::cli {
namespace {

struct RunOptions {
  ModelOptions model;
  SimulationOptions simulation;
  std::string out, weights;
  bool force = false;
};

nlohmann::ordered_json or_null(double value) {
  return std::isnan(value) ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(value);
}

// Which projections begin with the weights of another run, where not all of both do.
std::string taken_weights_note(const std::string &file, const record::Taken &taken) {
  if (taken.kept.empty() && taken.unused.empty() && taken.moved.empty()) return "";
  std::string line = fmt::format("{}: warning: the weights of {} come from it", file, fmt::join(taken.taken, ", "));
  if (!taken.kept.empty())
    line += fmt::format("; it does not hold those of {}, which begin as the model says", fmt::join(taken.kept, ", "));
  if (!taken.unused.empty())
    line += fmt::format("; its {} {} no projection of the model", fmt::join(taken.unused, ", "),
                        taken.unused.size() == 1 ? "is" : "are");
  if (!taken.moved.empty()) line += fmt::format("; the constraints change those of {}", fmt::join(taken.moved, ", "));
  return line;
}

// The loss of a term of the objective, in the last epoch.
void print_term(const model::Objective &term, std::size_t which, const simulation::Epoch &last) {
  const auto loss = [&](const std::vector<double> &losses) {
    return which < losses.size() ? losses[which] : simulation::absent;
  };
  std::string line = fmt::format("    {}{}  loss {}", data::printable_line(term.name),
                                 term.weight == 1 ? "" : fmt::format(" (weight {:g})", term.weight),
                                 loss_text(loss(last.train_terms)));
  if (!std::isnan(loss(last.held_out_terms)))
    line += fmt::format("  held out {}", loss_text(loss(last.held_out_terms)));
  print(line + "\n");
}

void print_summary(const RunOptions &options, const model::Model &model, const task::Trials &trials,
                   const simulation::Summary &summary, const std::string &out) {
  const auto &last = summary.last;
  if (options.simulation.json) {
    nlohmann::ordered_json j;
    j["model"] = model.name;
    j["seed"] = model.seed;
    j["train"] = {{"loss", or_null(last.train_loss)}, {"accuracy", or_null(last.train_accuracy)}};
    j["held_out"] = {{"loss", or_null(last.held_out_loss)}, {"accuracy", or_null(last.held_out_accuracy)}};
    if (model.task.environment.given()) {
      j["train"]["reward"] = or_null(last.train_reward);
      j["held_out"]["reward"] = or_null(last.held_out_reward);
    }
    const auto terms = model::terms_of(model);
    for (std::size_t k = 0; terms.size() > 1 && k < terms.size(); ++k)
      for (const bool train : {true, false}) {
        const auto &losses = train ? last.train_terms : last.held_out_terms;
        j[train ? "train" : "held_out"]["terms"][terms[k]->name] =
            k < losses.size() ? or_null(losses[k]) : nlohmann::ordered_json(nullptr);
      }
    j["epochs"] = summary.epochs;
    j["trials"] = summary.trials;
    j["simulated_ms"] = summary.simulated_ms;
    j["wall_seconds"] = summary.wall_seconds;
    j["fastest_epoch_seconds"] = or_null(summary.fastest_seconds);
    j["interrupted"] = summary.interrupted;
    j["out"] = out;
    print_json(j);
    return;
  }
  const std::string name = model.name.empty() ? std::filesystem::path(model.file).stem().string() : model.name;
  print(fmt::format("{}{}\n", data::printable_line(name), summary.interrupted ? " (interrupted)" : ""));
  const auto row = [](const char *what, double loss, double reward, double accuracy, std::size_t count) {
    if (std::isnan(loss) && std::isnan(reward)) return;
    print(std::isnan(loss) ? fmt::format("  {:<10} reward {:<7}", what, loss_text(reward))
                           : fmt::format("  {:<10} loss {:<9}", what, loss_text(loss)));
    if (!std::isnan(accuracy)) print(fmt::format(" accuracy {:<8}", percent_text(accuracy)));
    print(fmt::format(" ({} trials)\n", count));
  };
  row("training", last.train_loss, last.train_reward, last.train_accuracy, trials.training.size());
  row("held out", last.held_out_loss, last.held_out_reward, last.held_out_accuracy, trials.held_out.size());
  const auto terms = model::terms_of(model);
  for (std::size_t k = 0; terms.size() > 1 && k < terms.size(); ++k) print_term(*terms[k], k, last);
  print(fmt::format("  {} epoch{}, {} trial{}, {} simulated in {}\n", summary.epochs, summary.epochs == 1 ? "" : "s",
                    summary.trials, summary.trials == 1 ? "" : "s", duration(summary.simulated_ms / 1000),
                    duration(summary.wall_seconds)));
  print(fmt::format("  run file   {}\n", data::printable_line(out)));
}

// Simulates and saves. Returns the exit code. Errors: record::WriteFailure.
int simulate(const RunOptions &options, session::Session &opened, const std::string &out, ProgressLine &line) {
  const auto &model = opened.model;
  session::Run run(opened, options.simulation.threads);
  remember_signals(); // from here on there is something to keep
  const auto moved_aside = run.save_to(out, options.force);
  if (!moved_aside.empty()) say(fmt::format("engram: {}", moved_aside));
  const ExitGuard guard([&] { // made after HDF5 has registered its own end
    line.clear();
    return run.rescue();
  });
  session::RunWatch watch;
  watch.stop = &stop_flag();
  watch.batch_done = [&](const simulation::Progress &progress) { line.show(progress); };
  watch.epoch_done = [&](const simulation::Epoch &epoch) { line.epoch_done(epoch, model.task.epochs); };
  watch.within_batch = [&](const simulation::BatchProgress &position) { line.within_batch(position); };
  line.begin(model.task.epochs, simulation::planned_trials(model, opened.trials));
  try {
    const auto result = run.simulate(watch);
    const bool interrupted = result.summary.interrupted;
    line.clear();
    print_summary(options, model, opened.trials, result.summary, result.file);
    if (!result.note.empty()) say(fmt::format("engram: {}", result.note));
    if (interrupted) say(fmt::format("engram: interrupted; what was done until then is in {}", result.file));
    return interrupted ? failed : done;
  } catch (const session::RunFailed &error) {
    line.clear();
    say(fmt::format("engram: {}", error.what()));
    return failed;
  }
}

// Runs what is loaded. Returns the exit code.
int run_model(const RunOptions &options, const Context &context, session::LoadedModel loaded, const std::string &out) {
  ProgressLine line(options.simulation.quiet, loaded.model.time.step);
  line.stage("building the network …");
  auto opened = session::open(std::move(loaded), context.folders);
  line.clear();
  print_lines(opened.lines);
  if (!options.weights.empty()) {
    const auto told = taken_weights_note(options.weights, session::take_weights(options.weights, opened));
    if (!told.empty())
      print_lines({told});
    else if (!options.simulation.quiet)
      say(fmt::format("engram: the weights of all projections are those of {}", options.weights));
  }
  tell_kernel(options.simulation.quiet);
  try {
    return simulate(options, opened, out, line);
  } catch (const record::WriteFailure &error) {
    line.clear();
    say(fmt::format("engram: {}", error.what()));
    if (const auto where = session::save_elsewhere(opened); !where.empty())
      say(fmt::format("engram: the weights at that moment are in {}", where));
    return failed;
  }
}

} // namespace

void add_run(CLI::App &app, Context &context) {
  auto options = std::make_shared<RunOptions>();
  auto *command = app.add_subcommand("run", "simulates a model, lets it learn, and writes a run file");
  add_model_options(*command, options->model);
  command->add_option("--out", options->out,
                      "run file to write (NWB); unless given, MODEL's name with .nwb, in this folder");
  command->add_flag("--force", options->force, "replaces the file at --out even if engram did not write it");
  command->add_option("--weights", options->weights,
                      "run file whose last weights this run begins with, by the projections' names");
  add_simulation_options(*command, options->model, options->simulation);
  command->callback([options, &context] {
    end_on_signals();
    name_rules_that_crash();
    check_address_space(session::threads_or_all(options->simulation.threads));
    check_threads(options->simulation.threads, options->simulation.quiet);
    check_kernel();
    auto loaded = session::load_model(options->model.file, options->model.load, context.folders, context.listener);
    print_lines(loaded.model.warnings);
    const auto out = session::run_file_path(options->out, options->model.file, options->model.load, options->weights,
                                            options->force);
    context.exit_code = run_model(*options, context, std::move(loaded), out);
  });
}

} // namespace engram::cli
