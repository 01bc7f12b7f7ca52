// The gradient of a global rule goes through all that the circuit has, and a model where it does not is refused.
#include "catch.hpp"
#include "input/input_error.hpp"
#include "spiking.hpp"

#include <fmt/format.h>

using namespace engram;

namespace {

struct Parts {
  std::string rule = "eventprop", receptor = "exponential", from = "hidden.trace", to = "out", out = "leaky_rate",
              objective = R"("type": "cross_entropy", "region": "out")", more = "";
};

std::string refusal(const Parts &p) {
  const auto text = fmt::format(
      R"({{ "architecture": {{ "regions": {{
        "in": {{ "size": 1, "dynamics": "spike_source", "spikes": [[5]] }},
        "hidden": {{ "size": 2, "dynamics": "lif", "receptors": {{ "r": "{}" }} }},
        "out": {{ "size": 2, "dynamics": "{}" }} }},
      "projections": [ {{ "from": "in", "to": "hidden.r", "weights": 1, "rule": "a" }},
                       {{ "from": "{}", "to": "{}", "weights": 1, "rule": "a" }} {} ] }},
      "objective": {{ {} }},
      "learning": {{ "rules": {{ "a": {{ "plugin": "{}" }}, "other": {{ "plugin": "backprop" }} }} }},
      "task": {{ "stimuli": {{ "inputs": [[0]], "targets": [[1, 0]] }},
                "trial": [ {{ "phase": "run", "duration": 10, "objective": true, "plastic": true }} ] }} }})",
      p.receptor, p.out, p.from, p.to, p.more, p.objective, p.rule);
  try {
    spiking::Circuit<> c(text);
  } catch (const input::InputError &error) {
    return error.what();
  }
  return "";
}

} // namespace

TEST_CASE("the times of spikes carry the gradient where potentials move steadily", "[spiking][model]") {
  CHECK(refusal({}).empty());
  CHECK(refusal({.receptor = "alpha", .from = "hidden.rate"}).empty());
  for (const std::string signal : {"trace", "rate", "potential"}) {
    const auto judged = R"("region": "hidden", "signal": ")" + signal + R"(")";
    CHECK(refusal({.objective = R"("type": "mse", )" + judged}).empty());
    CHECK(refusal({.objective = R"("type": "activity", )" + judged}).empty());
    CHECK(refusal({.objective = R"("type": "sparsity", )" + judged})
              .find("/objective/signal: 'eventprop' goes through") != std::string::npos);
  }
  // As by surrogate slopes, which ask for none of that.
  CHECK(refusal({.rule = "backprop", .receptor = "delta", .from = "hidden.spike", .out = "static"}).empty());

  struct Case {
    Parts parts;
    std::string told;
  };
  for (const auto &[parts, told] : std::vector<Case>{
           {{.receptor = "delta"},
            "/learning/rules/a/plugin: 'eventprop' goes through the times of spikes, and spikes "
            "move the potential of 'hidden' at once, by the receptor 'r'"},
           {{.receptor = "conductance_exponential"}, "'hidden' has conductances"},
           {{.from = "hidden.spike"},
            "/architecture/projections/1/from: 'eventprop' goes through the times of spikes, "
            "and a current by 'spike' lasts a step"},
           {{.out = "static"}, "and 'out' follows 'trace' at once, which jumps at spikes"},
           {{.to = "out.apical"}, "and 'out' follows 'trace' at once"},
           {{.objective = R"("type": "mse", "region": "hidden", "signal": "spike")"},
            "/objective/signal: 'eventprop' goes through the times of spikes, and 'spike' of 'hidden' lasts a step"},
           {{.more = R"(, { "from": "hidden", "to": "hidden.r", "weights": 1, "rule": "other" })"},
            "/architecture/projections/2/rule: 'backprop' takes a trial back, and so does 'eventprop' at "
            "/architecture/projections/0/rule"}}) {
    const auto text = refusal(parts);
    INFO(text);
    CHECK(text.find(told) != std::string::npos);
  }
}
