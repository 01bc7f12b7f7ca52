// Ranks: a process by itself is the only one. What several tell each other is tested with `engram run`
// (tests/simulation/ranks.cpp).
#include "ranks/ranks.hpp"

#include "catch.hpp"
#include "error/error.hpp"

#include <cstdlib>
#include <cstring>

using namespace engram;

namespace {

// Variables of a launcher, for as long as one lives.
struct LauncherVariables {
  explicit LauncherVariables(const char *rank, const char *size) {
    ranks::forget_launcher();
    ::setenv("OMPI_COMM_WORLD_RANK", rank, 1);
    ::setenv("OMPI_COMM_WORLD_SIZE", size, 1);
  }
  ~LauncherVariables() { ranks::forget_launcher(); }
};

std::string text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char *>(bytes.data()), bytes.size()};
}

} // namespace

TEST_CASE("a process that no launcher started is the only rank, and hears itself", "[ranks]") {
  const auto only = ranks::open("no/such/library.so");
  CHECK(only->rank() == 0);
  CHECK(only->size() == 1);
  const char word[] = "spike";
  const auto own = std::as_bytes(std::span(word, 5));
  ranks::Gathered all;
  only->all_gather(own, all);
  CHECK(text_of(all.of(0)) == "spike");
  only->send(0, own);
  only->send(0, own.first(2));
  CHECK(text_of(only->receive(0)->bytes) == "spike");
  CHECK(text_of(only->receive(0)->bytes) == "sp");
  CHECK_FALSE(only->receive(0));
}

TEST_CASE("one of several processes without MPI is refused, and the only one of a launcher is not", "[ranks]") {
  {
    const LauncherVariables several("1", "3");
    REQUIRE(ranks::launched());
    CHECK(ranks::launched()->rank == 1);
    CHECK(ranks::launched()->size == 3);
    try {
      ranks::open("no/such/library.so");
      FAIL("it works without MPI");
    } catch (const Error &error) {
      CHECK(error.kind() == ErrorKind::wrong_input);
      CHECK(std::string(error.what()).find("3 processes") != std::string::npos);
      CHECK(std::string(error.what()).find("no/such/library.so") != std::string::npos);
    }
  }
  CHECK_FALSE(ranks::launched());
  const LauncherVariables one("0", "1");
  CHECK(ranks::open("no/such/library.so")->size() == 1);
}
