// A conductance is never negative.
#include "catch.hpp"
#include "spiking.hpp"

#include <fmt/format.h>

TEST_CASE("a conductance is not negative, however it is given, and does not become so", "[spiking][stdp]") {
  const auto text = [](const std::string &weights, const std::string &receptor = "", const std::string &more = "") {
    return fmt::format(R"({{ "seed": 1, "time": {{ "step": 1 }}, "architecture": {{ "regions": {{
        "pre": {{ "size": 2, "dynamics": "spike_source", "spikes": [[12], [12]] }},
        "force": {{ "size": 1, "dynamics": "spike_source", "spikes": [{{ "first": 2, "every": 2, "count": 5 }}] }},
        "post": {{ "size": 2, "dynamics": "lif", "receptors": {{
          "g": {{ "type": "conductance_exponential", "tau": 5, "reversal": 0 {} }}, "f": "delta" }} }} }},
      "projections": [ {{ "from": "pre", "to": "post.g", "weights": {} {} }},
                       {{ "from": "force", "to": "post.f", "weights": 100 }} ] }},
      "learning": {{ "rules": {{ "x": {{ "plugin": "stdp_pair", "rate": 100 }} }} }},
      "task": {{ "trial": [ {{ "phase": "run", "duration": 40, "plastic": true }} ] }} }})",
                       receptor, weights, more);
  };
  const auto refused = [](const std::string &model, const std::string &because) {
    INFO(because);
    CHECK_THROWS_WITH(spiking::Circuit<>(model), ContainsSubstring(because));
  };
  refused(text("[[1, 1], [-2, 1]]"), "/projections/0/weights: the weight from neuron 0 to neuron 1 is -2");
  refused(text(R"({ "normal": { "mean": 0, "sd": 1 } })"), "'post.g' is a conductance, which is not negative");
  refused(text("1", R"(, "background_rate": 100, "background_weight": -1)"), "/receptors/g/background_weight: ");
  refused(text("1", R"(, "initial": [1, -1])"), "/receptors/g/initial: ");
  CHECK_NOTHROW(
      spiking::Circuit<>(text(R"({ "normal": { "mean": 0, "sd": 1 } })", "", R"(, "constraints": { "minimum": 0 })")));
  // Depression beyond all bounds: five postsynaptic spikes before each presynaptic one.
  spiking::Circuit<> c(text("1e-3", "", R"(, "rule": "x")"));
  c.run(true);
  for (const double w : c.weights(0)) CHECK(w == 0);
}
