// Threads are tried by starting them: no file tells how many processes of a user there are already.
#include "numeric/threads.hpp"

#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <limits>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace engram::numeric {

namespace {

std::size_t threads_there() {
  std::size_t count = 0;
  std::error_code failed;
  for (std::filesystem::directory_iterator task("/proc/self/task", failed), end; !failed && task != end;
       task.increment(failed))
    ++count;
  return count;
}

void *wait_for_the_count(void *counting) {
  const std::lock_guard counted(*static_cast<std::mutex *>(counting));
  return nullptr;
}

} // namespace

int startable_threads(int wanted) {
  if (wanted < 2) return 1;
  const std::size_t before = threads_there();
  std::mutex counting;
  std::vector<pthread_t> others;
  others.reserve(static_cast<std::size_t>(wanted) - 1);
  pthread_attr_t small; // stacks are not what is tried
  if (pthread_attr_init(&small) != 0) return 1;
  pthread_attr_setstacksize(&small, std::size_t{256} << 10);
  {
    const std::lock_guard all_at_once(counting);
    pthread_t thread{};
    while (others.size() + 1 < static_cast<std::size_t>(wanted) &&
           pthread_create(&thread, &small, wait_for_the_count, &counting) == 0)
      others.push_back(thread);
  }
  for (const auto thread : others) pthread_join(thread, nullptr);
  pthread_attr_destroy(&small);
  // The kernel counts a thread for a moment after its end: who starts threads now must find their places free.
  for (int times = 0; times < 100 && threads_there() > before; ++times)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  return static_cast<int>(others.size()) + 1;
}

namespace {
std::atomic<int> most_threads = std::numeric_limits<int>::max();
} // namespace

int available_threads() {
  const auto cores = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  return startable_threads(std::min(cores, most_threads.load()));
}

void limit_threads(int most) { most_threads = std::max(1, most); }

} // namespace engram::numeric
