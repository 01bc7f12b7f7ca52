// engram run MODEL.json
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
#include "cli/run_output.hpp"
#include "record/recorder.hpp"
#include "record/take_weights.hpp"
#include "session/session.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <cmath>
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
std::string told_of_weights(const std::string &file, const record::Taken &taken) {
  if (taken.kept.empty() && taken.unused.empty()) return "";
  std::string line = fmt::format("{}: warning: the weights of {} come from it", file, fmt::join(taken.taken, ", "));
  if (!taken.kept.empty())
    line += fmt::format("; it does not hold those of {}, which begin as the model says", fmt::join(taken.kept, ", "));
  if (!taken.unused.empty())
    line += fmt::format("; its {} {} no projection of the model", fmt::join(taken.unused, ", "),
                        taken.unused.size() == 1 ? "is" : "are");
  return line;
}

void print_summary(const RunOptions &options, const model::Model &model, const protocol::Trials &trials,
                   const simulation::Summary &summary, const std::string &out) {
  const auto &last = summary.last;
  if (options.simulation.json) {
    nlohmann::ordered_json j;
    j["model"] = model.name;
    j["seed"] = model.seed;
    j["train"] = {{"loss", or_null(last.train_loss)}, {"accuracy", or_null(last.train_accuracy)}};
    j["held_out"] = {{"loss", or_null(last.held_out_loss)}, {"accuracy", or_null(last.held_out_accuracy)}};
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
  const auto row = [](const char *what, double loss, double accuracy, std::size_t count) {
    if (std::isnan(loss)) return;
    print(fmt::format("  {:<10} loss {:<9}", what, loss_text(loss)));
    if (!std::isnan(accuracy)) print(fmt::format(" accuracy {:<8}", percent_text(accuracy)));
    print(fmt::format(" ({} trials)\n", count));
  };
  row("training", last.train_loss, last.train_accuracy, trials.training.size());
  row("held out", last.held_out_loss, last.held_out_accuracy, trials.held_out.size());
  print(fmt::format("  {} epoch{}, {} trial{}, {} simulated in {}\n", summary.epochs, summary.epochs == 1 ? "" : "s",
                    summary.trials, summary.trials == 1 ? "" : "s", duration(summary.simulated_ms / 1000),
                    duration(summary.wall_seconds)));
  print(fmt::format("  run file   {}\n", data::printable_line(out)));
}

// What is on the disk of a run is never more than some seconds, or one epoch, behind; within a trial, a tenth of the
// time that has passed, and a minute.
class SaveTimes {
public:
  bool due_after_epoch() const { return Clock::now() - saved_ >= std::chrono::seconds(5); }
  bool due_within_trial() const {
    const auto now = Clock::now();
    return now - saved_ >= std::max<Clock::duration>(std::chrono::minutes(1), (now - start_) / 10);
  }
  void saved() { saved_ = Clock::now(); }

private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point start_ = Clock::now(), saved_ = start_;
};

template <class T>
int simulate_and_save(const RunOptions &options, const model::Model &model, const protocol::Trials &trials,
                      network::Network<T> &network, simulation::Simulator<T> &simulator, record::RunFile &file,
                      ProgressLine &line) {
  write_weights(file, network);
  record::Recorder<T> recorder(model, trials, file);
  network::Network<T> good = network; // as it was after the last whole epoch
  SaveTimes times;
  simulation::Hooks<T> hooks;
  hooks.training = recorder.training();
  hooks.held_out = recorder.held_out();
  hooks.progress = [&](const simulation::Progress &progress) {
    line.show(progress);
    return !stop_was_asked();
  };
  hooks.epoch_done = [&](const simulation::Epoch &epoch) {
    file.add_curve_point(as_recorded(epoch));
    good = network;
    line.epoch_done(epoch, model.task.epochs);
    if (!times.due_after_epoch()) return;
    write_weights(file, network);
    file.flush();
    times.saved();
  };
  simulator.watch({&stop_flag(), [&](const simulation::Position &position) {
                     if (!line.step(position) || !times.due_within_trial()) return;
                     recorder.save();
                     file.flush();
                     times.saved();
                   }});
  const auto save = [&](const network::Network<T> &weights, record::Ending ending) {
    line.clear();
    write_weights(file, weights);
    file.finish(ending);
  };
  const auto save_last = [&] { // the weights of the last update
    save(network, record::Ending::failed);
    return "the last good weights are in " + file.location();
  };
  const ExitGuard guard([&] { // made after HDF5 has registered its own end
    simulator.take_back();
    return save_last();
  });
  const std::string note = file.note();
  line.begin(model.task.epochs, simulation::planned_trials(model, trials));
  try {
    const auto summary = simulation::run<T>(model, trials, simulator, hooks);
    save(network, summary.interrupted ? record::Ending::interrupted : record::Ending::complete);
    print_summary(options, model, trials, summary, file.location());
    if (file.note() != note) say(fmt::format("engram: {}", file.note()));
    if (summary.interrupted)
      say(fmt::format("engram: interrupted; what was done until then is in {}", file.location()));
    return summary.interrupted ? failed : done;
  } catch (const learning::RuleFailure &error) {
    // The change that failed was not applied.
    const auto where = save_last();
    say(fmt::format("engram: {}; {}", error.what(), where));
  } catch (const simulation::RunFailure &error) {
    // The weights themselves have gone astray: those before this epoch are kept.
    save(good, record::Ending::failed);
    say(fmt::format("engram: {}; the weights before that epoch are in {}", error.what(), file.location()));
  }
  return failed;
}

template <class T>
int run_session(const RunOptions &options, session::Session &opened, const std::string &out, ProgressLine &line) {
  const auto &model = opened.model;
  const auto &trials = opened.trials;
  auto &network = std::get<network::Network<T>>(opened.network);
  if (!options.weights.empty()) {
    const auto taken = record::take_weights(options.weights, network);
    const auto told = told_of_weights(options.weights, taken);
    if (!told.empty())
      print_lines({told});
    else if (!options.simulation.quiet)
      say(fmt::format("engram: the weights of all projections are those of {}", options.weights));
  }
  simulation::Simulator<T> simulator(model, network, trials, opened.rules, record::signals_recorded(model),
                                     session::threads_or_all(options.simulation.threads));
  remember_signals(); // from here on there is something to keep
  try {
    record::RunFile file(out, run_info(model, opened.label_names), options.force);
    if (!file.note().empty()) say(fmt::format("engram: {}", file.note()));
    return simulate_and_save(options, model, trials, network, simulator, file, line);
  } catch (const record::WriteFailure &error) {
    line.clear();
    say(fmt::format("engram: {}", error.what()));
    save_elsewhere(model, network);
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
    check_kernel(options->simulation.quiet);
    auto loaded = session::load_model(options->model.file, options->model.load, context.folders, context.listener);
    print_lines(loaded.model.warnings);
    const auto out = run_file_path(options->out, options->model, options->weights, options->force);
    ProgressLine line(options->simulation.quiet, loaded.model.time.step);
    line.stage("building the network …");
    auto opened = session::open(std::move(loaded), context.folders);
    line.clear();
    print_lines(opened.lines);
    context.exit_code = opened.model.single ? run_session<float>(*options, opened, out, line)
                                            : run_session<double>(*options, opened, out, line);
  });
}

} // namespace engram::cli
