// This is the command `engram run MODEL.json`.
#include "cli/address_space.hpp"
#include "cli/checkpoint_option.hpp"
#include "cli/context.hpp"
#include "cli/crash.hpp"
#include "cli/exit_guard.hpp"
#include "cli/interrupt.hpp"
#include "cli/kernel_note.hpp"
#include "cli/model_options.hpp"
#include "cli/notes.hpp"
#include "cli/output.hpp"
#include "cli/progress.hpp"
#include "cli/run_results.hpp"
#include "cli/thread_limit.hpp"
#include "cli/together.hpp"
#include "input/input_error.hpp"
#include "model/title.hpp"
#include "record/run_file.hpp"
#include "session/session_run.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <utility>

namespace engram::cli {
namespace {

struct RunOptions {
  ModelOptions model;
  SimulationOptions simulation;
  ResumeOptions resume;
  std::string out, weights;
  bool force = false;
};

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
                   const session::RunResult &result, std::size_t resumed_after, int ranks) {
  const auto &summary = result.summary;
  // Of the weights that are kept; of a run that was interrupted, what it did last.
  const auto &last = summary.interrupted && summary.last.epoch > 0 ? summary.last : result.kept;
  if (options.simulation.json) {
    nlohmann::ordered_json j;
    j["model"] = model::title_of(model);
    j["seed"] = model.seed;
    j["train"] = results_json(training_of(last), model);
    j["held_out"] = results_json(held_out_of(last), model);
    if (!trials.test.empty()) j["test"] = results_json(held_out_of(result.test.value_or(simulation::Epoch())), model);
    j["epochs"] = summary.epochs;
    j["trials"] = summary.trials;
    j["simulated_ms"] = summary.simulated_ms;
    j["wall_seconds"] = summary.wall_seconds;
    j["fastest_epoch_seconds"] = or_null(summary.fastest_seconds);
    j["interrupted"] = summary.interrupted;
    if (model.task.keep_best)
      j["kept_epoch"] = result.kept.epoch > 0 ? nlohmann::ordered_json(result.kept.epoch) : nlohmann::ordered_json();
    if (model.task.stop) j["stopped"] = summary.stopped;
    if (!options.resume.resume.empty()) j["resumed_after_epoch"] = resumed_after;
    if (result.spiking) {
      const auto &t = *result.spiking;
      j["spiking"] = {{"neurons_seconds", t.neurons},
                      {"delivery_seconds", t.delivery},
                      {"exchange_seconds", t.exchange},
                      {"exchanges", t.exchanges},
                      {"spikes_sent", t.sent},
                      {"ranks", ranks},
                      {"steps_between_exchanges", result.interval}};
    }
    j["out"] = result.file;
    print_json(j);
    return;
  }
  const std::string name = model::title_of(model);
  print(fmt::format("{}{}\n", data::printable_line(name), summary.interrupted ? " (interrupted)" : ""));
  print(results_line("training", training_of(last), trials.training.size()));
  print(results_line("held out", held_out_of(last), trials.held_out.size()));
  const auto terms = model::terms_of(model);
  for (std::size_t k = 0; terms.size() > 1 && k < terms.size(); ++k) print_term(*terms[k], k, last);
  if (result.test) print(results_line("test", held_out_of(*result.test), trials.test.size()));
  const std::string since = resumed_after > 0 ? fmt::format(" since epoch {}", resumed_after) : "";
  print(fmt::format("  {} epoch{}, {} trial{}, {} simulated in {}{}\n", summary.epochs, summary.epochs == 1 ? "" : "s",
                    summary.trials, summary.trials == 1 ? "" : "s", duration(summary.simulated_ms / 1000),
                    duration(summary.wall_seconds), since));
  if (result.recording_seconds > std::max(0.1, 0.01 * summary.wall_seconds))
    print(fmt::format("  recording  took {:.2g} s, {:.0f} % of the time: weights while it learns\n",
                      result.recording_seconds, 100 * result.recording_seconds / summary.wall_seconds));
  if (!result.stopped.empty()) print(fmt::format("  stopped    {}\n", result.stopped));
  if (!result.why_kept.empty())
    print(fmt::format("  kept       the weights after epoch {}: {}\n", result.kept.epoch, result.why_kept));
  print(fmt::format("  run file   {}\n", data::printable_line(result.file)));
}

// Where the time of spiking neurons went. Other ranks have other times; all wait for each other.
void print_times(const session::RunResult &result, int ranks) {
  if (!result.spiking || ranks == 1) return;
  const auto &t = *result.spiking;
  print(fmt::format(
      "  ranks      {}, which exchange spikes every {} steps; rank 0 took {} for its neurons, {} for spikes "
      "that arrive, {} for exchanges\n",
      ranks, result.interval, duration(t.neurons), duration(t.delivery), duration(t.exchange)));
}

// Simulates and saves. Returns the exit code. Errors: record::WriteFailure.
int simulate(const RunOptions &options, session::Session &opened, const session::FoundRun *found,
             const std::string &out, ProgressLine &line, const ranks::Ranks &ranks) {
  const auto &model = opened.model;
  session::Run run(opened, threads_beside(ranks, options.simulation.threads));
  if (found) run.resume(*found, options.resume.until);
  if (!options.weights.empty()) run.began_with(options.weights);
  tell_kernel(options.simulation.quiet);
  remember_signals(); // from here on there is something to keep
  const auto moved_aside =
      ranks.is_first() ? run.save_to(out, options.force, options.resume.checkpoints) : std::string();
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
  const std::size_t done_before = found ? found->epochs_done : 0;
  if (found && !options.simulation.quiet)
    say(fmt::format("engram: goes on after epoch {} of {}, by {}", done_before, model.task.epochs, found->file));
  line.begin(model.task.epochs, simulation::planned_trials(model, opened.trials),
             simulation::trials_of(model, opened.trials, done_before));
  try {
    const auto result = run.simulate(watch);
    const bool interrupted = result.summary.interrupted;
    line.clear();
    print_summary(options, model, opened.trials, result, done_before, ranks.size());
    if (!options.simulation.json) print_times(result, ranks.size());
    if (!result.note.empty()) say(fmt::format("engram: {}", result.note));
    if (interrupted)
      say(fmt::format("engram: interrupted; what was done until then is in {}, and --resume goes on with it",
                      result.file));
    return interrupted ? failed : done;
  } catch (const session::RunFailed &error) {
    line.clear();
    say(fmt::format("engram: {}", error.what()));
    return failed;
  }
}

// Runs what is loaded. Returns the exit code.
int run_model(const RunOptions &options, Context &context, session::LoadedModel loaded, const session::FoundRun *found,
              const std::string &out) {
  ProgressLine line(options.simulation.quiet, loaded.model.time.step);
  line.stage("building the network …");
  auto opened = session::open(std::move(loaded), context.folders, context.ranks.get());
  line.clear();
  print_lines(opened.lines);
  if (!options.weights.empty())
    tell_taken(options.weights, session::take_weights(options.weights, opened), options.simulation.quiet);
  try {
    return simulate(options, opened, found, out, line, *context.ranks);
  } catch (const record::WriteFailure &error) {
    line.clear();
    say(fmt::format("engram: {}", error.what()));
    if (context.ranks->size() > 1) context.ranks->abort(failed); // the others wait, and hold what is theirs
    if (const auto where = session::save_elsewhere(opened); !where.empty())
      say(fmt::format("engram: the weights at that moment are in {}", where));
    return failed;
  }
}

// What does not go with --resume, and what does not go without.
void check_options(const RunOptions &options) {
  const auto refuse = [](const std::string &what) { throw input::InputError("engram run: " + what); };
  if (options.resume.resume.empty()) {
    if (options.model.file.empty()) refuse("MODEL is required, or --resume (engram run --help says more)");
    if (options.resume.until) refuse("--until goes with --resume; else --set /task/epochs=N says how many");
    return;
  }
  const auto apart = [&](bool given, const char *what) {
    if (given) refuse(std::string("--resume takes all from the run file: ") + what + " does not go with it");
  };
  apart(!options.model.file.empty(), "MODEL");
  apart(!options.model.load.settings.empty(), "--set");
  apart(options.model.load.seed.has_value(), "--seed");
  apart(!options.weights.empty(), "--weights");
}

// Ranks begin at the beginning, and none could go on where one was killed.
void check_ranks_options(const RunOptions &options) {
  const auto refuse = [](const char *what) {
    throw input::InputError(std::string("engram run: several ranks do not take ") + what +
                            ": run it as one process (models/ranks.md)");
  };
  if (!options.resume.resume.empty()) refuse("--resume");
  if (!options.weights.empty()) refuse("--weights");
  using When = session::CheckpointPolicy::When;
  const auto when = options.resume.checkpoints.when;
  if (when == When::interval || when == When::epoch) refuse("--checkpoint");
}

void run(RunOptions &options, Context &context) {
  const auto &ranks = open_ranks(context);
  if (ranks.size() > 1) {
    check_ranks_options(options);
    options.resume.checkpoints.when = session::CheckpointPolicy::When::never;
  }
  std::optional<session::FoundRun> found;
  if (!options.resume.resume.empty()) {
    found = session::find_run(options.resume.resume);
    options.model.file = found->file;
    options.model.load = session::options_of(*found, options.resume.until);
    if (options.out.empty()) options.out = found->target;
  }
  if (!options.weights.empty()) options.model.load.edits.push_back({"/initial", nullptr}); // they take its place
  auto loaded = session::load_model(options.model.file, options.model.load, context.folders, context.listener);
  print_lines(loaded.model.warnings);
  if (found && found->has_state) loaded.model.initial_run.clear(); // it has learned since
  const auto out = ranks.is_first() ? session::run_file_path(options.out, options.model.file, options.model.load,
                                                             options.weights, options.force, found.has_value())
                                    : std::string();
  context.exit_code = run_model(options, context, std::move(loaded), found ? &*found : nullptr, out);
}

} // namespace

void add_run(CLI::App &app, Context &context) {
  auto options = std::make_shared<RunOptions>();
  auto *command = app.add_subcommand("run", "simulates a model, lets it learn, and writes a run file");
  add_model_options(*command, options->model);
  command->get_option("MODEL")->required(false);
  command->add_option("--out", options->out,
                      "run file to write (NWB); unless given, MODEL's name with .nwb, in this folder");
  command->add_flag("--force", options->force, "replaces the file at --out even if engram did not write it");
  command->add_option("--weights", options->weights,
                      "run file whose weights this run begins with, by the projections' names, in the place of the "
                      "model's \"initial\"");
  add_resume_options(*command, options->resume);
  add_simulation_options(*command, options->model, options->simulation);
  command->callback([options, &context] {
    check_options(*options);
    end_on_signals();
    name_rules_that_crash();
    check_address_space(session::threads_or_all(options->simulation.threads));
    take_threads(options->simulation.threads, options->simulation.quiet);
    check_kernel();
    run(*options, context);
  });
}

} // namespace engram::cli
