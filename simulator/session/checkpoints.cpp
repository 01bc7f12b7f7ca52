#include "session/checkpoints.hpp"

#include "record/take_weights.hpp"
#include "session/run_output.hpp"

#include <algorithm>
#include <unistd.h>
#include <utility>

namespace engram::session {

namespace {

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// What the first one may take: a file's share, and its bytes on a slow disk.
template <class T> double guessed_cost(const Boundary<T> &boundary) {
  double bytes = 0;
  network::each_projection(boundary.network, [&](const auto &p) {
    if (p.has_weights()) bytes += static_cast<double>(p.values().size() * sizeof(T));
  });
  for (const auto &saved : boundary.state) bytes += static_cast<double>(saved.rows * saved.columns * sizeof(T));
  return 0.01 + bytes / 2e8;
}

} // namespace

Checkpoints::Checkpoints(std::string path, record::RunInfo info, CheckpointPolicy policy)
    : path_(std::move(path)), info_(std::move(info)), policy_(policy) {}

template <class T> bool Checkpoints::due(const Boundary<T> &boundary) const {
  using When = CheckpointPolicy::When;
  const double passed = seconds_since(written_);
  switch (policy_.when) {
  case When::automatic:
    return passed >= std::min(60.0, 100 * (cost_ < 0 ? guessed_cost(boundary) : cost_));
  case When::interval:
    return passed >= policy_.seconds;
  case When::epoch:
    return true;
  case When::never:
    break;
  }
  return false;
}

template <class T>
void Checkpoints::write(const Boundary<T> &boundary, const std::vector<record::CurvePoint> &curve,
                        record::RunFile *recorded) {
  if (policy_.when == CheckpointPolicy::When::never) return;
  const auto start = Clock::now();
  record::RunFile file(path_, info_, true, record::FileKind::checkpoint);
  write_weights(file, boundary.kept());
  for (const auto &point : curve) file.add_curve_point(point);
  file.write_end({.kept_epoch = boundary.best_epoch});
  file.write_state(boundary.state, boundary.epochs_done);
  if (boundary.best) record::write_weights_as_state(file, boundary.network);
  if (recorded) recorded->copy_recorded(file);
  file.finish_checkpoint();
  written_ = Clock::now();
  cost_ = seconds_since(start);
}

void Checkpoints::remove() {
  if (path_.empty()) return;
  ::unlink(path_.c_str());
  ::unlink((path_ + ".new").c_str()); // of a process that was killed over it
}

template bool Checkpoints::due(const Boundary<float> &) const;
template bool Checkpoints::due(const Boundary<double> &) const;
template void Checkpoints::write(const Boundary<float> &, const std::vector<record::CurvePoint> &, record::RunFile *);
template void Checkpoints::write(const Boundary<double> &, const std::vector<record::CurvePoint> &, record::RunFile *);

} // namespace engram::session
