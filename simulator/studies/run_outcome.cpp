#include "studies/run_outcome.hpp"

#include "data/array.hpp"
#include "record/is_run_file.hpp"
#include "record/run_read.hpp"
#include "session/resume.hpp"

#include <filesystem>

namespace engram::studies {

namespace {

namespace fs = std::filesystem;

Point point_of(const record::CurvePoint &point) {
  Point out;
  out.epoch = point.epoch;
  out.values = {point.train_loss,    point.train_accuracy,    point.train_reward,
                point.held_out_loss, point.held_out_accuracy, point.held_out_reward};
  return out;
}

bool is_file(const std::string &path) {
  std::error_code error;
  return fs::is_regular_file(path, error);
}

} // namespace

const char *name_of(Status status) {
  switch (status) {
  case Status::interrupted:
    return "interrupted";
  case Status::failed:
    return "failed";
  case Status::complete:
    return "complete";
  case Status::missing:
    break;
  }
  return "missing";
}

bool is_begun(const std::string &path) {
  return is_file(path) || is_file(path + ".checkpoint") ||
         (is_file(path + ".partial") && record::is_run_file(path + ".partial"));
}

RunOutcome read_outcome(const std::string &path, const CheckedRun &run) {
  RunOutcome out;
  if (!is_begun(path)) return out;
  const auto found = session::find_run(path);
  if (found.info.seed != run.seed || sum_without_epochs(found.model) != run.sum)
    throw data::DataError(found.file + ": is not of this run: it has another model or another seed");
  out.stopped = found.complete && !found.stopped.empty();
  const bool complete = found.complete && (found.epochs_done >= run.epochs || out.stopped);
  out.status = complete ? Status::complete : Status::interrupted;
  out.kept_epoch = found.kept_epoch;
  out.epochs_planned = found.epochs_planned;
  if (complete)
    out.test = {found.test_loss.value_or(Point::unknown), found.test_accuracy.value_or(Point::unknown),
                found.test_reward.value_or(Point::unknown)};
  if (!found.complete && is_file(path) && record::RunReader(path).text("status") == "failed")
    out.status = Status::failed;
  out.files_read = found.info.files_read;
  for (const auto &each : found.curve) {
    out.end = point_of(each);
    out.seconds += each.seconds;
    for (std::size_t m = 0; m < measure_count; ++m) {
      const double now = out.end.values[m], before = out.best[m].values[m];
      const bool better = is_loss(static_cast<Measure>(m)) ? now < before : now > before;
      if (better || (out.best[m].epoch == 0 && now == now)) out.best[m] = out.end; // not of NaN
    }
  }
  return out;
}

} // namespace engram::studies
