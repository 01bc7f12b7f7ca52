#include "session/session_run.hpp"
#include "error/in_plugin.hpp"

#include "record/is_run_file.hpp"
#include "record/output_path.hpp"
#include "record/recorder.hpp"
#include "record/run_read.hpp"
#include "session/copy_weights.hpp"
#include "session/held_out_watch.hpp"
#include "session/inputs.hpp"
#include "session/recording.hpp"
#include "session/run_clocks.hpp"
#include "session/run_output.hpp"
#include "session/sharing_out.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <optional>

namespace engram::session {

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

} // namespace

// What does not hang on the precision.
struct Run::Work {
  explicit Work(Session &opened) : session(opened) {}
  virtual ~Work() = default;
  virtual void resume() = 0; // takes the weights and the state of `found`
  virtual RunResult simulate(const RunWatch &watch) = 0;
  virtual std::string rescue() = 0;

  Session &session;
  std::optional<record::RunFile> file;
  CheckpointPolicy policy;
  Checkpoints checkpoints;
  std::optional<FoundRun> found; // with which it goes on
  std::string initial_weights;
};

template <class T> struct Run::WorkOf final : Run::Work {
  WorkOf(Session &opened, int threads)
      : Work(opened), network(std::get<network::Network<T>>(opened.network)),
        simulator(opened.model, network, opened.trials, opened.rules, record::signals_recorded(opened.model),
                  threads_or_all(threads), opened.dynamics, opened.task, opened.ranks),
        held_out(opened.model.task) {}

  void resume() override;
  RunResult simulate(const RunWatch &watch) override;
  std::string rescue() override {
    if (session.ranks) return ""; // the others do not know of it, and hold what is theirs
    simulator.take_back();
    return save_last();
  }

  // Once, at the end. `at_boundary`: these are the weights of the last boundary. The best take their place, where they
  // are kept and there are some.
  void save(const network::Network<T> &weights, record::Ending ending, bool at_boundary, record::RunEnd end = {}) {
    if (!file && !session.ranks) return;
    const bool best = boundary.best_epoch > 0;
    const bool also_boundary = best ? boundary.best.has_value() : !at_boundary;
    const auto state = whole_state();
    with_whole(best ? boundary.kept() : weights, [&](const auto &whole) {
      if (file) write_weights(*file, whole);
    });
    if (file) file->write_state(state, boundary.epochs_done);
    if (also_boundary)
      with_whole(boundary.network, [&](const auto &whole) {
        if (file) record::write_weights_as_state(*file, whole);
      });
    if (!file) return;
    end.kept_epoch = boundary.best_epoch;
    file->write_end(end);
    file->finish(ending);
    checkpoints.remove();
  }
  // Among ranks rank 0 has the file, and all bring together what goes into it.
  template <class F> void with_whole(const network::Network<T> &own, F &&use) const {
    if (session.ranks)
      use(gather_network(*session.ranks, own));
    else
      use(own);
  }
  std::vector<learning::Saved> whole_state() const {
    return session.ranks ? gather_state(*session.ranks, session.model, network, boundary.state) : boundary.state;
  }
  // After a failure, in words: which weights are where.
  std::string where_saved(const std::string &which) const {
    if (!file) return "";
    const std::string best =
        "the weights after epoch " + std::to_string(boundary.best_epoch) + ", the best until then,";
    return (boundary.best_epoch > 0 ? best : "the " + which) + " are in " + file->location();
  }
  std::string save_last() { // the weights of the last update
    save(network, record::Ending::failed, false);
    return where_saved("last good weights");
  }
  // The weights that a file holds while the run goes on.
  const network::Network<T> &weights_so_far() const { return boundary.best_epoch > 0 ? boundary.kept() : network; }
  void reach_boundary(std::size_t epochs_done) {
    const bool is_best = held_out.best_epoch() > 0 && held_out.best_epoch() == epochs_done;
    const bool was_best = boundary.best_epoch > 0 && boundary.best_epoch == boundary.epochs_done;
    const bool moves = epochs_done != boundary.epochs_done;
    boundary.epochs_done = epochs_done;
    boundary.best_epoch = held_out.best_epoch();
    if (!keeps() && !held_out.keeps_best()) return; // nothing could hold it
    const auto start = Clock::now();
    if (is_best) boundary.best.reset();
    if (was_best && moves && !is_best) boundary.best = std::move(boundary.network);
    boundary.network = network;
    if (keeps()) boundary.state = learning::save(simulator.kept());
    good.reset();
    reached = Clock::now();
    copying = reached - start;
  }
  // Where epochs are short, not each is kept whole: copies take 2 % of the time, but are made each 10 s.
  bool boundary_due() const {
    using std::chrono::milliseconds;
    return Clock::now() - reached >=
           std::max<Clock::duration>(milliseconds(5), std::min<Clock::duration>(50 * copying, milliseconds(10000)));
  }
  // Are there trials to run once all is learned?
  bool tests_at_end() const {
    const bool recorded = keeps() && (held_out.stops() || held_out.keeps_best());
    return (recorded && !session.trials.held_out.empty()) || !session.trials.test.empty();
  }
  // `last`: nothing is learned after it.
  void epoch_ended(std::size_t epochs_done, bool last) {
    // If the trials at the end are interrupted, the run goes on before its last epoch, whose trials are recorded.
    const bool held_back = last && keeps() && tests_at_end();
    // Ranks keep each: their clocks differ.
    const bool each =
        session.ranks || policy.when == CheckpointPolicy::When::epoch || last || held_out.best_epoch() == epochs_done;
    if (!held_back && (each || boundary_due()))
      reach_boundary(epochs_done);
    else if (keeps())
      good = network;
  }
  // Is there a run file, here or on rank 0?
  bool keeps() const { return file.has_value() || session.ranks; }
  void begin_file(std::vector<record::CurvePoint> &curve);
  // What a checkpoint must hold of what was recorded.
  record::RunFile *recorded() { return file && record::records_learning(session.model) ? &*file : nullptr; }
  bool end_learning(RunResult &result);

  network::Network<T> &network;
  simulation::Simulator<T> simulator;
  // Whom other ranks than the first have observe.
  simulation::Observer<T> *brings() { return session.ranks && !session.ranks->is_first() ? &brings_signals : nullptr; }

  HeldOutWatch held_out;
  BringsSignals<T> brings_signals;
  Recording<T> recording;
  Boundary<T> boundary;                    // after the last epoch that was kept whole
  Clock::time_point reached;               // when that was
  Clock::duration copying{};               // how long the copy took
  std::optional<network::Network<T>> good; // after a later epoch
};

