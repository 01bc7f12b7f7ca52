// This is the command `engram fidelity MODEL.json`.
#include "cli/address_space.hpp"
#include "cli/context.hpp"
#include "cli/crash.hpp"
#include "cli/interrupt.hpp"
#include "cli/kernel_note.hpp"
#include "cli/model_options.hpp"
#include "cli/notes.hpp"
#include "cli/number_option.hpp"
#include "cli/output.hpp"
#include "cli/output_folder.hpp"
#include "cli/progress.hpp"
#include "cli/thread_limit.hpp"
#include "cli/together.hpp"
#include "fidelity/measurement.hpp"
#include "input/input_error.hpp"
#include "record/whole_file.hpp"
#include "report/fidelity_report.hpp"
#include "session/session.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <memory>

namespace engram::cli {
namespace {

struct FidelityCommand {
  fidelity::FidelityOptions fidelity;
  ModelOptions model;
  SimulationOptions simulation;
  std::vector<std::string> at{"initial"};
  std::string folder;
  bool force = false;
};

// Prepares the folder of --out: the files that it will hold, and the inputs that they must not replace.
void prepare_fidelity_folder(const FidelityCommand &options) {
  std::vector<std::string> inputs{options.model.file};
  for (const auto &models : options.fidelity.models) {
    inputs.push_back(models.substr(0, models.find('=')));
    inputs.push_back(models.substr(models.find('=') + 1));
  }
  prepare_folder(options.folder,
                 {{"fidelity.json", "{\n  \"model\": "}, {"fidelity.svg", svg_begins}, {"cosine.svg", svg_begins}},
                 inputs, options.force);
}

std::vector<fidelity::LearningPoint> points_of(const std::vector<std::string> &words) {
  std::vector<fidelity::LearningPoint> points;
  for (const auto &word : words) {
    fidelity::LearningPoint point{word, 0};
    if (word == "trained") {
      point.fraction = 1;
    } else if (word != "initial") {
      double percent = -1;
      const char *end = word.data() + word.size();
      const auto [to, error] = std::from_chars(word.data(), end, percent);
      if (error != std::errc() || to + 1 != end || *to != '%' || !(percent >= 0 && percent <= 100))
        throw input::InputError("engram: --at: '" + word.substr(0, 60) +
                                "' is no point of learning: initial, trained, or a share as in 25%");
      point.fraction = percent / 100;
    }
    points.push_back(point);
  }
  std::stable_sort(points.begin(), points.end(), [](const auto &a, const auto &b) { return a.fraction < b.fraction; });
  return points;
}

void tell(const fidelity::FidelityReport &report, const FidelityCommand &options) {
  const bool first = !options.fidelity.ranks || options.fidelity.ranks->is_first(); // the others print nothing
  if (!options.folder.empty() && first) {
    record::write_whole(options.folder + "/fidelity.json", report::fidelity_file(report));
    record::write_whole(options.folder + "/fidelity.svg", report::fidelity_figure(report));
    record::write_whole(options.folder + "/cosine.svg", report::cosine_figure(report));
  }
  if (options.simulation.json) {
    print(report::fidelity_json(report) + "\n");
  } else {
    print(report::fidelity_table(report));
    if (!options.folder.empty())
      print(fmt::format("\nwritten: {0}/fidelity.json {0}/fidelity.svg {0}/cosine.svg\n", options.folder));
  }
  flush_output();
  if (!options.simulation.quiet) say(report::fidelity_cost(report));
}

// "RULE at POINT: 200 of 1000 samples, bias 0.120 [0.100, 0.140], at most 12.3 s left"
std::string sampling_text(const fidelity::SamplingProgress &progress) {
  const auto done = static_cast<double>(progress.moments.samples());
  const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - progress.began;
  const double left = spent.count() / done * (static_cast<double>(progress.samples) - done);
  const auto bias = progress.moments.whole().bias;
  return fmt::format("{}: {} of {} samples, bias {:.3f} [{:.3f}, {:.3f}], at most {} left", progress.where,
                     progress.moments.samples(), progress.samples, bias.value, bias.ci.low, bias.ci.high,
                     duration(left));
}

fidelity::MeasuredFidelity measure(const FidelityCommand &options, const Context &context) {
  StatusLine line(options.simulation.quiet || (options.fidelity.ranks && !options.fidelity.ranks->is_first()));
  fidelity::FidelityWatch watch;
  watch.stop = &stop_flag();
  watch.lines = print_lines;
  watch.begins = [&] {
    tell_kernel(options.simulation.quiet);
    remember_signals(); // what is measured from here on is worth keeping
  };
  watch.learning = [&](const std::string &who, double share) {
    if (line.due()) line.show(fmt::format("{}: learning, {:.0f} %", who, 100 * share));
  };
  watch.sampling = [&](const fidelity::SamplingProgress &progress) {
    if (line.due()) line.show(sampling_text(progress));
  };
  watch.measured = [&](const std::string &where, const fidelity::Fidelity &f) {
    line.say(
        fmt::format("{}: bias {:.3g}, variance {:.3g}, {} samples", where, f.bias.value, f.variance.value, f.samples));
  };
  return fidelity::measure_fidelity(options.fidelity, context.folders, context.listener, watch);
}

void fidelity(FidelityCommand &options, Context &context) {
  options.fidelity.file = options.model.file;
  options.fidelity.overrides = options.model.load;
  options.fidelity.threads = options.simulation.threads;
  options.fidelity.points = points_of(options.at);
  auto &ranks = open_ranks(context);
  if (ranks.size() > 1) options.fidelity.ranks = &ranks;
  if (!options.folder.empty() && ranks.is_first()) prepare_fidelity_folder(options);
  end_on_signals();
  name_rules_that_crash();
  check_address_space(session::threads_or_all(options.simulation.threads));
  take_threads(options.simulation.threads, options.simulation.quiet);
  check_kernel();
  const auto [report, interrupted] = measure(options, context);
  if (!report.rows.empty()) tell(report, options);
  if (interrupted) {
    say(std::string("engram: interrupted") +
        (report.rows.empty() ? " before anything was measured" : "; these are the measurements that were done"));
  } else if (report.rows.empty()) {
    for (const auto &note : report.notes) say("engram: " + data::printable_line(note));
  }
  if (interrupted || report.rows.empty()) context.exit_code = failed;
}

} // namespace

void add_fidelity(CLI::App &app, Context &context) {
  auto options = std::make_shared<FidelityCommand>();
  auto &asked = options->fidelity;
  auto *command =
      app.add_subcommand("fidelity", "measures the bias and variance of learning rules against the exact gradient");
  add_model_options(*command, options->model);
  command
      ->add_option("--rules", asked.rules,
                   "rules to measure, as in A,B: each takes the place of those in MODEL. Names of MODEL's "
                   "/learning/rules, or of plugins")
      ->delimiter(',')
      ->take_all()
      ->allow_extra_args(false);
  command
      ->add_option(
          "--models", asked.models,
          "models to measure, as in A.json,B.json: for rules that need other wiring or phases. They get MODEL's "
          "weights where they have the same projections. A.json=R.json: A against the gradient of R, at R's "
          "weights. A.json=own: against the gradient of A itself, left alone, at A's weights: without noise, the "
          "loss read where the objective would first act")
      ->delimiter(',')
      ->take_all()
      ->allow_extra_args(false);
  command->add_option("--reference", asked.reference,
                      "the rule that gives the true gradient: backprop, which goes through spikes by their surrogate "
                      "slopes, unless given; or eventprop, which goes through the times of spikes");
  command->add_option("--at", options->at, "points of learning, as in initial,25%,trained (initial unless given)")
      ->delimiter(',')
      ->take_all()
      ->allow_extra_args(false);
  add_whole_number(*command, "--samples", asked.samples, 16, 100'000'000, "samples of each rule at each point")
      ->default_str(std::to_string(asked.samples));
  add_positive_number(*command, "--precision", asked.precision, "ends when the 95 % intervals are within ± this");
  add_whole_number(*command, "--trials", asked.trials, 1, 1'000'000'000,
                   "trials in a sample, drawn once by the seed (a batch of MODEL unless given)");
  add_whole_number(*command, "--minibatch", asked.minibatch, 1, 1'000'000'000,
                   "measures also with this many of the trials drawn for each sample");
  command->add_option("--out", options->folder, "writes fidelity.json, fidelity.svg and cosine.svg into this folder");
  command->add_flag("--force", options->force, "replaces files of these names even if engram did not write them");
  add_simulation_options(*command, options->model, options->simulation);
  command->footer(
      "The true gradient is −∂L/∂w of MODEL's objective, its mean over the trials of a sample, through "
      "MODEL's simulated\n"
      "dynamics, at the same weights: what the rule of --reference gives in MODEL. With g that gradient and m "
      "the mean of the\n"
      "rule's update (per unit rate, before clipping and the optimiser):\n"
      "  scale     s = <m,g> / |m|^2\n"
      "  bias      |s m - g| / |g|, the sine of their angle, 0 to 1\n"
      "  variance  s^2 tr Cov / |g|^2, of the rule's own randomness while the trials are the same\n"
      "  cosine    of one sample with g; trials to 0.9: whose average has that cosine\n"
      "Points after the initial one are reached twice: by the rule's own learning, and by the reference's, "
      "where weights\n"
      "that the reference lacks stay initial. Nothing that is measured moves the weights. Where spikes are "
      "drawn (poisson)\n"
      "the gradient is that of one draw; \"frozen\": \"yes\" gives that draw to all samples.");
  command->callback([options, &context] { fidelity(*options, context); });
}

} // namespace engram::cli
