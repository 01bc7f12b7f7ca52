#include "studies/run_study.hpp"

#include "data/array.hpp"
#include "data/printable.hpp"
#include "error/error.hpp"
#include "input/document.hpp"
#include "numeric/threads.hpp"
#include "record/whole_file.hpp"
#include "studies/result_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <utility>

namespace engram::studies {

using input::Json;

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

// The last line that a run said of itself.
std::string last_words(const std::string &log) {
  std::ifstream file(log);
  std::string last;
  for (std::string line; std::getline(file, line);)
    if (!line.empty() && !line.starts_with("engram: the weights at that moment")) last = line; // that is no reason
  if (last.starts_with("engram: ")) last.erase(0, 8);
  return data::printable(last, 400);
}

std::string reason_of(const JobEnd &end, const std::string &log) {
  if (!end.lost.empty()) return end.lost;
  if (end.signal != 0) return fmt::format("ended by signal {} ({})", end.signal, strsignal(end.signal));
  const auto words = last_words(log);
  return words.empty() ? fmt::format("ended with exit code {}", end.exit_code) : words;
}

// A run that failed when it went on has left a later state of itself beside its file.
void take_later_state(const std::string &path) {
  const std::string later = path.substr(0, path.size() - 4) + ".failed.nwb";
  std::error_code error;
  if (fs::is_regular_file(later, error)) fs::rename(later, path, error);
}

// The first file or plugin of which two runs read different states, in words.
std::string changed_between(const std::vector<RunOutcome> &outcomes, const std::vector<PlannedRun> &plan) {
  std::map<std::string, std::pair<Json, std::size_t>> seen; // checksum, run
  for (std::size_t k = 0; k < outcomes.size(); ++k) {
    if (outcomes[k].status != Status::complete) continue;
    const auto all = Json::parse(outcomes[k].files_read, nullptr, false);
    if (!all.is_object()) continue;
    for (const auto &[kind, files] : all.items()) {
      if (!files.is_object()) continue;
      for (const auto &[name, sum] : files.items()) {
        const auto [at, is_new] = seen.try_emplace(kind + " " + name, sum, plan[k].number);
        if (!is_new && at->second.first != sum)
          return fmt::format(
              "run {} read another state of {} than run {} (in {}): take the run files of one of the two "
              "away, and --resume does them again",
              plan[k].number, name, at->second.second, kind);
      }
    }
  }
  return "";
}

} // namespace

StudyWork::StudyWork(Study study, const std::string &folder, bool resume, session::Folders folders,
                     session::Listener listener)
    : study_(std::move(study)), plan_(plan_runs(study_)), folder_(folder, study_, resume), folders_(std::move(folders)),
      listener_(std::move(listener)) {}

std::vector<std::string> StudyWork::check(const std::function<void(std::size_t)> &done) {
  checked_ = check_runs(study_, plan_, folders_, listener_, done);
  return checked_.lines;
}

void StudyWork::begin(const std::atomic<bool> *stop, const std::function<void(std::size_t)> &looked) {
  folder_.begin(study_, plan_, checked_);
  for (auto &run : checked_.runs) run.model.clear(); // it is in the folder
  outcomes_.resize(plan_.size());
  for (std::size_t k = 0; k < plan_.size(); ++k) {
    look(k);
    // What a run that was killed in its first moments has left cannot be read, and holds nothing.
    std::error_code error;
    if (outcomes_[k].status == Status::missing) fs::remove(folder_.run_file(plan_[k].number) + ".partial", error);
    if (stop && *stop) throw Failed(folder_.path() + ": interrupted before a run began; --resume goes on");
    if (looked) looked(k + 1);
    if (outcomes_[k].status == Status::failed) outcomes_[k].reason = last_words(folder_.log_file(plan_[k].number));
  }
}

void StudyWork::look(std::size_t run) {
  outcomes_[run] = read_outcome(folder_.run_file(plan_[run].number), checked_.runs[run]);
}

std::vector<std::size_t> StudyWork::missing() const {
  std::vector<std::size_t> out;
  for (std::size_t k = 0; k < outcomes_.size(); ++k)
    if (outcomes_[k].status != Status::complete) out.push_back(k);
  return out;
}

