// A time that is counted in steps is a multiple of the step, or it is refused.
#include "catch.hpp"
#include "network/build.hpp"
#include "spiking.hpp"

#include <cmath>
#include <fmt/format.h>

using namespace engram;

namespace {

// The text of a model whose step and parts are these.
std::string grid_model(double step, const std::string &dynamics, const std::string &more, const std::string &rule,
                       const std::string &duration) {
  return fmt::format(R"({{ "time": {{ "step": {} }}, "architecture": {{ "regions": {{
      "s": {{ "size": 2, "dynamics": "spike_source", "spikes": [[1], [2]] }},
      "e": {{ "size": 2, "dynamics": {}, "receptors": {{ "r": {{ "type": "exponential" }} }} }} }},
      "projections": [ {{ "from": "s", "to": "e.r", "weights": 1, "rule": "x" }} ] }},
      "learning": {{ "rules": {{ "x": {{ {} }} }} }},
      "task": {{ "trial": [ {{ "phase": "run", "duration": {}, "plastic": true }} ] }} {} }})",
                     step, dynamics, rule, duration, more);
}

// Why it is refused; "" where it is taken.
std::string grid_refusal(double step, const std::string &dynamics, const std::string &more = "",
                         const std::string &rule = R"("plugin": "stdp_pair")", const std::string &duration = "12") {
  try {
    model::load_text(grid_model(step, dynamics, more, rule, duration), "m.json", spiking::vocabulary());
  } catch (const input::InputError &error) {
    return error.what();
  }
  return "";
}

// The lines of which it is taken.
std::string grid_warning(double step, const std::string &dynamics, const std::string &more = "",
                         const std::string &rule = R"("plugin": "stdp_pair")") {
  std::string all;
  for (const auto &line :
       model::load_text(grid_model(step, dynamics, more, rule, "12"), "m.json", spiking::vocabulary()).warnings)
    all += line + "\n";
  return all;
}

std::string lif_held(const std::string &refractory) {
  return fmt::format(R"({{ "type": "lif", "refractory": {} }})", refractory);
}

bool told_by(const std::string &text, const std::string &part) {
  INFO(text);
  const bool found = text.find(part) != std::string::npos;
  CHECK(found);
  return found;
}

} // namespace

TEST_CASE("a refractory period is a multiple of the step", "[spiking][model]") {
  CHECK(grid_refusal(0.1, lif_held("0.3")).empty()); // 0.3 / 0.1 is not 3 in binary
  CHECK(grid_refusal(0.1, lif_held("0.7")).empty());
  CHECK(grid_refusal(0.1, lif_held("0")).empty());
  CHECK(grid_refusal(0.1, lif_held("[2, 0.5]")).empty());
  told_by(
      grid_refusal(0.1, lif_held("0.25")),
      "/architecture/regions/e/dynamics/refractory: 0.25 ms is not a multiple of the step of 0.1 ms; 0.2 and 0.3 are");
  told_by(grid_refusal(1, lif_held("0.4")),
          "/architecture/regions/e/dynamics/refractory: 0.4 ms is shorter than a step of 1 ms");
  told_by(grid_refusal(0.1, lif_held("[0.2, 0.35]")), "/architecture/regions/e/dynamics/refractory/1: 0.35 ms");
  told_by(grid_refusal(0.3, lif_held("2")),
          "/refractory: 2 ms is not a multiple of the step of 0.3 ms; 1.8 and 2.1 are");
  told_by(grid_warning(0.3, R"("lif")"), "/refractory: warning: 'refractory' is not given, and 2.1 ms is taken");
  CHECK(grid_refusal(0.1, lif_held(R"({ "uniform": { "low": 0, "high": 5 } })")).empty()); // drawn: to the nearest step

  // 2 ms is the default; in a list that --set gave it is given all the same.
  model::LoadOptions with;
  with.settings = {"/architecture/regions/e/dynamics/refractory=[2, 2.1]"};
  try {
    model::load_text(grid_model(0.3, lif_held("2.1"), "", R"("plugin": "stdp_pair")", "12"), "m.json",
                     spiking::vocabulary(), with);
    FAIL("2 ms is not a multiple of 0.3 ms");
  } catch (const input::InputError &error) {
    told_by(error.what(), "--set: /architecture/regions/e/dynamics/refractory/0: 2 ms is not a multiple");
  }
}

