// A Recording writes what a model's "record" asks for, signals and weights, into the run file of a run.
#pragma once

#include "record/recorder.hpp"
#include "record/run_read.hpp"
#include "record/weight_recorder.hpp"
#include "session/resume.hpp"
#include "session/run_output.hpp"
#include "session/session.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace engram::session {

template <class T> class Recording {
public:
  /// `network`: with the weights before the next epoch. `found`: the run that goes on, whose recordings are taken over;
  /// else null. Errors: data::DataError, where they are not there.
  void begin(const Session &session, const network::Network<T> &network, record::RunFile &file, const FoundRun *found) {
    std::vector<std::string> own_columns;
    for (const auto &column : run_info(session.model, {}, session.task).columns) own_columns.push_back(column.name);
    epochs_ = session.model.task.epochs;
    signals_.emplace(session.model, session.trials, session.dynamics, file, own_columns);
    if (!session.model.record_weights.empty()) weights_.emplace(session.model, network, file);
    if (!found || !found->has_state) {
      after_epoch(0, network);
    } else if (record::records_learning(session.model)) {
      const record::RunReader reader(found->file);
      signals_->restore(reader, found->epochs_done);
      if (weights_) weights_->restore(reader, found->epochs_done);
    }
  }

  /// Null before begin().
  record::Recorder<T> *signals() { return signals_ ? &*signals_ : nullptr; }

  void after_epoch(std::size_t epoch, const network::Network<T> &network) {
    if (!weights_) return;
    const auto start = Clock::now();
    weights_->after_epoch(epoch, network);
    seconds_ += std::chrono::duration<double>(Clock::now() - start).count();
  }

  /// As simulation::Hooks::seen. `apart`: the end of learning is recorded by trials that are run after it.
  bool sees(std::size_t epoch, bool testing, bool apart) {
    if (!signals_) return false;
    const bool last = epoch == epochs_;
    if (testing) signals_->tests_epoch(epoch, last && !apart);
    return signals_->sees(epoch) || (last && !(testing && apart));
  }

  /// That weights took.
  double seconds() const { return seconds_; }

private:
  using Clock = std::chrono::steady_clock;
  std::optional<record::Recorder<T>> signals_;
  std::optional<record::WeightRecorder<T>> weights_;
  std::size_t epochs_ = 0;
  double seconds_ = 0;
};

} // namespace engram::session
