#include "cli/measurement.hpp"

#include "analysis/comparable.hpp"
#include "cli/fidelity_plan.hpp"
#include "cli/interrupt.hpp"
#include "cli/notes.hpp"
#include "cli/progress.hpp"
#include "numeric/random.hpp"
#include "session/session.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <utility>

namespace engram::cli {
namespace {

// A circuit as it was opened, and what is measured of it, which points into the session.
template <class T> struct Circuit {
  session::Session opened;
  analysis::Subject<T> subject;
};

template <class T> std::unique_ptr<Circuit<T>> open(const Context &context, const Source &source) {
  auto circuit =
      std::make_unique<Circuit<T>>(Circuit<T>{session::open(load_source(context, source), context.folders), {}});
  auto &opened = circuit->opened;
  circuit->subject = {&opened.model, &opened.trials, opened.rules,
                      std::move(std::get<network::Network<T>>(opened.network)), &stop_flag()};
  return circuit;
}

template <class T> class Measurement {
public:
  Measurement(const FidelityOptions &options, const Context &context)
      : options_(options), line_(options.simulation.quiet),
        threads_(session::threads_or_all(options.simulation.threads)) {
    const auto made = fidelity_plan(context, options.model.file, options.model.load, options.rules, options.models);
    for (const auto &source : made.references) references_.push_back(open<T>(context, source));
    print_lines(references_.front()->opened.lines);
    align_references();
    const auto &first = *references_.front();
    report_.model = first.opened.model.name;
    report_.seed = first.opened.model.seed;
    report_.samples = options.samples;
    choose_rows();
    for (const auto &candidate : made.candidates) add(context, candidate);
  }

  /// What was measured: all, or what there was when it was interrupted.
  report::FidelityReport run(bool &interrupted) {
    remember_signals(); // what is measured from here on is worth keeping
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
    const auto &training = first.opened.trials.training;
    const std::size_t wanted = options_.trials ? options_.trials : first.opened.model.task.batch;
    if (wanted > training.size())
      throw input::InputError(
          fmt::format("engram: --trials: there are {} training trials, not {}", training.size(), wanted));
    if (options_.minibatch > wanted)
      throw input::InputError(
          fmt::format("engram: --minibatch: {} cannot be drawn from {} trials (--trials N takes more)",
                      options_.minibatch, wanted));
    const numeric::Random random{report_.seed, numeric::Purpose::split, numeric::name_key("fidelity")};
    const auto order = numeric::permutation(random, training.size());
    for (std::size_t k = 0; k < wanted; ++k) rows_.push_back(training[order[k]]);
    std::sort(rows_.begin(), rows_.end());
    report_.trials = wanted;
  }

  void add(const Context &context, const Candidate &candidate) {
    Entry entry{candidate.source.label, open<T>(context, candidate.source), candidate.reference, {}, {}};
    const auto &reference = *references_[candidate.reference];
    if (entry.circuit->opened.trials.count != reference.opened.trials.count)
      throw input::InputError(
          fmt::format("{}: /task/stimuli: has {} trials, the reference has {}: they cannot be compared",
                      candidate.source.file, entry.circuit->opened.trials.count, reference.opened.trials.count));
    auto &mine = entry.circuit->subject.network;
    auto &theirs = references_[candidate.reference]->subject.network;
    std::vector<std::string> notes;
    entry.pairs = analysis::pair_projections(mine, theirs, &notes);
    if (entry.pairs.empty())
      throw input::InputError(candidate.source.file +
                              ": /architecture/projections: none that learns is also in the reference (" +
                              fmt::format("{}", fmt::join(notes, "; ")) + ")");
    entry.shared = analysis::shared_projections(mine, theirs);
    if (candidate.own)
      analysis::copy_weights(entry.shared, analysis::Direction::to_reference, mine, theirs);
    else
      analysis::copy_weights(entry.shared, analysis::Direction::to_subject, theirs, mine);
    if (candidate.own)
      entry.pairs =
          analysis::those_of(references_.front()->subject.network, report_.model, mine, std::move(entry.pairs), notes);
    entry.pairs = analysis::those_of_the_loss(reference.subject, entry.pairs, rows_, threads_, notes);
    if (entry.pairs.empty())
      throw input::InputError("engram: the gradient of " + entry.label + "'s reference is 0 everywhere");
    analysis::tell_differences(*entry.circuit->subject.model, *reference.subject.model, notes);
    for (const auto &note : notes) report_.notes.push_back(entry.label + ": " + note);
    entries_.push_back(std::move(entry));
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
    for (const auto &point : options_.points) fractions.push_back(point.fraction);
    std::vector<analysis::Snapshot<T>> snapshots;
    const auto failed = [&](const std::exception &error) {
      report_.notes.push_back(
          fmt::format("{} does not learn as far as {}: {}", who, options_.points[snapshots.size()].name, error.what()));
    };
    try {
      analysis::learn<T>(subject, fractions, threads_, watch(who), snapshots);
    } catch (const simulation::RunFailure &error) {
      failed(error);
    } catch (const learning::RuleFailure &error) {
      failed(error);
    }
    return snapshots;
  }

  void measure(Entry &entry) {
    const auto &reference = references_[entry.reference]->subject;
    const auto own = learn(entry.circuit->subject, entry.label);
    for (std::size_t k = 0; k < own.size(); ++k) {
      auto at = reference.network;
      analysis::copy_weights(entry.shared, analysis::Direction::to_reference, own[k].network, at);
      measure_at(entry, k, options_.points[k].fraction > 0 ? "own" : "", own[k], at);
    }
    if (options_.points.back().fraction == 0) return;
    if (!trajectories_.contains(entry.reference))
      trajectories_[entry.reference] = learn(reference, "the reference of " + entry.label);
    const auto &their = trajectories_[entry.reference];
    for (std::size_t k = 0; k < their.size(); ++k) {
      if (options_.points[k].fraction == 0) continue;
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
        entry.label + " at " + options_.points[point].name + (along.empty() ? "" : " (" + along + " learning)");
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
      sampling.stream = point + options_.points.size();
      drawn = analysis::sample(entry.circuit->subject, at, entry.pairs, g, sampling);
    }
    const auto row = [&](const std::string &projection, const analysis::Fidelity &fidelity) -> report::FidelityRow & {
      report_.rows.push_back({entry.label,
                              projection,
                              options_.points[point].name,
                              along,
                              options_.points[point].fraction,
                              fidelity,
                              rows_.size(),
                              {}});
      return report_.rows.back();
    };
    auto &all = row("all", sampled.moments.whole());
    if (drawn) all.minibatch = analysis::minibatch_variance(*drawn, options_.minibatch);
    const auto &f = all.fidelity;
    line_.say(
        fmt::format("{}: bias {:.3g}, variance {:.3g}, {} samples", where, f.bias.value, f.variance.value, f.samples));
    for (std::size_t p = 0; p < entry.pairs.size(); ++p) row(entry.pairs[p].name, sampled.moments.part(p));
    if (point == 0 && along != "reference") report_.cost.emplace_back(entry.label, sampled.forward_passes);
  }

  const FidelityOptions &options_;
  StatusLine line_;
  int threads_;
  std::vector<std::unique_ptr<Circuit<T>>> references_;
  std::map<std::size_t, std::vector<analysis::Snapshot<T>>> trajectories_; // by reference
  std::vector<std::size_t> rows_;
  std::vector<Entry> entries_;
  report::FidelityReport report_;
};

} // namespace

report::FidelityReport measure_fidelity(const Context &context, const FidelityOptions &options, bool &interrupted) {
  const auto read = session::read_model(options.model.file, options.model.load, context.folders, context.listener);
  print_lines(read.model.warnings);
  const bool single = read.model.single;
  return single ? Measurement<float>(options, context).run(interrupted)
                : Measurement<double>(options, context).run(interrupted);
}

} // namespace engram::cli
