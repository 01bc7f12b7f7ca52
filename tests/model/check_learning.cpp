// Rules stand where they can learn, with all that they read, and a model that says otherwise is refused.
#include "catch.hpp"
#include "input/input_error.hpp"
#include "spiking.hpp"

using namespace engram;

TEST_CASE("what a modulator stands for must be said, and be there", "[spiking][model]") {
  const auto refusal = [](const std::string &modulators) -> std::string {
    const std::string text = R"({ "architecture": { "regions": {
        "pre": { "size": 1, "dynamics": "spike_source", "spikes": [[5]] },
        "VTA": { "size": 2, "dynamics": "spike_source", "spikes": [[20], [20]] },
        "post": { "size": 1, "dynamics": "lif", "receptors": { "r": "exponential" } } },
      "projections": [ { "from": "pre", "to": "post.r", "rule": "r" } ] },
      "learning": { "rules": { "r": { "plugin": "reward_stdp", "modulators": )" +
                             modulators + R"( } } },
      "task": { "trial": [ { "phase": "run", "duration": 100, "plastic": true } ] } })";
    try {
      spiking::Circuit<> c(text);
    } catch (const input::InputError &error) {
      return error.what();
    }
    return "";
  };
  CHECK(refusal(R"({ "dopamine": "VTA" })").empty()); // its spikes
  for (const auto &[modulators, part] :
       std::vector<std::pair<std::string, std::string>>{{"{}", "must say what it is"},
                                                        {R"({ "dopamin": "VTA" })", "did you mean 'dopamine'"},
                                                        {R"({ "dopamine": "VTB.trace" })", "did you mean 'VTA'"},
                                                        {R"({ "dopamine": "VTA.trce" })", "did you mean 'trace'"},
                                                        {R"({ "dopamine": "reward" })", "takes an objective"},
                                                        {R"({ "dopamine": 1 })", "a string"}}) {
    INFO(modulators);
    const auto told = refusal(modulators);
    INFO(told);
    CHECK(told.find(part) != std::string::npos);
  }
}

TEST_CASE("a rule that moves weights at each spike takes the change as it is", "[spiking][model]") {
  const auto refusal = [](const std::string &optimizer) -> std::string {
    try {
      spiking::Circuit<> c(R"({ "architecture": { "regions": {
          "pre": { "size": 1, "dynamics": "spike_source", "spikes": [[5]] },
          "post": { "size": 1, "dynamics": "lif", "receptors": { "r": "exponential" } } },
        "projections": [ { "from": "pre", "to": "post.r", "rule": "r" } ] },
        "learning": { "rules": { "r": { "plugin": "stdp_pair", "optimizer": ")" +
                           optimizer + R"(" } } },
        "task": { "trial": [ { "phase": "run", "duration": 100, "plastic": true } ] } })");
    } catch (const input::InputError &error) {
      return error.what();
    }
    return "";
  };
  std::size_t refused = 0;
  for (const auto &entry : spiking::vocabulary().optimizers) {
    CAPTURE(entry.name);
    const auto told = refusal(entry.name);
    CHECK(told.empty() == entry.adds_change);
    if (told.empty()) continue;
    ++refused;
    CHECK(told.find("move at each spike: 'plain' alone") != std::string::npos);
  }
  CHECK(refused >= 2);
}
