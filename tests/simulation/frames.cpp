// A stimulus of several frames is shown frame by frame.
#include "catch.hpp"
#include "spiking.hpp"

using namespace engram;
using network::Signal;

TEST_CASE("a stimulus of as many frames as steps shows one in each", "[spiking][protocol]") {
  // 700 frames: k / 700 · 700 in floating point is below k for some k.
  spiking::Circuit<> c(R"({ "architecture": { "regions": { "in": { "size": 2, "dynamics": "input" } } },
      "task": { "stimuli": { "inputs": [[0, 0]] }, "trial": [ { "phase": "show", "duration": 700, "stimulus": "in" } ] } })");
  std::vector<double> values;
  for (int k = 0; k < 700; ++k) values.insert(values.end(), {static_cast<double>(k), 0.0});
  c.trials.arrays["inputs"] = data::Array{{1, 700, 2}, values};
  simulation::Simulator<double> simulator(c.model, c.network, c.trials, {}, {}, 1);
  struct Shown final : simulation::Observer<double> {
    std::vector<double> rate;
    void step(std::size_t, const network::Signals<double> &s) override { rate.push_back(s[0][Signal::rate](0, 0)); }
  } shown;
  simulator.run({{0}, 0, false}, &shown);
  REQUIRE(shown.rate.size() == 700);
  for (std::size_t k = 0; k < 700; ++k) REQUIRE(shown.rate[k] == static_cast<double>(k));
}