template <class T> void Run::WorkOf<T>::resume() {
  if (!found->has_state) return;
  const record::RunReader reader(found->file);
  auto state = reader.state();
  for (const auto &point : found->curve) held_out.add(as_epoch(point));
  boundary.best_epoch = held_out.best_epoch();
  if (boundary.best_epoch != static_cast<std::size_t>(reader.number("kept_epoch").value_or(0)))
    throw data::DataError(found->file + ": its weights are not those after epoch " +
                          std::to_string(boundary.best_epoch) + ", which has the best held-out trials");
  if (boundary.best_epoch > 0 && boundary.best_epoch < found->epochs_done) {
    std::vector<learning::Saved> none; // the weights of the file, not those to go on with
    record::restore_weights(reader, none, network);
    boundary.best = network;
  }
  record::restore_weights(reader, state, network);
  learning::restore(simulator.kept(), state, found->file);
}

// What the file holds from the beginning.
template <class T> void Run::WorkOf<T>::begin_file(std::vector<record::CurvePoint> &curve) {
  with_whole(weights_so_far(), [&](const auto &whole) {
    if (file) write_weights(*file, whole);
  });
  if (!file) return;
  if (found) curve = found->curve;
  for (const auto &point : curve) file->add_curve_point(point);
  recording.begin(session, network, *file, found ? &*found : nullptr);
  std::error_code error;
  const bool from_elsewhere = found ? found->has_state : !initial_weights.empty();
  if (from_elsewhere && !fs::exists(file->beside(".checkpoint"), error)) checkpoints.write(boundary, curve, recorded());
}

