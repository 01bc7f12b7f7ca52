// These tests check that check-rule gives a rule that spikes, or reads spikes, only what a circuit could give.
#include "catch.hpp"
#include "circuits.hpp"
#include "command.hpp"
#include "conformance/bench.hpp"
#include "learning/rule_library.hpp"

#include <algorithm>
#include <string>

using namespace engram;

namespace {
const std::string lists_file = std::string(ENGRAM_BUILD_DIR) + "/tests/plugins/spike_lists.so";
} // namespace

TEST_CASE("the signal spike is the number of spikes, and only presynaptic neurons spike twice", "[conformance]") {
  for (const char *name : {"rdd", "superspike", "e_prop", "inhibitory_stdp"}) {
    INFO(name);
    const engram_rule &rule = *circuits::rule(name);
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
      const auto in = conformance::draw<double>(rule, {7, 70, 3}, seed);
      for (const auto &call : in.calls) {
        std::size_t pre = 0, post = 0;
        for (std::size_t k = 0; k < rule.signal_count; ++k) {
          const bool of_pre = rule.signals[k].place == ENGRAM_PRE;
          const auto &values = of_pre ? call.pre[pre++] : call.post[post++];
          const auto &spikes = of_pre ? call.pre_spikes : call.post_spikes;
          if (std::string(rule.signals[k].name) != "spike") continue;
          CHECK(values == std::vector<double>(spikes.begin(), spikes.end()));
        }
        CHECK(std::count(call.pre_spikes.begin(), call.pre_spikes.end(), 2) > 0);
        CHECK(std::count(call.pre_spikes.begin(), call.pre_spikes.end(), 0) > 0);
        CHECK(std::count(call.post_spikes.begin(), call.post_spikes.end(), 2) == 0);
      }
    }
  }
}

TEST_CASE("a rule is called once for every spike, and its lists of spikes agree with its signals", "[conformance]") {
  learning::RuleLibrary library({});
  const auto &rule = library.load(lists_file);
  const auto in = conformance::draw<double>(rule, {7, 70, 1}, 1);
  const auto out = conformance::call(rule, in); // throws where they do not agree
  for (std::size_t j = 0; j < 70; ++j) {
    double spikes = 0;
    for (const auto &call : in.calls) spikes += call.pre_spikes[j];
    for (std::size_t i = 0; i < 7; ++i) CHECK(out.change[i + 7 * j] == spikes);
  }
  const command::Folder folder; // and so it is in every check, with neurons in another order and with another one
  const auto told = command::engram("check-rule " + lists_file + " --seconds 60", folder.path);
  INFO(told.out << told.err);
  CHECK(told.exit == 0);
}
