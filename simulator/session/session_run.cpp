#include "session/session_run.hpp"
#include "error/in_plugin.hpp"

#include "record/is_run_file.hpp"
#include "record/output_path.hpp"
#include "record/recorder.hpp"
#include "record/run_read.hpp"
#include "session/inputs.hpp"
#include "session/run_output.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <optional>

namespace engram::session {

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

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
  Clock::time_point start_ = Clock::now(), saved_ = start_;
};

// Looks at the clock some fifty times a second, for a small step takes no longer than a look.
class ClockLooks {
public:
  bool due(const simulation::BatchProgress &position) {
    if (position.step == 0) {
      looked_ = Clock::now();
      until_ = every_ = 1;
    }
    if (--until_ > 0) return false;
    const auto now = Clock::now();
    const auto passed = now - looked_;
    if (passed < std::chrono::milliseconds(10)) every_ *= 2;
    if (passed > std::chrono::milliseconds(40)) every_ = std::max<std::size_t>(1, every_ / 2);
    until_ = every_;
    looked_ = now;
    return true;
  }

private:
  Clock::time_point looked_ = Clock::now();
  std::size_t every_ = 1, until_ = 1; // steps between looks
};

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
                  threads_or_all(threads), opened.dynamics, opened.task) {}

  void resume() override;
  RunResult simulate(const RunWatch &watch) override;
  std::string rescue() override {
    simulator.take_back();
    return save_last();
  }

  // Once, at the end. `at_boundary`: these are the weights of the last boundary.
  void save(const network::Network<T> &weights, record::Ending ending, bool at_boundary) {
    if (!file) return;
    write_weights(*file, weights);
    auto &state = boundary.state;
    if (!at_boundary)
      for (auto &kept : record::weights_as_state(boundary.network)) state.push_back(std::move(kept));
    file->write_state(state, boundary.epochs_done);
    file->finish(ending);
    checkpoints.remove();
  }
  std::string save_last() { // the weights of the last update
    save(network, record::Ending::failed, false);
    return file ? "the last good weights are in " + file->location() : "";
  }
  void reach_boundary(std::size_t epochs_done) {
    boundary.epochs_done = epochs_done;
    if (!file) return; // nothing could hold it
    const auto start = Clock::now();
    boundary.network = network;
    boundary.state = learning::save(simulator.kept());
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
  void epoch_ended(std::size_t epochs_done) {
    const bool each = policy.when == CheckpointPolicy::When::epoch || epochs_done == session.model.task.epochs;
    if (each || boundary_due())
      reach_boundary(epochs_done);
    else if (file)
      good = network;
  }
  void begin_file(std::vector<record::CurvePoint> &curve);

  network::Network<T> &network;
  simulation::Simulator<T> simulator;
  Boundary<T> boundary;                    // after the last epoch that was kept whole
  Clock::time_point reached;               // when that was
  Clock::duration copying{};               // how long the copy took
  std::optional<network::Network<T>> good; // after a later epoch
};

template <class T> void Run::WorkOf<T>::resume() {
  if (!found->has_state) return;
  const record::RunReader reader(found->file);
  auto state = reader.state();
  record::restore_weights(reader, state, network);
  learning::restore(simulator.kept(), state, found->file);
}

// What the file holds from the beginning.
template <class T> void Run::WorkOf<T>::begin_file(std::vector<record::CurvePoint> &curve) {
  write_weights(*file, network);
  if (found) curve = found->curve;
  for (const auto &point : curve) file->add_curve_point(point);
  std::error_code error;
  const bool from_elsewhere = found ? found->has_state : !initial_weights.empty();
  if (from_elsewhere && !fs::exists(file->beside(".checkpoint"), error)) checkpoints.write(boundary, curve);
}

template <class T> RunResult Run::WorkOf<T>::simulate(const RunWatch &watch) {
  const auto &model = session.model;
  const auto &trials = session.trials;
  std::optional<record::Recorder<T>> recorder;
  std::vector<record::CurvePoint> curve;
  reach_boundary(found ? found->epochs_done : 0);
  if (file) {
    begin_file(curve);
    recorder.emplace(model, trials, session.dynamics, *file);
  }
  SaveTimes times;
  simulation::Hooks<T> hooks;
  hooks.epochs_done = boundary.epochs_done;
  if (recorder) {
    hooks.training = recorder->training();
    hooks.held_out = recorder->held_out();
  }
  hooks.progress = [&](const simulation::Progress &progress) {
    if (watch.batch_done) watch.batch_done(progress);
    return !(watch.stop && *watch.stop);
  };
  hooks.epoch_done = [&](const simulation::Epoch &epoch) {
    if (file) file->add_curve_point(curve.emplace_back(as_recorded(epoch)));
    if (epoch.whole) epoch_ended(epoch.epoch);
    if (watch.epoch_done) watch.epoch_done(epoch);
    if (!file || !epoch.whole || epoch.epoch == model.task.epochs) return;
    if (checkpoints.due(boundary)) {
      if (good) reach_boundary(epoch.epoch);
      checkpoints.write(boundary, curve);
    }
    if (!times.due_after_epoch()) return;
    write_weights(*file, network);
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
    const auto summary = simulation::run<T>(model, trials, simulator, hooks);
    save(network, summary.interrupted ? record::Ending::interrupted : record::Ending::complete, !summary.interrupted);
    RunResult result{summary, "", ""};
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
    throw failed(error.what(), file ? "the weights before that epoch are in " + file->location() : "");
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