// Tests the weights that are kept. False: interrupted, and the network is as before.
template <class T> bool Run::WorkOf<T>::end_learning(RunResult &result) {
  const auto &model = session.model;
  const auto &trials = session.trials;
  const std::size_t done = result.summary.epochs;
  const std::size_t kept = held_out.best_epoch() > 0 ? held_out.best_epoch() : done;
  auto *const recorder = recording.signals();
  if (recorder) recorder->tests_end(kept);
  if (kept != done) copy_weights(boundary.kept(), network);
  const auto test = [&](const std::vector<std::size_t> &rows, simulation::Observer<T> *observer) {
    const auto tested = simulation::test(model, trials, simulator, rows, observer);
    if (!tested.whole && good) copy_weights(*good, network);
    return tested;
  };
  const bool apart = held_out.stops() || held_out.keeps_best();
  if (recorder && apart && !trials.held_out.empty() && !test(trials.held_out, recorder->held_out()).whole) return false;
  if (!trials.test.empty()) {
    const auto tested = test(trials.test, recorder ? recorder->test() : brings());
    if (!tested.whole) return false;
    result.test = tested;
  }
  if (boundary.epochs_done == done) return true;
  if (kept != done) copy_weights(*good, network);
  reach_boundary(done);
  if (kept != done) copy_weights(boundary.kept(), network);
  return true;
}

template <class T> RunResult Run::WorkOf<T>::simulate(const RunWatch &watch) {
  const auto &model = session.model;
  const auto &trials = session.trials;
  std::vector<record::CurvePoint> curve;
  reach_boundary(found ? found->epochs_done : 0);
  if (keeps()) begin_file(curve);
  SaveTimes times;
  simulation::Hooks<T> hooks;
  hooks.epochs_done = boundary.epochs_done;
  auto *const recorder = recording.signals();
  if (recorder) {
    hooks.training = recorder->training();
    hooks.held_out = recorder->held_out();
    hooks.seen = [&](std::size_t epoch, bool testing) {
      return recording.sees(epoch, testing, held_out.stops() || held_out.keeps_best());
    };
  }
  if (!recorder) hooks.training = hooks.held_out = brings();
  hooks.enough = [&] { return held_out.enough(); };
  hooks.progress = [&](const simulation::Progress &progress) {
    if (watch.batch_done) watch.batch_done(progress);
    return !simulator.is_stopped();
  };
  hooks.epoch_done = [&](const simulation::Epoch &epoch) {
    if (file) file->add_curve_point(curve.emplace_back(as_recorded(epoch)));
    if (epoch.whole) held_out.add(epoch);
    const bool last = epoch.epoch == model.task.epochs || held_out.enough();
    if (epoch.whole) recording.after_epoch(epoch.epoch, network);
    if (epoch.whole) epoch_ended(epoch.epoch, last);
    if (watch.epoch_done) watch.epoch_done(epoch);
    if (!file || !epoch.whole || last || session.ranks) return;
    if (checkpoints.due(boundary)) {
      if (good) reach_boundary(epoch.epoch);
      checkpoints.write(boundary, curve, recorded());
    }
    if (!times.due_after_epoch()) return;
    write_weights(*file, weights_so_far());
    file->flush();
    times.saved();
  };
  ClockLooks looks;
  simulator.watch({watch.stop, [&](const simulation::BatchProgress &position) {
                     if (!looks.due(position)) return;
                     if (watch.within_batch) watch.within_batch(position);
                     if (!file || !times.due_within_trial()) return;
                     recorder->save();
                     file->flush();
                     times.saved();
                   }});
  const std::string note = file ? file->note() : "";
  const auto failed = [](const std::string &why, const std::string &where) {
    return RunFailed(where.empty() ? why : why + "; " + where);
  };
  try {
    RunResult result{simulation::run<T>(model, trials, simulator, hooks), "", ""};
    auto &summary = result.summary;
    if (!summary.interrupted) summary.interrupted = !end_learning(result);
    result.recording_seconds = recording.seconds();
    result.kept = held_out.kept();
    if (held_out.best_epoch() > 0) result.why_kept = held_out.why_kept();
    if (summary.stopped) result.stopped = held_out.why_enough();
    record::RunEnd end{.stopped = result.stopped};
    if (const auto *spiking = simulator.spiking_times()) result.spiking = *spiking;
    result.interval = simulator.interval();
    if (result.test) end.test = as_recorded(*result.test);
    save(network, summary.interrupted ? record::Ending::interrupted : record::Ending::complete,
         boundary.epochs_done == summary.epochs && !summary.interrupted, end);
    if (file) result.file = file->location();
    if (file && file->note() != note) result.note = file->note();
    return result;
  } catch (const learning::RuleFailure &error) {
    // The change that failed was not applied.
    throw failed(error.what(), save_last());
  } catch (const PluginFailure &error) { // the weights are those of the last update
    throw failed(error.what(), save_last());
  } catch (const simulation::RunFailure &error) {
    // The weights themselves have gone astray: those before this epoch are kept.
    save(good ? *good : boundary.network, record::Ending::failed, !good);
    throw failed(error.what(), where_saved("weights before that epoch"));
  }
}

