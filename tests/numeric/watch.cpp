// Loops tell a Watch how far they are, from the outermost loop of its thread alone.
#include "numeric/watch.hpp"
#include "catch.hpp"
#include "measures/folds.hpp"

#include <stdexcept>
#include <utility>
#include <vector>

using namespace engram;

using Told = std::vector<std::pair<std::size_t, std::size_t>>;

TEST_CASE("a loop tells how many of its parts are done, and loops within it do not", "[numeric]") {
  Told told;
  {
    const numeric::Watch watch([&](std::size_t done, std::size_t all) { told.emplace_back(done, all); });
    measures::for_each_part(1, 3, [](std::size_t) { measures::for_each_part(1, 50, [](std::size_t) {}); });
    CHECK(told == Told{{0, 3}, {1, 3}, {2, 3}, {3, 3}});
    told.clear();
    measures::for_each_part(1, 1, [](std::size_t) {}); // the next loop tells again
    CHECK(told == Told{{0, 1}, {1, 1}});
    told.clear();
    CHECK_THROWS_AS(measures::for_each_part(1, 2, [](std::size_t) { throw std::runtime_error("no"); }),
                    std::runtime_error);
    measures::for_each_part(1, 0, [](std::size_t) {});
    CHECK(told == Told{{0, 2}, {0, 0}}); // and after one that failed
  }
  told.clear();
  measures::for_each_part(1, 3, [](std::size_t) {});
  CHECK(told.empty());
}

TEST_CASE("several threads tell through the thread of the loop, up to its end", "[numeric]") {
  Told told;
  const numeric::Watch watch([&](std::size_t done, std::size_t all) { told.emplace_back(done, all); });
  measures::for_each_part(3, 200, [](std::size_t) {});
  REQUIRE(!told.empty());
  for (std::size_t k = 1; k < told.size(); ++k) {
    CHECK(told[k].second == 200);
    CHECK(told[k].first >= told[k - 1].first);
    CHECK(told[k].first <= 200);
  }
}