TEST_CASE("so are the width of a spike, delays, durations, windows and the times of a rule", "[spiking][model]") {
  CHECK(grid_refusal(0.25, R"({ "type": "adex", "spike_width": 2 })").empty());
  told_by(grid_refusal(0.3, R"({ "type": "adex", "spike_width": 2 })"),
          "/architecture/regions/e/dynamics/spike_width: 2 ms");
  told_by(grid_refusal(0.1, lif_held("2"), "", R"("plugin": "stdp_pair")", "12.34"),
          "/task/trial/0/duration: 12.34 ms");
  told_by(grid_refusal(0.1, lif_held("2"), R"(, "record": { "e": { "signals": ["spike"], "from": 0.55 } })"),
          "/record/e/from: 0.55 ms is not a multiple");
  told_by(grid_refusal(0.1, lif_held("2"), R"(, "record": { "e": { "signals": ["spike"], "to": 1.05 } })"),
          "/record/e/to: 1.05 ms");
  const auto reward = [](const std::string &every) {
    return R"("plugin": "reward_stdp", "modulators": { "dopamine": "s.trace" }, "parameters": { )" + every + " }";
  };
  CHECK(grid_refusal(4, lif_held("4"), "", reward(R"("every": 8)")).empty());
  told_by(grid_refusal(4, lif_held("4"), "", reward(R"("every": 1)")),
          "/learning/rules/x/parameters/every: 1 ms is shorter than a step of 4 ms");
  told_by(grid_warning(4, lif_held("4"), "", reward("")),
          "/parameters/every: warning: 'every' is not given, and 12 ms is taken, the nearest to its default");
  told_by(grid_refusal(0.4, R"({ "type": "adex" })", "",
                       R"("plugin": "stdp_voltage", "parameters": { "every": 0.4, "delay": 4.1 })"),
          "/learning/rules/x/parameters/delay: 4.1 ms");
}

TEST_CASE("a window that ends after the trial is told", "[spiking][model]") {
  spiking::Circuit<> c(R"({ "time": { "step": 0.1 }, "architecture": { "regions": {
      "s": { "size": 1, "dynamics": "spike_source", "spikes": [[1]] } } },
      "task": { "trial": [ { "phase": "run", "duration": 5 } ] },
      "record": { "s": { "signals": ["spike"], "to": 50 } } })");
  REQUIRE(c.model.warnings.size() == 1);
  told_by(c.model.warnings[0], "/record/s/to: warning: 50 ms is after the end of a trial, 5 ms");
}

TEST_CASE("delays that are drawn below 0, and times of a rule that are longer than a trial, are told",
          "[spiking][model]") {
  const auto told_in = [](const std::string &delay) {
    const auto model = model::load_text(
        R"({ "seed": 1, "time": { "step": 0.1 }, "architecture": { "regions": {
           "s": { "size": 1, "dynamics": "spike_source", "spikes": [[1]] },
           "e": { "size": 1000, "dynamics": "lif", "receptors": { "r": "delta" } } },
           "projections": [ { "from": "s", "to": "e.r", "weights": 1, "delay": )" +
            delay + R"( } ] },
           "task": { "trial": [ { "phase": "run", "duration": 12 } ] } })",
        "m.json", spiking::vocabulary());
    std::vector<input::Problem> told;
    network::build<double>(model, {}, told);
    return told;
  };
  const auto told = told_in(R"({ "normal": { "mean": 1, "sd": 3 } })"); // Φ(−1/3) = 0.369 of 1000, ± 15
  REQUIRE(told.size() == 1);
  CHECK(std::stoi(told[0].message) == Approx(369).margin(60));
  told_by(told[0].message, "of 1000 delays that are drawn lie below 0 ms");
  CHECK(told_in(R"({ "normal": { "mean": 5, "sd": 0.5 } })").empty());
  const std::string reward =
      R"("plugin": "reward_stdp", "modulators": { "dopamine": "s.trace" }, "parameters": { "every": )";
  told_by(grid_warning(4, lif_held("4"), "", reward + "16 }"),
          "/parameters/every: warning: 16 ms do not pass in a trial");
  CHECK(grid_warning(4, lif_held("4"), "", reward + "12 }").empty());
}
