// A child reads for its parent. What it computes arrives whole, what it throws arrives as an error of ours, and however
// it dies, the parent lives.
#include "data/reading_child.hpp"
#include "catch.hpp"
#include "data/array.hpp"
#include "data/isolated.hpp"
#include "fixtures.hpp"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <numeric>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace engram;
using namespace engram::data;
using namespace engram::data::testing;

namespace {

const std::string own_name = "a file";

/// Runs `work` in a child. The message of the DataError that comes of it.
std::string told(const std::function<void(ChildStream &)> &work) {
  try {
    isolated(own_name, fixture("plain.h5"), work, [](ChildStream &) {});
  } catch (const DataError &error) {
    return error.what();
  }
  return "";
}

bool has_ended(pid_t process) {
  if (::kill(process, 0) != 0) return errno == ESRCH;
  std::ifstream status("/proc/" + std::to_string(process) + "/stat");
  const std::string text{std::istreambuf_iterator<char>(status), {}};
  const auto name_end = text.rfind(')'); // "1 (name) S …"
  return name_end == std::string::npos || text.at(name_end + 2) == 'Z' || text.at(name_end + 2) == 'X';
}

bool ends_within(pid_t process, double seconds) {
  for (int tick = 0; tick < seconds * 100 && !has_ended(process); ++tick) ::usleep(10'000);
  return has_ended(process);
}

/// A child that answers a number by its double, and 0 by its own number.
std::unique_ptr<Child> doubler() {
  return std::make_unique<Child>(own_name, fixture("plain.h5"), [](ChildStream &) -> Answer {
    return [](ChildStream &stream) {
      const auto number = taken<std::int64_t>(stream);
      if (number < 0) throw DataError("is below 0");
      if (number == 77) std::raise(SIGSEGV);
      put(stream, number == 0 ? std::int64_t{::getpid()} : 2 * number);
    };
  });
}

std::int64_t ask(Child &child, std::int64_t number) {
  child.ask(number);
  const auto answer = taken<std::int64_t>(child);
  child.take_end();
  return answer;
}

} // namespace

TEST_CASE("values of all kinds come from a child as they were put", "[data]") {
  using Pairs = std::vector<std::pair<std::string, std::vector<double>>>;
  const Pairs pairs{{"", {}}, {"é\n", {1.5, -0.0}}, {std::string(1 << 20, 'x'), std::vector<double>(1 << 20, 0.1)}};
  std::vector<std::int64_t> numbers(3'000'000);
  std::iota(numbers.begin(), numbers.end(), -7);
  isolated(
      own_name, fixture("plain.h5"),
      [&](ChildStream &to) {
        put(to, true);
        put(to, pairs);
        put(to, numbers);
        put(to, std::vector<std::string>{"last"});
      },
      [&](ChildStream &from) {
        CHECK(taken<bool>(from));
        CHECK(taken<Pairs>(from) == pairs);
        CHECK(taken<std::vector<std::int64_t>>(from) == numbers);
        CHECK(taken<std::vector<std::string>>(from) == std::vector<std::string>{"last"});
      });
}

TEST_CASE("what a child throws is thrown by its parent, of the kind of its fault", "[data]") {
  CHECK(told([](ChildStream &) { throw Failed("too bad"); }) == "a file: too bad");
  CHECK(told([](ChildStream &) { throw DataError("a file: is odd"); }) == "a file: is odd");
  CHECK(told([](ChildStream &) { throw std::bad_alloc(); }) == "a file: does not fit into memory");
  CHECK(told([](ChildStream &) { std::vector<int>().reserve(std::size_t(-1)); }) == "a file: does not fit into memory");
  CHECK_THAT(told([](ChildStream &) { throw std::system_error(EIO, std::generic_category()); }),
             ContainsSubstring("Input/output error"));
  CHECK_THROWS_AS(told([](ChildStream &) { throw std::logic_error("never"); }), Broken);
  CHECK_THROWS_AS(told([](ChildStream &) { throw 1; }), Broken);
  // After some of the values too.
  CHECK(told([](ChildStream &to) {
          put(to, std::vector<double>(1 << 20));
          throw Failed("no more");
        }) == "a file: no more");
}

TEST_CASE("a child that dies is an error that names its end", "[data]") {
  for (const int signal : {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL})
    CHECK(told([signal](ChildStream &) { std::raise(signal); }) ==
          "a file: is damaged (the library that reads it failed by signal " + std::to_string(signal) + ")");
  CHECK(told([](ChildStream &) { ::_exit(0); }) == "a file: is damaged (the library that reads it failed)");
  CHECK(told([](ChildStream &) { std::raise(SIGXCPU); }) == "a file: reading it does not come to an end");
  CHECK_THAT(told([](ChildStream &) { std::raise(SIGKILL); }), ContainsSubstring("was killed"));
  CHECK(told([](ChildStream &to) {
          put(to, std::vector<double>(1 << 20));
          std::raise(SIGSEGV);
        }) != "");
}

TEST_CASE("a child answers until it dies, and from then on all questions with the same error", "[data]") {
  const auto child = doubler();
  CHECK(ask(*child, 21) == 42);
  CHECK_THROWS_WITH(ask(*child, -1), "a file: is below 0");
  CHECK(ask(*child, 5) == 10); // a refusal is an answer
  // Some of an answer, and some of a question, may be left.
  child->ask(std::int64_t{3}, std::string(1 << 20, 'x'));
  child->ask(std::int64_t{4});
  CHECK(taken<std::int64_t>(*child) == 8);
  CHECK_THROWS_WITH(ask(*child, 77), ContainsSubstring("failed by signal 11"));
  CHECK_THROWS_WITH(ask(*child, 1), ContainsSubstring("failed by signal 11"));
}

TEST_CASE("a child minds no interrupt of its terminal, and ends with its Child", "[data]") {
  auto child = doubler();
  const auto id = static_cast<pid_t>(ask(*child, 0));
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2}) REQUIRE(::kill(id, signal) == 0);
  CHECK(ask(*child, 2) == 4);
  child.reset();
  CHECK(::kill(id, 0) != 0); // reaped too: no zombie has the number
  CHECK(errno == ESRCH);
}

