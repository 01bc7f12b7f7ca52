// eventprop as a rule that learns. What its gradient is, tests/simulation/spike_times.cpp checks.
#include "catch.hpp"
#include "trained.hpp"

TEST_CASE("digits are learnt in spikes by the times of spikes", "[spiking][slow]") {
  const auto accuracy = [](const std::string &arguments) {
    return command::held_out_accuracy("spiking/digits-eventprop.json", arguments);
  };
  // What a readout learns of a hidden region that does not.
  const double frozen = accuracy("--set /learning/rules/learn/rate=0");
  CHECK(frozen > 0.5);
  CHECK(accuracy("") >= 0.88);
  CHECK(accuracy("") > frozen + 0.02); // 85 %
}
