#include "fidelity/measurement.hpp"

#include "fidelity/comparable.hpp"
#include "fidelity/plan.hpp"
#include "fidelity/rank_samples.hpp"
#include "model/title.hpp"
#include "numeric/random.hpp"
#include "session/session.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <utility>

namespace engram::fidelity {
namespace {

// A circuit as it was opened, and what is measured of it, which points into the session.
template <class T> struct MeasuredCircuit {
  session::Session opened;
  Subject<T> subject;
};

template <class T> class Measurement {
public:
  /// `given`: MODEL.
  Measurement(const FidelityOptions &options, const model::Model &given, const session::Folders &folders,
              const session::Listener &listener, const FidelityWatch &watch)
      : options_(options), folders_(folders), listener_(listener), watch_(watch),
        threads_(session::threads_or_all(options.threads)) {
    const auto made =
        fidelity_plan(given, options.overrides, options.reference, options.rules, options.models, folders, listener);
    for (const auto &source : made.references) references_.push_back(open_source(source));
    if (watch_.lines) watch_.lines(references_.front()->opened.lines);
    align_references();
    const auto &first = *references_.front();
    const auto &model = first.opened.model;
    report_.model = model::title_of(model);
    report_.reference = options.reference;
    report_.seed = model.seed;
    report_.samples = options.samples;
    choose_rows();
    for (const auto &candidate : made.candidates) add(candidate);
  }

  MeasuredFidelity run() {
    if (watch_.begins) watch_.begins();
    bool interrupted = false;
    try {
      for (auto &entry : entries_) measure(entry);
    } catch (const Interrupted &) {
      interrupted = true;
    }
    return {report_, interrupted};
  }

private:
  struct Entry {
    std::string label;
    std::unique_ptr<MeasuredCircuit<T>> circuit;
    std::size_t reference = 0;
    std::vector<Pair> pairs, shared; // that both learn, and that both have
  };

  bool stop_asked() const { return watch_.stop && *watch_.stop; }

  std::unique_ptr<MeasuredCircuit<T>> open_source(const Source &source) const {
    auto circuit = std::make_unique<MeasuredCircuit<T>>(
        MeasuredCircuit<T>{session::open(load_source(source, folders_, listener_), folders_), {}});
    auto &opened = circuit->opened;
    circuit->subject = {
        &opened.model, &opened.trials,   opened.rules, std::move(std::get<network::Network<T>>(opened.network)),
        watch_.stop,   &opened.dynamics, &opened.task};
    return circuit;
  }

  // Other references begin with the weights of the first, where they have the same projections.
  void align_references() {
    for (std::size_t k = 1; k < references_.size(); ++k) {
      auto &other = references_[k]->subject;
      const auto &first = references_.front()->subject.network;
      copy_weights(shared_projections(other.network, first), Direction::to_subject, first, other.network);
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

  void add(const Candidate &candidate) {
    Entry entry{candidate.source.label, open_source(candidate.source), candidate.reference, {}, {}};
    const auto &reference = *references_[candidate.reference];
    if (entry.circuit->opened.trials.count != reference.opened.trials.count)
      throw input::InputError(
          fmt::format("{}: /task/stimuli: has {} trials, the reference has {}: they cannot be compared",
                      candidate.source.file, entry.circuit->opened.trials.count, reference.opened.trials.count));
    auto &mine = entry.circuit->subject.network;
    auto &theirs = references_[candidate.reference]->subject.network;
    std::vector<std::string> notes;
    entry.pairs = pair_projections(mine, theirs, &notes);
    if (entry.pairs.empty())
      throw input::InputError(candidate.source.file +
                              ": /architecture/projections: none that learns is also in the reference (" +
                              fmt::format("{}", fmt::join(notes, "; ")) + ")");
    entry.shared = shared_projections(mine, theirs);
    if (candidate.own)
      copy_weights(entry.shared, Direction::to_reference, mine, theirs);
    else
      copy_weights(entry.shared, Direction::to_subject, theirs, mine);
    if (candidate.own)
      entry.pairs = those_of(references_.front()->subject.network, report_.model, mine, std::move(entry.pairs), notes);
    entry.pairs = those_of_the_loss(reference.subject, entry.pairs, rows_, threads_, notes);
    if (entry.pairs.empty())
      throw input::InputError("engram: the gradient of " + entry.label + "'s reference is 0 everywhere");
    tell_differences(*entry.circuit->subject.model, *reference.subject.model, notes);
    for (const auto &note : notes) report_.notes.push_back(entry.label + ": " + note);
    entries_.push_back(std::move(entry));
  }

  // What each rank does for itself: where one is interrupted, all are.
  template <class F> void together(F &&work) const {
    bool whole = true;
    try {
      work();
    } catch (const Interrupted &) {
      whole = false;
    }
    if (!all_go_on(options_.ranks, whole)) throw Interrupted();
  }

  std::function<bool(double)> follow(const std::string &who) {
    return [this, who](double share) {
      if (watch_.learning) watch_.learning(who, share);
      return !stop_asked();
    };
  }

  // A circuit at each of the points; fewer where its learning fails before.
  std::vector<Snapshot<T>> learn(const Subject<T> &subject, const std::string &who) {
    std::vector<double> fractions;
    for (const auto &point : options_.points) fractions.push_back(point.fraction);
    std::vector<Snapshot<T>> snapshots;
    const auto failed = [&](const std::exception &error) {
      report_.notes.push_back(
          fmt::format("{} does not learn as far as {}: {}", who, options_.points[snapshots.size()].name, error.what()));
    };
    try {
      together([&] { fidelity::learn<T>(subject, fractions, threads_, follow(who), snapshots); });
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
      copy_weights(entry.shared, Direction::to_reference, own[k].network, at);
      measure_at(entry, k, options_.points[k].fraction > 0 ? "own" : "", own[k], at);
    }
    if (options_.points.back().fraction == 0) return;
    if (!trajectories_.contains(entry.reference))
      trajectories_[entry.reference] = learn(reference, "the reference of " + entry.label);
    const auto &their = trajectories_[entry.reference];
    for (std::size_t k = 0; k < their.size(); ++k) {
      if (options_.points[k].fraction == 0) continue;
      Snapshot<T> at{entry.circuit->subject.network, {}, false};
      copy_weights(entry.shared, Direction::to_subject, their[k].network, at.network);
      measure_at(entry, k, "reference", at, their[k].network);
    }
  }

  void measure_at(Entry &entry, std::size_t point, const std::string &along, const Snapshot<T> &at,
                  const network::Network<T> &reference_weights) {
    const auto &reference = references_[entry.reference]->subject;
    std::vector<arma::vec> g;
    together([&] { g = gradient(reference, reference_weights, entry.pairs, rows_, threads_); });
    take_from_first(options_.ranks, g); // all ranks must end at the same sample
    const std::string where =
        entry.label + " at " + options_.points[point].name + (along.empty() ? "" : " (" + along + " learning)");
    Sampling sampling;
    sampling.samples = options_.samples;
    sampling.precision = options_.precision;
    sampling.rows = rows_;
    sampling.threads = threads_;
    sampling.stream = point;
    sampling.ranks = options_.ranks;
    const auto began = std::chrono::steady_clock::now();
    sampling.go_on = [&](const UpdateMoments &moments) {
      if (watch_.sampling) watch_.sampling({where, moments, options_.samples, began});
      return !stop_asked();
    };
    const auto sampled = sample(entry.circuit->subject, at, entry.pairs, g, sampling);
    std::optional<Sampled> drawn;
    if (options_.minibatch > 0) {
      sampling.minibatch = options_.minibatch;
      sampling.twice = !sampled.moments.deterministic();
      sampling.stream = point + options_.points.size();
      drawn = sample(entry.circuit->subject, at, entry.pairs, g, sampling);
    }
    const auto row = [&](const std::string &projection, const Fidelity &fidelity) -> FidelityRow & {
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
    if (drawn) all.minibatch = minibatch_variance(*drawn, options_.minibatch);
    if (watch_.measured) watch_.measured(where, all.fidelity);
    for (std::size_t p = 0; p < entry.pairs.size(); ++p) row(entry.pairs[p].name, sampled.moments.part(p));
    if (point == 0 && along != "reference") report_.cost.emplace_back(entry.label, sampled.forward_passes);
  }

  const FidelityOptions &options_;
  const session::Folders &folders_;
  const session::Listener &listener_;
  const FidelityWatch &watch_;
  int threads_;
  std::vector<std::unique_ptr<MeasuredCircuit<T>>> references_;
  std::map<std::size_t, std::vector<Snapshot<T>>> trajectories_; // by reference
  std::vector<std::size_t> rows_;
  std::vector<Entry> entries_;
  FidelityReport report_;
};

} // namespace

MeasuredFidelity measure_fidelity(const FidelityOptions &options, const session::Folders &folders,
                                  const session::Listener &listener, const FidelityWatch &watch) {
  const auto read = session::read_model(options.file, options.overrides, folders, listener);
  if (watch.lines) watch.lines(read.model.warnings);
  const auto measured = [&](auto zero) -> MeasuredFidelity {
    std::optional<Measurement<decltype(zero)>> measurement;
    try {
      measurement.emplace(options, read.model, folders, listener, watch);
    } catch (const Interrupted &) { // before all was opened
    }
    if (!all_go_on(options.ranks, measurement.has_value())) return {{}, true};
    return measurement->run();
  };
  return read.model.single ? measured(0.0F) : measured(0.0);
}

} // namespace engram::fidelity