std::vector<std::string> StudyWork::words(std::size_t run, const std::string &program) const {
  const auto out = folder_.run_file(plan_[run].number);
  if (!is_begun(out)) return run_words(plan_[run], study_, program, out);
  const std::size_t epochs = checked_.runs[run].epochs;
  return resume_words(study_, program, out, outcomes_[run].epochs_planned != epochs ? epochs : 0);
}

void StudyWork::ended(std::size_t run, const JobEnd &end, const StudyWatch &watch) {
  const auto path = folder_.run_file(plan_[run].number);
  take_later_state(path);
  std::string unreadable;
  try {
    look(run);
  } catch (const data::DataError &error) {
    outcomes_[run] = {};
    unreadable = error.what();
  }
  auto &outcome = outcomes_[run];
  if (outcome.status == Status::complete) {
    ++progress_.complete;
    return;
  }
  if (watch.stop && *watch.stop) return; // it was asked to end
  outcome.status = Status::failed;
  outcome.reason = unreadable.empty() ? reason_of(end, folder_.log_file(plan_[run].number)) : unreadable;
  ++progress_.failed;
  if (watch.failed)
    watch.failed(fmt::format("{} failed: {} (all that it said: {})", described(plan_[run], study_), outcome.reason,
                             folder_.log_file(plan_[run].number)));
}

StudyResult StudyWork::run(const RunOptions &options, const StudyWatch &watch, const RunQueue &run_queue) {
  const auto todo = missing();
  progress_ = {plan_.size(), plan_.size() - todo.size(), 0, 0, Point::unknown};
  const auto cores = static_cast<std::size_t>(numeric::available_threads());
  const auto start = Clock::now();
  auto written = start, last_end = start;
  double left = Point::unknown;    // seconds, when the last one ended
  std::size_t done = 0, shown = 0; // of those that ended since it began; of these, what the tables on the disk have
  JobQueue queue;
  queue.count = todo.size();
  queue.at_once = options.at_once > 0 ? options.at_once
                                      : std::max<std::size_t>(1, cores / static_cast<std::size_t>(study_.threads));
  queue.keep_open = folder_.lock();
  queue.stop = watch.stop;
  queue.job = [&](std::size_t k) -> Job {
    return {words(todo[k], options.program), folder_.log_file(plan_[todo[k]].number)};
  };
  queue.ended = [&](std::size_t k, const JobEnd &end) {
    ended(todo[k], end, watch);
    ++done;
    left = seconds_since(start) * static_cast<double>(todo.size() - done) / static_cast<double>(done);
    last_end = Clock::now();
  };
  queue.waits = [&](std::size_t running) {
    progress_.running = running;
    progress_.seconds_left = std::isnan(left) ? left : std::max(0.0, left - seconds_since(last_end));
    if (watch.progress) watch.progress(progress_);
    if (done == shown || Clock::now() - written < std::chrono::seconds(10)) return;
    try {
      write_tables(summarize_study(study_, plan_, outcomes_));
    } catch (const Failed &) { // the disk is full, say; those at the end are what counts
    }
    written = Clock::now();
    shown = done;
  };
  run_queue(queue);
  auto result = collect();
  result.interrupted = watch.stop && *watch.stop && result.complete < result.runs;
  return result;
}

StudyResult StudyWork::collect() {
  StudyResult out;
  out.summary = summarize_study(study_, plan_, outcomes_);
  write_tables(out.summary);
  out.runs = plan_.size();
  for (const auto &outcome : outcomes_) {
    out.complete += outcome.status == Status::complete;
    out.failed += outcome.status == Status::failed;
  }
  out.changed_inputs = changed_between(outcomes_, plan_);
  return out;
}

void StudyWork::write_tables(const StudySummary &summary) const {
  std::vector<std::uint64_t> seeds;
  std::vector<std::string> files;
  for (std::size_t k = 0; k < plan_.size(); ++k) {
    seeds.push_back(checked_.runs[k].seed);
    files.push_back(fs::path(folder_.run_file(plan_[k].number)).lexically_relative(folder_.path()).string());
  }
  const auto results = results_table(study_, plan_, seeds, outcomes_, files);
  const auto combinations = summary_table(study_, plan_, summary);
  record::write_whole(folder_.file("results.csv"), csv_of(results));
  record::write_whole(folder_.file("summary.csv"), csv_of(combinations));
  record::write_whole(folder_.file("results.h5"), hdf5_of({{"results", results}, {"summary", combinations}}));
}

} // namespace engram::studies