Run::Run(Session &session, int threads) {
  if (session.model.single)
    work_ = std::make_unique<WorkOf<float>>(session, threads);
  else
    work_ = std::make_unique<WorkOf<double>>(session, threads);
}

Run::~Run() = default;

std::string Run::save_to(const std::string &path, bool force, const CheckpointPolicy &policy) {
  auto &work = *work_;
  auto info = run_info(work.session.model, work.session.label_names, work.session.task);
  info.files_read = work.found ? work.found->info.files_read : inputs_of(work.session); // they are the same
  info.initial_weights = work.initial_weights;
  info.test = !work.session.trials.test.empty();
  auto kind = record::FileKind::result;
  if (work.found) {
    std::error_code error;
    const bool same = fs::weakly_canonical(path, error) == fs::weakly_canonical(work.found->target, error);
    // What is left of a run that goes on is taken over; beside a complete one it is of another.
    if (same && work.found->file != work.found->target) kind = record::FileKind::resumed;
    if (same && work.found->replaces_file) kind = record::FileKind::resumed;
    info.session_start = work.found->info.session_start;
    info.initial_weights = work.found->info.initial_weights;
  }
  work.file.emplace(path, info, force, kind);
  if (kind == record::FileKind::resumed && work.found->replaces_file) work.file->supersede();
  work.policy = policy;
  work.checkpoints = Checkpoints(work.file->beside(".checkpoint"), info, policy);
  return work.file->note();
}

void Run::began_with(const std::string &weights) { work_->initial_weights = weights; }

void Run::resume(const FoundRun &found, std::optional<std::size_t> until) {
  check_resumable(found, work_->session, until);
  auto &name = work_->session.model.name;
  if (name.empty()) name = found.info.model_name; // else it would be called by the run file
  work_->found = found;
  work_->resume();
}

RunResult Run::simulate(const RunWatch &watch) {
  try {
    return work_->simulate(watch);
  } catch (const record::WriteFailure &error) {
    std::string names;
    for (const auto *rule : work_->session.rules)
      names += (names.empty() ? "'" : ", '") + std::string(rule->name) + "'";
    if (!error.closed() || names.empty()) throw;
    throw record::WriteFailure(std::string(error.what()) + "; code of others in it: rule" +
                                   (work_->session.rules.size() > 1 ? "s " : " ") + names,
                               true);
  }
}
std::string Run::rescue() { return work_->rescue(); }

std::string run_file_path(const std::string &asked, const std::string &file, const model::LoadOptions &overrides,
                          const std::string &weights, bool force, bool resumes) {
  std::string path = asked.empty() ? fs::path(file).stem().string() + ".nwb" : asked;
  auto inputs = model::files_read(file, overrides);
  if (resumes) // but the run file itself: it goes on in its place
    std::erase_if(inputs, [&](const std::string &input) {
      std::error_code error;
      return fs::equivalent(input, file, error);
    });
  record::OutputRules rules{std::move(inputs), force, record::is_run_file};
  if (!weights.empty()) rules.inputs.push_back(weights);
  record::output_path(path, rules);
  return path;
}

record::Taken take_weights(const std::string &run, Session &session) {
  return std::visit([&](auto &network) { return record::take_weights(run, network); }, session.network);
}

std::string save_elsewhere(const Session &session) {
  try {
    const auto path = fs::temp_directory_path() / (fs::path(session.model.file).stem().string() + ".nwb");
    record::RunFile file(path.string(), run_info(session.model, {}, session.task));
    std::visit([&](const auto &network) { write_weights(file, network); }, session.network);
    file.finish(record::Ending::failed);
    return file.location();
  } catch (const Error &) { // the first failure has been told
    return "";
  } catch (const fs::filesystem_error &) {
    return "";
  }
}

} // namespace engram::session
