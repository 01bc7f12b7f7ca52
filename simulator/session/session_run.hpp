// A Run simulates a session, lets it learn, and keeps the results in a run file.
//
//     session::Run run(opened);
//     run.save_to("xor.nwb"); // unless the weights in opened.network are enough
//     const auto result = run.simulate();
#pragma once

#include "error/error.hpp"
#include "record/take_weights.hpp"
#include "session/checkpoints.hpp"
#include "session/resume.hpp"
#include "session/session.hpp"
#include "simulation/training.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace engram::session {

/// How a caller follows a run, and ends it. Each member may be empty.
struct RunWatch {
  const std::atomic<bool> *stop = nullptr; ///< once it is true, the run ends before its next step
  std::function<void(const simulation::Progress &)> batch_done;
  std::function<void(const simulation::Epoch &)> epoch_done;
  /// Before the first step of each batch, and then before some step about fifty times a second.
  std::function<void(const simulation::BatchProgress &)> within_batch;
};

struct RunResult {
  simulation::Summary summary;
  std::string file; ///< where the run file lies; "" without one
  std::string note; ///< a line about that place, where it is not the one that was asked for
  /// The point of the learning curve that belongs to the weights that are kept: the last whole one, or the best.
  simulation::Epoch kept{};
  std::string why_kept{}; ///< "the best held-out loss"; "" where the last weights are kept
  std::string stopped{};  ///< why learning ended before all epochs, in words; "" where it did not
  /// Of the trials of the test, by the weights that are kept, as those of held-out trials; absent without such trials,
  /// and where the run was interrupted.
  std::optional<simulation::Epoch> test{};
  std::optional<simulation::SpikingTimes> spiking{}; ///< where the time of spiking neurons went, on this rank
  std::size_t interval = 0; ///< steps from one exchange of spikes among ranks to the next; 0: there are no other ranks
  double recording_seconds = 0; ///< for weights that were recorded while it learned
};

/// A rule failed, or a number was not finite. The good weights before that are in the run file, where there is one;
/// what(), one line, says where it lies.
class RunFailed : public Failed {
public:
  using Failed::Failed;
};

/// One run. Keeps the session by reference: it must outlive the run, and stay where it is.
class Run {
public:
  /// `threads`: as threads_or_all() takes it. Errors: numeric::WrongProduct.
  explicit Run(Session &session, int threads = 0);
  ~Run();
  Run(const Run &) = delete;
  Run &operator=(const Run &) = delete;

  /// Keeps a run file at `path`, brought up to date on the disk as the run goes on (models/runs.md). Call it before
  /// simulate(). Returns a line about a file that was found there and moved aside, or "". Errors: those of
  /// record::RunFile. That `path` is none of the files that the run reads is for run_file_path() to see.
  std::string save_to(const std::string &path, bool force = false, const CheckpointPolicy &policy = {});

  /// The run goes on with one that was found, whose model the session is of; a model without a name is called as it
  /// was then. Call it before save_to() and simulate().
  /// Errors: those of check_resumable(); data::DataError, where a weight or a state does not fit.
  void resume(const FoundRun &found, std::optional<std::size_t> until = {});
  /// For the record: the run file that the weights of the session came from. Call it before save_to().
  void began_with(const std::string &weights);

  /// The whole run, once. The weights that are kept are then in Session::network. Errors: RunFailed;
  /// record::WriteFailure.
  RunResult simulate(const RunWatch &watch = {});

  /// For code that is called while simulate() is at work and does not return to it: finishes the run file with the
  /// weights at hand, and says in words where they are. "" without a run file. Errors: record::WriteFailure.
  std::string rescue();

private:
  struct Work;
  template <class T> struct WorkOf;
  std::unique_ptr<Work> work_;
};

/// The path of a run file: as asked for, or the model file's name with .nwb in this folder. Errors: input::InputError
/// where it must not be written, so before anything is computed. `weights`: the run file that the run begins with, or
/// "". `resumes`: `file` is the run file with which it goes on, which may be written over.
std::string run_file_path(const std::string &asked, const std::string &file, const model::LoadOptions &overrides,
                          const std::string &weights, bool force, bool resumes = false);

/// The session begins with the last weights of a run file, by the projections' names. Errors: data::DataError.
record::Taken take_weights(const std::string &run, Session &session);

/// After a run file could not be written: the weights alone, into the system's folder for temporary files. Returns
/// where they are, or "" where that fails too.
std::string save_elsewhere(const Session &session);

} // namespace engram::session
