// engram run MODEL.json
#include "cli/context.hpp"
#include "cli/exit_guard.hpp"
#include "cli/interrupt.hpp"
#include "cli/kernel_note.hpp"
#include "cli/load_circuit.hpp"
#include "cli/model_options.hpp"
#include "cli/output.hpp"
#include "cli/progress.hpp"
#include "cli/vocabulary.hpp"
#include "cli/warnings.hpp"
#include "record/recorder.hpp"
#include "record/take_weights.hpp"

#include <CLI/CLI.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <ctime>
#include <filesystem>
#include <memory>

namespace engram::cli {
namespace {

struct RunOptions {
  ModelOptions model;
  SimulationOptions simulation;
  std::string out, weights;
};

std::string now_with_zone() {
  const std::time_t now = std::time(nullptr);
  std::string text = fmt::format("{:%Y-%m-%dT%H:%M:%S%z}", fmt::localtime(now)); // …+0100
  return text.insert(text.size() - 2, ":");
}

nlohmann::ordered_json or_null(double value) {
  return std::isnan(value) ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(value);
}

std::vector<record::CurvePoint> as_recorded(const std::vector<simulation::Epoch> &curve) {
  std::vector<record::CurvePoint> out;
  out.reserve(curve.size());
  for (const auto &e : curve)
    out.push_back({e.epoch, e.train_loss, e.train_accuracy, e.held_out_loss, e.held_out_accuracy, e.seconds});
  return out;
}

// Those that do not learn follow from the model and its seed.
template <class T> void write_synapses(record::RunFile &file, const network::Projection<T> &p) {
  if (!p.synapses.plastic) return;
  const auto &joined = *p.synapses.joined;
  arma::mat rows(joined.size(), 3);
  for (std::size_t j = 0; j < joined.pres; ++j)
    for (std::size_t k = joined.first(j, 0); k < joined.last(j, joined.lags.size() - 1); ++k) {
      rows(k, 0) = joined.target[k];
      rows(k, 1) = static_cast<double>(j);
      rows(k, 2) = static_cast<double>(p.synapses.weight(k));
    }
  file.write_synapses(p.name, rows);
}

template <class T> void write_weights(record::RunFile &file, const network::Network<T> &network) {
  for (const auto &p : network.projections)
    if (p.carries_spikes())
      write_synapses(file, p);
    else if (p.transpose_of == network::none)
      file.write_weights(p.name, p.weights, "weights of projection " + p.name + " (postsynaptic x presynaptic neuron)");
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
  const auto last = summary.curve.empty() ? simulation::Epoch{} : summary.curve.back();
  if (options.simulation.json) {
    double fastest = simulation::absent; // of learning alone
    for (const auto &epoch : summary.curve)
      if (std::isnan(fastest) || epoch.seconds < fastest) fastest = epoch.seconds;
    nlohmann::ordered_json j;
    j["model"] = model.name;
    j["seed"] = model.seed;
    j["train"] = {{"loss", or_null(last.train_loss)}, {"accuracy", or_null(last.train_accuracy)}};
    j["held_out"] = {{"loss", or_null(last.held_out_loss)}, {"accuracy", or_null(last.held_out_accuracy)}};
    j["epochs"] = summary.epochs;
    j["trials"] = summary.trials;
    j["simulated_ms"] = summary.simulated_ms;
    j["wall_seconds"] = summary.wall_seconds;
    j["fastest_epoch_seconds"] = or_null(fastest);
    j["interrupted"] = summary.interrupted;
    j["out"] = out;
    print_json(j);
    return;
  }
  print(fmt::format("{}{}\n", data::printable_line(model.name), summary.interrupted ? " (interrupted)" : ""));
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

template <class T> int run_model(const RunOptions &options, const Context &context, const LoadedModel &loaded) {
  const auto &model = loaded.model;
  auto opened = open_circuit<T>(context, model, loaded.places);
  print_warnings(opened.lines);
  const auto &trials = opened.trials;
  auto &network = opened.network;
  if (!options.weights.empty()) {
    const auto taken = record::take_weights(options.weights, network);
    const auto line = told_of_weights(options.weights, taken);
    if (!line.empty())
      print_warnings({line});
    else if (!options.simulation.quiet)
      say(fmt::format("engram: the weights of all projections are those of {}", options.weights));
  }
  simulation::Simulator<T> simulator(model, network, trials, loaded.rules, record::signals_recorded(model),
                                     threads_or_all(options.simulation.threads));
  const std::string out =
      options.out.empty() ? std::filesystem::path(model.file).stem().string() + ".nwb" : options.out;
  // A rule may go to another folder: where the file is to land is settled here.
  record::RunFile file(std::filesystem::absolute(out).string(),
                       {model.name, model.expanded, "", model.seed, ENGRAM_VERSION, model.single ? "single" : "double",
                        now_with_zone(), opened.label_names});
  write_weights(file, network);
  record::Recorder<T> recorder(model, trials, file);

  network::Network<T> good = network; // as it was after the last whole epoch
  ProgressLine line(options.simulation.quiet);
  std::vector<simulation::Epoch> curve;
  simulation::Hooks<T> hooks;
  hooks.training = recorder.training();
  hooks.held_out = recorder.held_out();
  hooks.progress = [&](const simulation::Progress &progress) {
    line.show(progress);
    return !stop_was_asked();
  };
  auto saved = std::chrono::steady_clock::now();
  hooks.epoch_done = [&](const simulation::Epoch &epoch) {
    curve.push_back(epoch);
    good = network;
    line.epoch_done(epoch, model.task.epochs);
    // What is on the disk is never more than some seconds, or one epoch, behind.
    if (std::chrono::steady_clock::now() - saved < std::chrono::seconds(5)) return;
    write_weights(file, network);
    file.write_curve(as_recorded(curve));
    file.flush();
    saved = std::chrono::steady_clock::now();
  };
  const auto save_last = [&] { // the weights of the last update
    line.clear();
    write_weights(file, network);
    file.write_curve(as_recorded(curve));
    file.finish();
    return "the last good weights are in " + out;
  };
  const ExitGuard guard([&] { // made after HDF5 has registered its own end
    simulator.take_back();
    return save_last();
  });
  try {
    const auto summary = simulation::run<T>(model, trials, simulator, hooks);
    line.clear();
    write_weights(file, network);
    file.write_curve(as_recorded(summary.curve));
    file.finish();
    print_summary(options, model, trials, summary, out);
    return summary.interrupted ? failed : done;
  } catch (const learning::RuleFailure &error) {
    // The change that failed was not applied.
    const auto where = save_last();
    say(fmt::format("engram: {}; {}", error.what(), where));
  } catch (const simulation::RunFailure &error) {
    // The weights themselves have gone astray: those before this epoch are kept.
    line.clear();
    write_weights(file, good);
    file.write_curve(as_recorded(curve));
    file.finish();
    say(fmt::format("engram: {}; the weights before that epoch are in {}", error.what(), out));
  }
  return failed;
}

} // namespace

void add_run(CLI::App &app, Context &context) {
  auto options = std::make_shared<RunOptions>();
  auto *command = app.add_subcommand("run", "simulates a model, lets it learn, and writes a run file");
  add_model_options(*command, options->model);
  command->add_option("--out", options->out,
                      "run file to write (NWB); unless given, MODEL's name with .nwb, in this folder");
  command->add_option("--weights", options->weights,
                      "run file whose last weights this run begins with, by the projections' names");
  add_simulation_options(*command, options->model, options->simulation);
  command->callback([options, &context] {
    catch_signals();
    check_kernel(options->simulation.quiet);
    const auto loaded = load_model(context, options->model.file, options->model.load);
    print_warnings(loaded.model.warnings);
    context.exit_code = loaded.model.single ? run_model<float>(*options, context, loaded)
                                            : run_model<double>(*options, context, loaded);
  });
}

} // namespace engram::cli
