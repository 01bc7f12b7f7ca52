// Checkpoints keep a run as it is between two epochs, in a file beside its run file, so that one that is killed can go
// on (resume.hpp).
#pragma once

#include "learning/kept.hpp"
#include "network/network.hpp"
#include "record/run_file.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace engram::session {

/// After which epochs a checkpoint is written.
struct CheckpointPolicy {
  enum class When {
    automatic, ///< so seldom that writing takes 1 % of the time, but once a minute
    interval,  ///< after `seconds`
    epoch,     ///< after each
    never
  };
  When when = When::automatic;
  double seconds = 60;
};

/// A run between two epochs. With the model it is all that the rest of the run follows from.
template <class T> struct Boundary {
  network::Network<T> network;
  std::vector<learning::Saved> state;
  std::size_t epochs_done = 0;
  std::size_t best_epoch = 0;              ///< whose weights are kept; 0: the last are
  std::optional<network::Network<T>> best; ///< as the network was then, unless that is this one

  /// The weights that a file of this run holds as its own.
  const network::Network<T> &kept() const { return best ? *best : network; }
};

/// The checkpoint of one run: a whole run file, PATH.checkpoint, with recordings only of chosen epochs, which is
/// written under another name and takes the place of the one before in one step. Who holds the lock of PATH.partial may
/// write it.
class Checkpoints {
public:
  Checkpoints() = default;
  /// `path`: of the checkpoint. `info`: of the run.
  Checkpoints(std::string path, record::RunInfo info, CheckpointPolicy policy);

  /// Is it time, after an epoch?
  template <class T> bool due(const Boundary<T> &boundary) const;
  /// Errors: record::WriteFailure; the checkpoint before is then as it was.
  /// `recorded`: the run file, where what it holds by now is needed to go on; else null.
  template <class T>
  void write(const Boundary<T> &boundary, const std::vector<record::CurvePoint> &curve, record::RunFile *recorded);
  /// The run file has all of it.
  void remove();

private:
  using Clock = std::chrono::steady_clock;
  std::string path_;
  record::RunInfo info_;
  CheckpointPolicy policy_{CheckpointPolicy::When::never, 0};
  Clock::time_point written_ = Clock::now();
  double cost_ = -1; // seconds that the last one took; below 0: none yet
};

} // namespace engram::session