TEST_CASE("a child ends within a second of its parent, at rest and at work", "[data]") {
  const bool at_work = GENERATE(false, true);
  INFO(at_work);
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const pid_t parent = ::fork();
  if (parent == 0) {
    try {
      const auto child = doubler();
      const std::int64_t id = ask(*child, 0);
      if (::write(ends[1], &id, sizeof id) == sizeof id && at_work) {
        Child busy(own_name, fixture("plain.h5"), [&](ChildStream &) -> Answer {
          const std::int64_t own = ::getpid();
          if (::write(ends[1], &own, sizeof own) == sizeof own)
            for (std::atomic<bool> never{false}; !never;) continue;
          return {};
        });
        busy.take_end();
      }
      ::pause();
    } catch (...) {
    }
    ::_exit(1);
  }
  std::vector<std::int64_t> children(at_work ? 2 : 1);
  for (std::int64_t &id : children) REQUIRE(::read(ends[0], &id, sizeof id) == sizeof id);
  for (const std::int64_t id : children) CHECK_FALSE(has_ended(static_cast<pid_t>(id)));
  ::kill(parent, SIGKILL);
  for (const std::int64_t id : children) CHECK(ends_within(static_cast<pid_t>(id), 1));
  int status = 0;
  CHECK(::waitpid(parent, &status, 0) == parent);
  for (const int end : ends) ::close(end);
}

TEST_CASE("a child begins while other threads allocate and print", "[data]") {
  std::atomic<bool> enough{false};
  std::vector<std::thread> threads;
  for (int k = 0; k < 3; ++k)
    threads.emplace_back([&] {
      while (!enough) {
        std::vector<std::string> some;
        for (int n = 0; n < 100; ++n) some.push_back(std::to_string(n) + std::string(100, ' '));
      }
    });
  for (int round = 0; round < 30; ++round) {
    const auto bytes = isolated(own_name, fixture("plain.h5"), [] { return Bytes(100'000); });
    CHECK(bytes.size() == 100'000);
    CHECK(ask(*doubler(), round + 1) == 2 * (round + 1));
  }
  enough = true;
  for (auto &thread : threads) thread.join();
}
