#include "cli/comparing.hpp"

#include "cli/interrupt.hpp"
#include "cli/output.hpp"
#include "cli/progress.hpp"

#include <fmt/format.h>

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

namespace engram::cli {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr auto glance = milliseconds(50), patience = milliseconds(500);

// What the thread of a comparison and the one that waits for it share. It outlives both.
struct Shared {
  recordings::Growing growing;
  std::mutex mutex; // of all below
  std::condition_variable ended_now;
  recordings::Step step;
  bool ended = false;
  std::exception_ptr failure;
};

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

// "rsa (part 2 of 9): 43 %, about 12.3 s left". All parts count alike, so that the time is a guess.
std::string step_text(const recordings::Step &step, double spent) {
  const double share = (static_cast<double>(step.done) + step.within) / static_cast<double>(step.parts);
  std::string text = step.method + " …";
  if (step.parts > 1) text = fmt::format("{} (part {} of {}) …", step.method, step.done + 1, step.parts);
  if (spent < 1 || share < 0.005) return text;
  return fmt::format("{} {:.0f} %, about {} left", text, 100 * share, duration(spent / share * (1 - share)));
}

void compare_in(Shared &shared, const recordings::Config &config, const std::vector<recordings::Area> &circuits,
                const std::vector<recordings::Area> &recordings, const std::vector<std::string> &notes, int threads) {
  recordings::Progress progress;
  progress.threads = threads;
  progress.go_on = [] { return !stop_was_asked(); };
  progress.say = [&](const recordings::Step &step) {
    const std::lock_guard lock(shared.mutex);
    shared.step = step;
  };
  std::exception_ptr failure;
  try {
    recordings::compare(config, circuits, recordings, notes, progress, shared.growing);
  } catch (...) { // whatever it is, it is thrown again in the thread that waits
    failure = std::current_exception();
  }
  const std::lock_guard lock(shared.mutex);
  shared.failure = failure;
  shared.ended = true;
  shared.ended_now.notify_all();
}

// Until the comparison ends, or has been asked to for too long: then false.
bool wait_for_end(Shared &shared, StatusLine &line) {
  const auto start = Clock::now();
  std::optional<Clock::time_point> asked;
  std::unique_lock lock(shared.mutex);
  while (!shared.ended_now.wait_for(lock, glance, [&] { return shared.ended; })) {
    if (line.due()) line.show(step_text(shared.step, seconds_since(start)));
    if (!asked && stop_was_asked()) asked = Clock::now();
    if (asked && Clock::now() - *asked > patience) return false;
  }
  return true;
}

} // namespace

Compared compare_in_sight(const recordings::Config &config, const std::vector<recordings::Area> &circuits,
                          const std::vector<recordings::Area> &recordings, const std::vector<std::string> &notes,
                          int threads, StatusLine &line) {
  // The thread owns it too: nobody may wait for it, and it is then at work until the process ends.
  const auto shared = std::make_shared<Shared>();
  std::thread worker([&, shared, threads] { compare_in(*shared, config, circuits, recordings, notes, threads); });
  const std::shared_ptr<const recordings::Comparison> found(shared, &shared->growing.found);
  const bool ended = wait_for_end(*shared, line);
  line.clear();
  if (!ended) {
    worker.detach();
    shared->growing.mutex.lock(); // for good: no part adds to what is read from here on
    return {found, true};
  }
  worker.join();
  if (shared->failure) std::rethrow_exception(shared->failure);
  return {found, false};
}

void leave_at_once(int code) {
  const int whole = finish_output(code);
  std::fflush(stderr);
  std::_Exit(whole);
}

} // namespace engram::cli
