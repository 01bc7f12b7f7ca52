// These tests ask how many threads can be started.
#include "numeric/threads.hpp"
#include "catch.hpp"

#include <algorithm>
#include <limits>
#include <thread>

using namespace engram::numeric;

TEST_CASE("threads that nothing limits can all be started, again and again", "[numeric]") {
  CHECK(startable_threads(0) == 1);
  CHECK(startable_threads(1) == 1);
  for (int times = 0; times < 20; ++times) CHECK(startable_threads(8) == 8);
  CHECK(available_threads() == static_cast<int>(std::max(1u, std::thread::hardware_concurrency())));
  limit_threads(1);
  CHECK(available_threads() == 1);
  limit_threads(std::numeric_limits<int>::max());
}
