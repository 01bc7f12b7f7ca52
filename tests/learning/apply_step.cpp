// The effect of a learning rate depends on when the weights move.
#include "catch.hpp"
#include "command.hpp"
#include "spiking.hpp"

#include <cmath>
#include <fmt/format.h>

namespace {

// Rates of 2 and of 3 + 2 w for 50 ms, a synapse that learns by their product.
std::string hebb_circuit(double step, double rate, const std::string &apply) {
  return fmt::format(R"({{ "time": {{ "step": {} }}, "architecture": {{ "regions": {{
      "a": {{ "size": 1, "dynamics": "static", "bias": 2 }}, "b": {{ "size": 1, "dynamics": "static", "bias": 3 }} }},
      "projections": [ {{ "from": "a", "to": "b", "weights": 0, "rule": "h" }} ] }},
      "learning": {{ "rules": {{ "h": {{ "plugin": "hebb", "rate": {}, "apply": "{}" }} }} }},
      "task": {{ "trial": [ {{ "phase": "p", "duration": 50, "plastic": true }} ] }} }})",
                     step, rate, apply);
}

double hebb_weight(double step, double rate, const std::string &apply) {
  spiking::Circuit<> c(hebb_circuit(step, rate, apply));
  c.run(true);
  return c.network.dense[0].weights(0, 0);
}

} // namespace

TEST_CASE("applied to the trial, a rate does not depend on the step; applied at each step, it counts per step",
          "[rules]") {
  CHECK(hebb_weight(1, 0.01, "trial") == Approx(0.01 * 2 * 3).epsilon(1e-12));
  CHECK(hebb_weight(0.5, 0.01, "trial") == Approx(0.01 * 2 * 3).epsilon(1e-12));
  // w += rate · 2 (3 + 2 w) in each of n steps: w = 1.5 ((1 + 4 rate)ⁿ − 1).
  const auto closed = [](double rate, int steps) { return 1.5 * (std::pow(1 + 4 * rate, steps) - 1); };
  CHECK(hebb_weight(1, 0.01, "step") == Approx(closed(0.01, 50)).epsilon(1e-12));
  CHECK(hebb_weight(0.5, 0.01, "step") == Approx(closed(0.01, 100)).epsilon(1e-12));
  // A rate in proportion to the step gives the differential equation w' = 0.02 (3 + 2 w) per ms, up to its Euler steps.
  const double exact = 1.5 * (std::exp(0.04 * 50) - 1);
  double last = INFINITY;
  for (const double step : {1.0, 0.5, 0.25}) {
    const double error = std::abs(hebb_weight(step, 0.01 * step, "step") - exact);
    CHECK(error < 0.6 * last);
    last = error;
  }
  CHECK(last < 0.02 * exact);
}

TEST_CASE("validate says what the rate of a rule that is applied at each step counts for", "[cli]") {
  command::Folder folder;
  const auto told = command::engram("validate " + folder.write("h.json", hebb_circuit(0.5, 0.01, "step")), folder.path);
  CHECK(told.exit == 0);
  CHECK(command::contains(told.err, "rule 'h' moves weights at each step: its rate, 0.01, counts per step of 0.5 ms"));
  CHECK(
      command::engram("validate " + folder.write("t.json", hebb_circuit(0.5, 0.01, "trial")), folder.path).err.empty());
}
