// This is Catch2's session with four additions. Tests marked [slow] wait for --all, the run ends with one plain line of
// counts, a [recorded] or [mpi] test that found no data or no MPI counts as skipped, and --jobs N runs the tests in N
// processes.
#ifndef ENGRAM_CATCH2_V3
#define CATCH_CONFIG_RUNNER
#endif
#include "catch.hpp"
#include "numeric/product.hpp"
#include "parts.hpp"

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

namespace {

parts::Counts counts;

#ifdef ENGRAM_CATCH2_V3
using ListenerBase = Catch::EventListenerBase;
#else
using ListenerBase = Catch::TestEventListenerBase;
#endif

class Counter : public ListenerBase {
public:
  using ListenerBase::ListenerBase;

  void testCaseStarting(Catch::TestCaseInfo const &info) override {
    ListenerBase::testCaseStarting(info);
    warned_ = false;
    skippable_ = std::any_of(info.tags.begin(), info.tags.end(), [](auto const &tag) { return may_be_skipped(tag); });
  }

#ifdef ENGRAM_CATCH2_V3
  void assertionEnded(Catch::AssertionStats const &stats) override { note(stats); }
#else
  bool assertionEnded(Catch::AssertionStats const &stats) override {
    note(stats);
    return false;
  }
#endif

  void testCaseEnded(Catch::TestCaseStats const &stats) override {
    ListenerBase::testCaseEnded(stats);
    const auto &assertions = stats.totals.assertions;
    bool skipped = skippable_ && warned_ && assertions.total() == 0; // it said what is absent, and left
#ifdef ENGRAM_CATCH2_V3
    skipped = skipped || stats.totals.testCases.skipped > 0;
#endif
    if (assertions.failed > 0 || stats.totals.testCases.failed > 0)
      ++counts.failed;
    else if (skipped)
      ++counts.skipped;
    else
      ++counts.passed;
  }

  void testRunEnded(Catch::TestRunStats const &stats) override {
    ListenerBase::testRunEnded(stats);
    counts.ran = true;
  }

private:
  template <class Tag> static bool may_be_skipped(Tag const &tag) {
#ifdef ENGRAM_CATCH2_V3
    return tag == Catch::Tag("recorded") || tag == Catch::Tag("mpi");
#else
    return tag == "recorded" || tag == "mpi";
#endif
  }
  void note(Catch::AssertionStats const &stats) {
    warned_ = warned_ || stats.assertionResult.getResultType() == Catch::ResultWas::Warning;
  }
  bool skippable_ = false, warned_ = false;
};

// Leaves the session the tests of a part.
void choose(Catch::Session &session, const parts::Part &part) {
  if (part.count == 1) return;
#ifdef ENGRAM_CATCH2_V3
  session.configData().shardIndex = static_cast<unsigned int>(part.index);
  session.configData().shardCount = static_cast<unsigned int>(part.count);
  session.configData().allowZeroTests = true; // there may be fewer tests than parts
#else
  // The tests that were asked for, in whatever words: each part's have a tag, which is then all that is asked for.
  const auto &asked = session.config().testSpec();
  std::size_t number = 0;
  for (const auto &test : Catch::getAllTestCasesSorted(session.config())) {
    if (asked.hasFilters() && !asked.matches(test)) continue;
    if (number++ % part.count != part.index) continue;
    auto tags = test.tags;
    tags.emplace_back("this part");
    Catch::setTags(const_cast<Catch::TestCase &>(test), tags);
  }
  auto data = session.configData();
  data.testsOrTags = {"[this part]"};
  session.useConfigData(data);
#endif
}

} // namespace

CATCH_REGISTER_LISTENER(Counter)

int main(int argc, char *argv[]) {
  std::vector<std::string> arguments(argv + 1, argv + argc);
  const auto all = std::remove(arguments.begin(), arguments.end(), "--all");
  const bool everything = all != arguments.end();
  arguments.erase(all, arguments.end());
  const auto options = parts::take(arguments);
  if (options.jobs > 1) {
    if (everything) arguments.emplace_back("--all");
    return parts::run(options.jobs, arguments);
  }

  engram::numeric::use_one_blas_thread(); // as the program does: threads are those of the simulator

  std::vector<char *> words{argv[0]};
  for (auto &word : arguments) words.push_back(word.data());
  Catch::Session session;
  if (const int status = session.applyCommandLine(static_cast<int>(words.size()), words.data()); status != 0)
    return status;
  // A test that is asked for by name or tag runs, slow or not.
  if (!everything && session.configData().testsOrTags.empty()) session.configData().testsOrTags.emplace_back("~[slow]");
  choose(session, options.part);
  const int status = session.run();
  if (counts.ran) std::printf("%s\n", parts::line(counts).c_str());
  return status == 0 && counts.failed > 0 ? 1 : status;
}
