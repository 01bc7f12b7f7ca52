// Catch2's session with three things of our own: [slow] tests wait for --all, the run ends with one plain line of
// counts, and a [recorded] test that found no data counts as skipped.
#ifndef ENGRAM_CATCH2_V3
#define CATCH_CONFIG_RUNNER
#endif
#include "catch.hpp"
#include "network/product.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <vector>

namespace {

struct Counts {
  bool ran = false;
  std::size_t passed = 0, failed = 0, skipped = 0;
};
Counts counts;

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
    recorded_ = std::any_of(info.tags.begin(), info.tags.end(), [](auto const &tag) { return is_recorded(tag); });
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
    bool skipped = recorded_ && warned_ && assertions.total() == 0; // it said that the data are absent, and left
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
  template <class Tag> static bool is_recorded(Tag const &tag) {
#ifdef ENGRAM_CATCH2_V3
    return tag == Catch::Tag("recorded");
#else
    return tag == "recorded";
#endif
  }
  void note(Catch::AssertionStats const &stats) {
    warned_ = warned_ || stats.assertionResult.getResultType() == Catch::ResultWas::Warning;
  }
  bool recorded_ = false, warned_ = false;
};

} // namespace

CATCH_REGISTER_LISTENER(Counter)

int main(int argc, char *argv[]) {
  std::vector<char *> arguments(argv, argv + argc);
  const auto all = std::remove_if(arguments.begin(), arguments.end(),
                                  [](const char *word) { return std::strcmp(word, "--all") == 0; });
  const bool everything = all != arguments.end();
  arguments.erase(all, arguments.end());

  engram::network::use_one_blas_thread(); // as the program does: threads are those of the simulator

  Catch::Session session;
  if (const int status = session.applyCommandLine(static_cast<int>(arguments.size()), arguments.data()); status != 0)
    return status;
  // A test that is asked for by name or tag runs, slow or not.
  if (!everything && session.configData().testsOrTags.empty()) session.configData().testsOrTags.push_back("~[slow]");
  const int status = session.run();
  if (counts.ran) std::printf("%zu passed, %zu failed, %zu skipped\n", counts.passed, counts.failed, counts.skipped);
  return status == 0 && counts.failed > 0 ? 1 : status;
}
