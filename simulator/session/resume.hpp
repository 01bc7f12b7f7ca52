// A run that was killed, interrupted or failed goes on where its last whole epoch ended: bit for bit as if it had not
// been disturbed.
#pragma once

#include "record/run_file.hpp"
#include "session/session.hpp"

#include <optional>
#include <string>
#include <vector>

namespace engram::session {

/// An unfinished run as it was found.
struct FoundRun {
  std::string file;            ///< holds its state: a run file, its checkpoint, or what was begun of it
  std::string target;          ///< the run file that it was to become
  std::string model;           ///< JSON
  record::RunInfo info;        ///< model_name, version, precision, seed, session_start, files_read and initial_weights
  bool complete = false;       ///< it did all its epochs, or stopped before
  std::string stopped;         ///< why it stopped before, in words
  bool replaces_file = false;  ///< an earlier state of it, interrupted, has the name `target`
  std::size_t epochs_done = 0; ///< whole ones
  std::size_t epochs_planned = 0; ///< as its model says
  std::size_t kept_epoch = 0;     ///< after which its weights were, where the best are kept; 0: the last are
  std::optional<double> test_loss{}, test_accuracy{}, test_reward{}; ///< of a complete run with trials of a test
  bool has_state = false;                ///< false: killed before there was a checkpoint; it begins anew
  std::vector<record::CurvePoint> curve; ///< of these epochs
};

/// Looks for the state of a run: in the run file `path`, in PATH.checkpoint and in PATH.partial; `path` may also be one
/// of these two. Errors: data::DataError, where there is none, or where they are of different runs.
FoundRun find_run(const std::string &path);

/// How the model of the run is loaded: its text for the file, with another number of epochs where `until` says so.
model::LoadOptions options_of(const FoundRun &found, std::optional<std::size_t> until);

/// Why a run of this model would be another one with more epochs, in words; "" where it would go on.
std::string why_not_extended(const model::Model &model);

/// Whether the session goes on as the run would have. Errors: data::DataError, which names what differs: engram, the
/// precision, a file, a plugin; a complete run without `until`; one that stopped; fewer epochs than are done; a
/// schedule of the learning rate by the share of the epochs, whose number differs.
void check_resumable(const FoundRun &found, const Session &session, std::optional<std::size_t> until);

} // namespace engram::session
