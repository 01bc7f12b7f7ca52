// engram fidelity MODEL.json
#include "analysis/fidelity.hpp"
#include "cli/context.hpp"
#include "cli/fidelity_plan.hpp"
#include "cli/interrupt.hpp"
#include "cli/load_circuit.hpp"
#include "cli/progress.hpp"
#include "cli/vocabulary.hpp"
#include "cli/write_text.hpp"
#include "network/product.hpp"
#include "network/random.hpp"
#include "report/fidelity_report.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <functional>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <unistd.h>

namespace engram::cli {
namespace {

struct Options {
  std::string file, folder;
  std::vector<std::string> rules, models, at{"initial"};
  model::LoadOptions load;
  std::uint64_t seed = 0;
  std::size_t samples = 1000, trials = 0, minibatch = 0;
  double precision = 0;
  int threads = 0;
  bool json = false, quiet = false;
};

// A point of learning.
struct Point {
  std::string name;
  double fraction = 0;
};

std::vector<Point> points_of(const std::vector<std::string> &words) {
  std::vector<Point> points;
  for (const auto &word : words) {
    Point point{word, 0};
    if (word == "trained") {
      point.fraction = 1;
    } else if (word != "initial") {
      double percent = -1;
      const char *end = word.data() + word.size();
      const auto [to, error] = std::from_chars(word.data(), end, percent);
      if (error != std::errc() || to + 1 != end || *to != '%' || !(percent >= 0 && percent <= 100))
        throw model::InputError("engram: --at: '" + word.substr(0, 60) +
                                "' is no point of learning: initial, trained, or a share as in 25%");
      point.fraction = percent / 100;
    }
    points.push_back(point);
  }
  std::stable_sort(points.begin(), points.end(), [](const auto &a, const auto &b) { return a.fraction < b.fraction; });
  return points;
}

// A circuit as it was read, with all that it needs to run.
template <class T> struct Circuit {
  LoadedModel loaded;
  protocol::Trials trials;
  analysis::Subject<T> subject;
};

template <class T> std::unique_ptr<Circuit<T>> open(const Context &context, const Source &source) {
  auto circuit = std::make_unique<Circuit<T>>(Circuit<T>{load_source(context, source), {}, {}});
  const auto &model = circuit->loaded.model;
  circuit->trials = load_trials(context, model);
  circuit->subject = {&model, &circuit->trials, circuit->loaded.rules, network::build<T>(model, read_weights)};
  return circuit;
}

// One line on a terminal; in a log, one for each measurement.
class Line {
public:
  explicit Line(bool quiet) : quiet_(quiet), terminal_(isatty(STDERR_FILENO) != 0) {}
  /// Is it time to show something new?
  bool due() {
    const auto now = std::chrono::steady_clock::now();
    if (quiet_ || !terminal_ || now - last_ < std::chrono::milliseconds(200)) return false;
    last_ = now;
    return true;
  }
  void show(const std::string &text) {
    if (quiet_ || !terminal_) return;
    fmt::print(stderr, "\r\033[K{}", text);
    std::fflush(stderr);
    drawn_ = true;
  }
  void say(const std::string &text) {
    clear();
    if (!quiet_) fmt::print(stderr, "{}\n", text);
  }
  void clear() {
    if (drawn_) fmt::print(stderr, "\r\033[K");
    drawn_ = false;
  }

private:
  bool quiet_, terminal_, drawn_ = false;
  std::chrono::steady_clock::time_point last_;
};

// Does the loss see the same of this region in both circuits? Cross-entropy takes a softmax where the region does not.
bool same_function(const model::Region &a, const model::Region &b, const model::Model &mine,
                   const model::Model &theirs) {
  if (a.activation.type.empty() || b.activation.type.empty() || a.activation.type == b.activation.type) return true;
  const bool output =
      mine.regions[mine.objective.region].name == a.name && theirs.regions[theirs.objective.region].name == b.name;
  const auto plain = [](const model::Region &r) {
    return r.activation.type == "softmax" || r.activation.type == "linear";
  };
  return output && theirs.objective.type == "cross_entropy" && mine.objective.type != "mse" && plain(a) && plain(b);
}

template <class T> class Measurement {
public:
  Measurement(const Options &options, const Context &context)
      : options_(options), line_(options.quiet), points_(points_of(options.at)),
        threads_(threads_or_all(options.threads)) {
    const auto made = fidelity_plan(context, options.file, options.load, options.rules, options.models);
    for (const auto &source : made.references) references_.push_back(open<T>(context, source));
    align_references();
    const auto &first = *references_.front();
    report_.model = first.loaded.model.name;
    report_.seed = first.loaded.model.seed;
    report_.samples = options.samples;
    choose_rows();
    for (const auto &candidate : made.candidates) add(context, candidate);
  }

  /// What was measured: all, or what there was when it was interrupted.
  report::FidelityReport run(bool &interrupted) {
    try {
      for (auto &entry : entries_) measure(entry);
    } catch (const analysis::Interrupted &) {
      interrupted = true;
    }
    line_.clear();
    return report_;
  }

private:
  struct Entry {
    std::string label;
    std::unique_ptr<Circuit<T>> circuit;
    std::size_t reference = 0;
    std::vector<analysis::Pair> pairs, shared; // that both learn, and that both have
  };

  // Other references begin with the weights of the first, where they have the same projections.
  void align_references() {
    for (std::size_t k = 1; k < references_.size(); ++k) {
      auto &other = references_[k]->subject;
      const auto &first = references_.front()->subject.network;
      analysis::copy_weights(analysis::shared_projections(other.network, first), analysis::Direction::to_subject, first,
                             other.network);
    }
  }

  void choose_rows() {
    const auto &first = *references_.front();
    const auto &training = first.trials.training;
    const std::size_t wanted = options_.trials ? options_.trials : first.loaded.model.task.batch;
    if (wanted > training.size())
      throw model::InputError(
          fmt::format("engram: --trials: there are {} training trials, not {}", training.size(), wanted));
    if (options_.minibatch > wanted)
      throw model::InputError(
          fmt::format("engram: --minibatch: {} cannot be drawn from {} trials (--trials N takes more)",
                      options_.minibatch, wanted));
    const network::Random random{report_.seed, network::Purpose::split, network::name_key("fidelity")};
    const auto order = network::permutation(random, training.size());
    for (std::size_t k = 0; k < wanted; ++k) rows_.push_back(training[order[k]]);
    std::sort(rows_.begin(), rows_.end());
    report_.trials = wanted;
  }

  void add(const Context &context, const Candidate &candidate) {
    Entry entry{candidate.source.label, open<T>(context, candidate.source), candidate.reference, {}, {}};
    const auto &reference = *references_[candidate.reference];
    if (entry.circuit->trials.count != reference.trials.count)
      throw model::InputError(
          fmt::format("{}: /task/stimuli: has {} trials, the reference has {}: they cannot be compared",
                      candidate.source.file, entry.circuit->trials.count, reference.trials.count));
    std::vector<std::string> notes;
    entry.pairs = analysis::pair_projections(entry.circuit->subject, reference.subject, &notes);
    if (entry.pairs.empty())
      throw model::InputError(candidate.source.file +
                              ": /architecture/projections: none that learns is also in the reference (" +
                              fmt::format("{}", fmt::join(notes, "; ")) + ")");
    entry.shared = analysis::shared_projections(entry.circuit->subject.network, reference.subject.network);
    auto &mine = entry.circuit->subject.network;
    auto &theirs = references_[candidate.reference]->subject.network;
    if (candidate.own)
      analysis::copy_weights(entry.shared, analysis::Direction::to_reference, mine, theirs);
    else
      analysis::copy_weights(entry.shared, analysis::Direction::to_subject, theirs, mine);
    if (candidate.own) keep_what_the_model_has(entry, notes);
    drop_what_the_loss_ignores(entry, notes);
    tell_differences(entry, notes);
    for (const auto &note : notes) report_.notes.push_back(entry.label + ": " + note);
    entries_.push_back(std::move(entry));
  }

  // The same projections are measured for all, MODEL's, unless one of them is missing.
  void keep_what_the_model_has(Entry &entry, std::vector<std::string> &notes) const {
    const auto shared = analysis::pair_projections(entry.circuit->subject, references_.front()->subject);
    std::vector<analysis::Pair> kept, dropped;
    for (const auto &pair : entry.pairs) {
      const bool has =
          std::any_of(shared.begin(), shared.end(), [&](const auto &other) { return other.name == pair.name; });
      (has ? kept : dropped).push_back(pair);
    }
    const auto &first = references_.front()->subject.network.projections;
    const auto weights = [&](std::size_t sum, const auto &pair) { return sum + !first[pair.reference].is_bias(); };
    std::size_t wanted = 0;
    for (const auto &p : first) wanted += !p.is_bias() && !p.rules.empty();
    if (std::accumulate(shared.begin(), shared.end(), std::size_t(0), weights) < wanted) return;
    for (const auto &pair : dropped)
      notes.push_back(pair.name + " learns, but " + report_.model + " has no such projection");
    entry.pairs = std::move(kept);
  }

  // A feedback path that learns has a gradient of 0 whatever the weights: there is no direction to compare it with.
  void drop_what_the_loss_ignores(Entry &entry, std::vector<std::string> &notes) const {
    const auto &reference = references_[entry.reference]->subject;
    auto anywhere = reference.network; // weights that begin at 0 would hide what lies below them
    for (auto &p : anywhere.projections) {
      if (p.rules.empty()) continue;
      network::Matrix<T> away(p.weights.n_rows, p.weights.n_cols);
      const network::Random random{report_.seed, network::Purpose::weights, network::name_key("fidelity." + p.name)};
      random.normals(away.memptr(), away.n_elem);
      p.weights += T(0.1) * away;
    }
    const auto g = analysis::gradient(reference, anywhere, entry.pairs, rows_, threads_);
    std::vector<analysis::Pair> kept;
    for (std::size_t p = 0; p < entry.pairs.size(); ++p) {
      if (g[p].is_zero())
        notes.push_back(entry.pairs[p].name + " learns, but the loss does not depend on it");
      else
        kept.push_back(entry.pairs[p]);
    }
    if (kept.empty())
      throw model::InputError("engram: the gradient of " + entry.label + "'s reference is 0 everywhere");
    entry.pairs = std::move(kept);
  }

  // Where the circuits are not the same, neither are their gradients.
  void tell_differences(const Entry &entry, std::vector<std::string> &notes) const {
    const auto &mine = entry.circuit->loaded.model, &theirs = references_[entry.reference]->loaded.model;
    const auto tell = [&](const std::string &what, const std::string &here, const std::string &there) {
      if (here != there)
        notes.push_back(fmt::format("{} is {} here and {} in the reference, whose gradient is that of another function "
                                    "(FILE=REFERENCE gives it one of its own)",
                                    what, here, there));
    };
    for (const auto &region : mine.regions)
      for (const auto &other : theirs.regions)
        if (region.name == other.name && !same_function(region, other, mine, theirs))
          tell("the activation of " + region.name, region.activation.type, other.activation.type);
    const bool chooses = mine.objective.type == "choice_reward";
    if (!chooses) tell("the objective", mine.objective.type, theirs.objective.type);
  }

  std::function<bool(double)> watch(const std::string &who) {
    return [this, who](double share) {
      if (line_.due()) line_.show(fmt::format("{}: learning, {:.0f} %", who, 100 * share));
      return !stop_was_asked();
    };
  }

  // A circuit at each of the points; fewer where its learning fails before.
  std::vector<analysis::Snapshot<T>> learn(const analysis::Subject<T> &subject, const std::string &who) {
    std::vector<double> fractions;
    for (const auto &point : points_) fractions.push_back(point.fraction);
    std::string failed;
    while (!fractions.empty()) {
      try {
        auto snapshots = analysis::learn(subject, fractions, threads_, watch(who));
        if (!failed.empty()) report_.notes.push_back(failed);
        return snapshots;
      } catch (const simulation::RunFailure &error) {
        failed = error.what();
      } catch (const learning::RuleFailure &error) {
        failed = error.what();
      }
      failed = fmt::format("{} does not learn as far as {}: {}", who, points_[fractions.size() - 1].name, failed);
      fractions.pop_back();
    }
    throw simulation::RunFailure(failed);
  }

  void measure(Entry &entry) {
    const auto &reference = references_[entry.reference]->subject;
    const auto own = learn(entry.circuit->subject, entry.label);
    for (std::size_t k = 0; k < own.size(); ++k) {
      auto at = reference.network;
      analysis::copy_weights(entry.shared, analysis::Direction::to_reference, own[k].network, at);
      measure_at(entry, k, points_[k].fraction > 0 ? "own" : "", own[k], at);
    }
    if (points_.back().fraction == 0) return;
    auto &their = trajectories_[entry.reference];
    if (their.empty()) their = learn(reference, "the reference of " + entry.label);
    for (std::size_t k = 0; k < their.size(); ++k) {
      if (points_[k].fraction == 0) continue;
      analysis::Snapshot<T> at{entry.circuit->subject.network, {}, false};
      analysis::copy_weights(entry.shared, analysis::Direction::to_subject, their[k].network, at.network);
      measure_at(entry, k, "reference", at, their[k].network);
    }
  }

  void measure_at(Entry &entry, std::size_t point, const std::string &along, const analysis::Snapshot<T> &at,
                  const network::Network<T> &reference_weights) {
    const auto &reference = references_[entry.reference]->subject;
    const auto g = analysis::gradient(reference, reference_weights, entry.pairs, rows_, threads_);
    const std::string where =
        entry.label + " at " + points_[point].name + (along.empty() ? "" : " (" + along + " learning)");
    analysis::Sampling sampling;
    sampling.samples = options_.samples;
    sampling.precision = options_.precision;
    sampling.rows = rows_;
    sampling.threads = threads_;
    sampling.stream = point;
    const auto began = std::chrono::steady_clock::now();
    sampling.go_on = [&](const analysis::FidelityMoments &moments) {
      if (line_.due()) {
        const auto done = static_cast<double>(moments.samples());
        const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - began;
        const double left = spent.count() / done * (static_cast<double>(options_.samples) - done);
        const auto bias = moments.whole().bias;
        line_.show(fmt::format("{}: {} of {} samples, bias {:.3f} [{:.3f}, {:.3f}], at most {} left", where,
                               moments.samples(), options_.samples, bias.value, bias.ci.low, bias.ci.high,
                               duration(left)));
      }
      return !stop_was_asked();
    };
    const auto sampled = analysis::sample(entry.circuit->subject, at, entry.pairs, g, sampling);
    std::optional<analysis::Sampled> drawn;
    if (options_.minibatch > 0) {
      sampling.minibatch = options_.minibatch;
      sampling.twice = !sampled.moments.deterministic();
      sampling.stream = point + points_.size();
      drawn = analysis::sample(entry.circuit->subject, at, entry.pairs, g, sampling);
    }
    const auto row = [&](const std::string &projection, const analysis::Fidelity &fidelity) -> report::FidelityRow & {
      report_.rows.push_back(
          {entry.label, projection, points_[point].name, along, points_[point].fraction, fidelity, rows_.size(), {}});
      return report_.rows.back();
    };
    auto &all = row("all", sampled.moments.whole());
    if (drawn) all.minibatch = minibatch_of(*drawn, g);
    const auto &f = all.fidelity;
    line_.say(
        fmt::format("{}: bias {:.3g}, variance {:.3g}, {} samples", where, f.bias.value, f.variance.value, f.samples));
    for (std::size_t p = 0; p < entry.pairs.size(); ++p) row(entry.pairs[p].name, sampled.moments.part(p));
    const auto known =
        std::find_if(report_.cost.begin(), report_.cost.end(), [&](const auto &c) { return c.first == entry.label; });
    if (known == report_.cost.end()) report_.cost.emplace_back(entry.label, sampled.forward_passes);
  }

  report::FidelityRow::Minibatch minibatch_of(const analysis::Sampled &drawn, const std::vector<arma::vec> &g) const {
    const auto fidelity = drawn.moments.whole();
    double square = 0;
    for (const auto &part : g) square += arma::dot(part, part);
    const double by = fidelity.scale.value * fidelity.scale.value / square;
    report::FidelityRow::Minibatch out{options_.minibatch, fidelity.variance, {0, {0, 0}}, 0};
    if (!drawn.own.empty()) {
      const arma::vec own(drawn.own);
      const double half = 1.96 * arma::stddev(own) / std::sqrt(static_cast<double>(own.n_elem));
      out.own = {by * arma::mean(own), {by * std::max(0.0, arma::mean(own) - half), by * (arma::mean(own) + half)}};
    }
    out.choice = std::max(0.0, out.variance.value - out.own.value);
    return out;
  }

  const Options &options_;
  Line line_;
  std::vector<Point> points_;
  int threads_;
  std::vector<std::unique_ptr<Circuit<T>>> references_;
  std::map<std::size_t, std::vector<analysis::Snapshot<T>>> trajectories_; // by reference
  std::vector<std::size_t> rows_;
  std::vector<Entry> entries_;
  report::FidelityReport report_;
};

template <class T> report::FidelityReport measured(const Options &options, const Context &context, bool &interrupted) {
  return Measurement<T>(options, context).run(interrupted);
}

void fidelity(const Options &options, Context &context) {
  if (!options.folder.empty()) prepare_folder(options.folder);
  catch_signals();
  network::use_one_blas_thread();
  const bool single = load_model(context, options.file, options.load).model.single;
  bool interrupted = false;
  const auto report =
      single ? measured<float>(options, context, interrupted) : measured<double>(options, context, interrupted);
  if (report.rows.empty()) {
    fmt::print(stderr, "engram: interrupted before anything was measured\n");
    context.exit_code = failed;
    return;
  }
  if (!options.folder.empty()) {
    write_text(options.folder + "/fidelity.json", report::to_json(report).dump(2) + "\n");
    write_text(options.folder + "/fidelity.svg", report::fidelity_figure(report));
    write_text(options.folder + "/cosine.svg", report::cosine_figure(report));
  }
  if (options.json) {
    fmt::print("{}\n", report::to_json(report).dump());
  } else {
    fmt::print("{}", report::fidelity_table(report));
    if (!options.folder.empty())
      fmt::print("\nwritten: {0}/fidelity.json {0}/fidelity.svg {0}/cosine.svg\n", options.folder);
  }
  std::fflush(stdout);
  if (!options.quiet) {
    std::string cost;
    for (const auto &[rule, passes] : report.cost)
      cost += fmt::format("{}{} {:.1f}", cost.empty() ? "" : ", ", rule, passes);
    if (!cost.empty()) fmt::print(stderr, "a sample costs, in forward passes of its circuit: {}\n", cost);
  }
  if (interrupted) {
    fmt::print(stderr, "engram: interrupted; these are the measurements that were done\n");
    context.exit_code = failed;
  }
}

} // namespace

void add_fidelity(CLI::App &app, Context &context) {
  auto options = std::make_shared<Options>();
  auto *command =
      app.add_subcommand("fidelity", "measures the bias and variance of learning rules against the exact gradient");
  command->add_option("MODEL", options->file, "a model file (JSON): the circuit, its objective and its task")
      ->required();
  command
      ->add_option("--rules", options->rules,
                   "rules to measure, as in A,B: each takes the place of those in MODEL. Names of MODEL's "
                   "/learning/rules, or of plugins")
      ->delimiter(',')
      ->take_all()
      ->allow_extra_args(false);
  command
      ->add_option(
          "--models", options->models,
          "models to measure, as in A.json,B.json: for rules that need other wiring or phases. They get MODEL's "
          "weights where they have the same projections. A.json=R.json: A against the gradient of R, at R's "
          "weights. A.json=own: against the gradient of A itself, left alone, at A's weights: without noise, the "
          "loss read where the objective would first act")
      ->delimiter(',')
      ->take_all()
      ->allow_extra_args(false);
  command->add_option("--at", options->at, "points of learning, as in initial,25%,trained (initial unless given)")
      ->delimiter(',')
      ->take_all()
      ->allow_extra_args(false);
  command->add_option("--samples", options->samples, "samples of each rule at each point")
      ->check(CLI::Range(16, 100000000))
      ->capture_default_str();
  command->add_option("--precision", options->precision, "ends when the 95 % intervals are within ± this")
      ->check(CLI::PositiveNumber);
  command
      ->add_option("--trials", options->trials,
                   "trials in a sample, drawn once by the seed (a batch of MODEL unless given)")
      ->check(CLI::PositiveNumber);
  command
      ->add_option("--minibatch", options->minibatch,
                   "measures also with this many of the trials drawn for each sample")
      ->check(CLI::PositiveNumber);
  command->add_option("--out", options->folder, "writes fidelity.json, fidelity.svg and cosine.svg into this folder");
  command
      ->add_option("--set", options->load.settings,
                   "replaces a value of MODEL, as in --set /time/step=0.5; may be repeated")
      ->take_all()
      ->allow_extra_args(false);
  auto *seed = command->add_option("--seed", options->seed, "replaces the files' seeds");
  command->add_option("--threads", options->threads, "threads (all cores unless given); results do not depend on it")
      ->check(CLI::Range(1, 1024));
  command->add_flag("--json", options->json, "prints the results as one JSON object on the last line");
  command->add_flag("--quiet", options->quiet, "shows no progress");
  command->footer("The true gradient is −∂L/∂w of MODEL's objective, its mean over the trials of a sample, through "
                  "MODEL's simulated\n"
                  "dynamics, at the same weights: what the plugin backprop gives in MODEL. With g that gradient and m "
                  "the mean of the\n"
                  "rule's update (per unit rate, before the optimiser):\n"
                  "  scale     s = <m,g> / |m|^2\n"
                  "  bias      |s m - g| / |g|, the sine of their angle, 0 to 1\n"
                  "  variance  s^2 tr Cov / |g|^2, of the rule's own randomness while the trials are the same\n"
                  "  cosine    of one sample with g; trials to 0.9: whose average has that cosine\n"
                  "Points after the initial one are reached twice: by the rule's own learning, and by the reference's, "
                  "where weights\n"
                  "that the reference lacks stay initial. Nothing that is measured moves the weights.");
  command->callback([options, &context, seed] {
    if (*seed) options->load.seed = options->seed;
    fidelity(*options, context);
  });
}

} // namespace engram::cli
