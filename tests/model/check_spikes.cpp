// Synapses that carry spikes have what suits them, and a model that asks for more is refused.
#include "catch.hpp"
#include "input/input_error.hpp"
#include "spiking.hpp"

using namespace engram;

TEST_CASE("what spiking synapses cannot have is refused", "[spiking][model]") {
  const auto refusal = [](const std::string &projection) -> std::string {
    const std::string text = R"({ "time": { "step": 0.1 }, "architecture": { "regions": {
      "s": { "size": 5, "dynamics": { "type": "poisson", "rate": 5 } },
      "e": { "size": 10, "dynamics": "lif",
             "receptors": { "g": { "type": "conductance_exponential" }, "d": "delta" } },
      "r": { "size": 3, "dynamics": "leaky_rate" } },
      "projections": [ )" + projection +
                             R"( ] },
      "learning": { "rules": { "s": { "plugin": "stdp_pair" }, "h": { "plugin": "hebb" } } },
      "task": { "trial": [ { "phase": "run", "duration": 1 } ] } })";
    try {
      spiking::Circuit<> c(text);
    } catch (const input::InputError &error) {
      return error.what();
    }
    return "";
  };
  CHECK(refusal(R"({ "from": "s", "to": "e.g", "weights": 1 })").empty());
  for (const auto &[projection, part] : std::vector<std::pair<std::string, std::string>>{
           {R"({ "from": "s", "to": "e.g", "weights": -1 })", "not negative"},
           {R"({ "from": "r", "to": "e.d" })", "takes spikes"},
           {R"({ "from": "s", "to": "e.d", "delay": { "uniform": { "low": 1, "high": 1e9 } } })", "10^6 steps"},
           {R"({ "from": "s", "to": "e.d", "delay": { "dendritic": 0.25 } })", "not a multiple"},
           {R"({ "from": "s", "to": "e.d", "connect": { "type": "fixed_indegree", "indegree": 6 } })", "5 neurons"},
           {R"({ "from": "e", "to": "e.d", "connect": { "type": "fixed_indegree", "indegree": 10 } })", "9 neurons"},
           {R"({ "from": "s", "to": "e.d", "rule": "h" })", "form is 'spiking'"},
           {R"({ "from": "e.spike", "to": "r", "rule": "s" })", "target a receptor"},
           {R"({ "from": "e.spike", "to": "r", "delay": { "uniform": { "low": 1, "high": 2 } } })", "have one delay"},
           {R"({ "from": "s", "to": "e.d", "constraints": { "norm": 1 } })", "not offered"},
           {R"({ "from": "s", "to": "e.x" })", "unknown compartment 'x'"}}) {
    INFO(projection);
    const auto told = refusal(projection);
    INFO(told);
    CHECK(told.find(part) != std::string::npos);
  }
}
