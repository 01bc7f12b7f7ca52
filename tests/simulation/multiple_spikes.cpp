// A neuron may spike several times in one step. All of these spikes act on everything that reads them.
#include "catch.hpp"
#include "command.hpp"
#include "data/nwb.hpp"
#include "rules/pairs.hpp"

#include <cmath>
#include <fmt/format.h>

using namespace engram;
using spiking::pair_circuit;
using spiking::weight_after;

namespace {

// A source of one neuron in steps of 0.1 ms.
std::string source_circuit(const std::string &spikes, double duration, const std::string &more_regions = "",
                           const std::string &projections = "") {
  return fmt::format(R"({{ "time": {{ "step": 0.1 }}, "architecture": {{ "regions": {{ {}
      "s": {{ "size": 1, "dynamics": "spike_source", "spikes": [ {} ] }} }}, "projections": [ {} ] }},
      "task": {{ "trial": [ {{ "phase": "run", "duration": {} }} ] }}, "record": {{ "s": ["spike"] }} }})",
                     more_regions, spikes, projections, duration);
}

} // namespace

TEST_CASE("all spikes of a source act, each in the step that holds it", "[spiking]") {
  spiking::Circuit<> train(source_circuit(R"({ "first": 0.05, "every": 0.05, "count": 20 })", 2));
  CHECK(train.model.warnings.empty());
  CHECK(train.run().train("s").size() == 20);
  spiking::Circuit<> c(
      source_circuit("[0, 0.1, 0.19, 0.3, 0.96]", 1)); // 0.3 is a multiple of 0.1, whatever 0.3 / 0.1 is in binary
  CHECK(c.model.warnings.empty());
  const auto at = c.run().train("s");
  REQUIRE(at.size() == 5);
  const double expected[] = {0, 0.1, 0.1, 0.3, 0.9};
  for (std::size_t k = 0; k < 5; ++k) CHECK(at[k] == Approx(expected[k]));
}

TEST_CASE("spikes after the end of a trial are told", "[spiking]") {
  spiking::Circuit<> c(source_circuit("[0.5, 0.96, 1, 3]", 1));
  CHECK(c.run().train("s").size() == 2);
  REQUIRE(c.model.warnings.size() == 1);
  CHECK(c.model.warnings[0].find("/architecture/regions/s/spikes: warning: 2 of the 4 spikes of 's'") !=
        std::string::npos);
  CHECK(c.model.warnings[0].find("neuron 0 at 1 ms") != std::string::npos);
  CHECK(spiking::Circuit<>(source_circuit("[0.5, 1e300]", 1)).run().train("s").size() ==
        1); // more steps than an integer holds

  command::Folder folder;
  folder.write("late.csv", "0,0.5\n0,7\n");
  auto text = source_circuit("", 1);
  text.replace(text.find("[  ]"), 4, R"({ "file": "late.csv" })");
  const auto r = command::engram("run " + folder.write("late.json", text), folder.path);
  CHECK(r.exit == 0);
  CHECK(r.err.find("late.csv: warning: 1 of the 2 spikes of 's'") != std::string::npos);

  // A model without a trial has no end that they could come after.
  auto model = model::load_text(
      R"({ "architecture": { "regions": { "s": { "size": 1, "dynamics": "spike_source", "spikes": [[1]] } } } })",
      "m.json", spiking::vocabulary());
  model.regions[0].spikes->file = "late.csv";
  const auto read = [](const model::SpikeTimes &) { return std::vector<std::vector<double>>{{0.5, 7}}; };
  CHECK(network::build<double>(model, {{}, read, {}}).warnings.empty());
}

TEST_CASE("two spikes in a step are twice the signal, trace and current", "[spiking]") {
  const std::string cell =
      R"("cell": { "size": 1, "dynamics": { "type": "lif", "rest": 0, "reset": 0, "threshold": 1e9 },
                   "receptors": { "r": { "type": "exponential", "tau": 5 } } },
         "sum": { "size": 1, "dynamics": { "type": "lif", "rest": 0, "reset": 0, "threshold": 1e9 } },)";
  const std::string projections = R"({ "from": "s", "to": "cell.r", "weights": 3, "delay": 0.2 },
                                     { "from": "s", "to": "sum", "weights": 2 })";
  const auto after = [&](const std::string &spikes) {
    spiking::Circuit<> c(source_circuit(spikes, 5, cell, projections), {"cell", "sum"});
    c.run();
    return std::pair{c.potential["cell"].back()[0], c.potential["sum"].back()[0]};
  };
  const auto one = after("[1]"), two = after("[1, 1.05]"), three = after("[1, 1.02, 1.04]");
  CHECK(one.first > 0);
  CHECK(one.second > 0);
  CHECK(two.first == Approx(2 * one.first).epsilon(1e-12));
  CHECK(two.second == Approx(2 * one.second).epsilon(1e-12));
  CHECK(three.first == Approx(3 * one.first).epsilon(1e-12));
}

TEST_CASE("the second spike of a step finds the resources that the first has left", "[spiking]") {
  // u x: 0.5, then 0.5 · 0.5, since nothing recovers within the step (Tsodyks, Uziel & Markram 2000).
  const auto after = [](const std::string &spikes) {
    spiking::Circuit<> c(
        source_circuit(spikes, 3,
                       R"("cell": { "size": 1, "dynamics": { "type": "lif", "rest": 0, "reset": 0, "threshold": 1e9 },
                                    "receptors": { "r": "delta" } },)",
                       R"({ "from": "s", "to": "cell.r", "weights": 1,
                            "short_term": { "type": "tsodyks_markram", "use": 0.5, "tau_rec": 800 } })"),
        {"cell"});
    c.run();
    return c.potential["cell"].back()[0];
  };
  CHECK(after("[1, 1.05]") == Approx(1.5 * after("[1]")).epsilon(1e-9));
}

TEST_CASE("a rule is called for each of the spikes in a step", "[spiking][stdp]") {
  const std::string rule =
      R"("stdp_pair", "parameters": { "a_plus": 0.01, "a_minus": 0.02, "tau_plus": 20, "tau_minus": 20 })";
  const auto change = [&](const std::vector<double> &pre, const std::vector<double> &post,
                          const std::string &delay = "0") {
    return weight_after(pair_circuit(pre, post, rule, delay, 0.5, 100)) - 0.5;
  };
  CHECK(change({10, 10.05}, {20}) == Approx(2 * 0.01 * std::exp(-0.5)).epsilon(1e-9));
  CHECK(change({20, 20.05}, {10}) == Approx(-2 * 0.02 * std::exp(-0.5)).epsilon(1e-9));
  CHECK(change({8, 8.02, 8.04}, {20}, "2") == Approx(3 * 0.01 * std::exp(-0.5)).epsilon(1e-9));
}

TEST_CASE("rows of a neuron that spikes twice are not shared among threads", "[spiking][stdp][determinism]") {
  // Every source spikes twice at a time, onto many cells: at any number of threads the same bits.
  const auto weights = [](int threads) {
    spiking::Circuit<> c(R"({ "time": { "step": 1 }, "architecture": { "regions": {
        "p": { "size": 300, "dynamics": { "type": "poisson", "rate": { "uniform": { "low": 500, "high": 1500 } } } },
        "cells": { "size": 400, "dynamics": { "type": "lif", "tau": 10, "threshold": -69 },
                   "receptors": { "r": { "type": "exponential", "tau": 5 } } } },
      "projections": [ { "from": "p", "to": "cells.r", "weights": { "uniform": { "low": 0, "high": 1 } }, "rule": "r",
                         "constraints": { "minimum": 0, "maximum": 1 } } ] },
      "learning": { "rules": { "r": { "plugin": "stdp_pair", "rate": 1, "parameters": { "mu": 0.5, "a_plus": 0.1 } } } },
      "task": { "trial": [ { "phase": "run", "duration": 60, "plastic": true } ] } })",
                         {}, threads);
    c.run(true);
    return c.weights(0);
  };
  CHECK(weights(1) == weights(4));
}

TEST_CASE("spikes of one step have times of their own in the run file", "[spiking][nwb]") {
  command::Folder folder;
  const auto file = folder.write("two.json", source_circuit("[0, 0.03, 0.06, 0.5, 0.55, 0.97]", 1));
  REQUIRE(command::engram("run " + file, folder.path).exit == 0);
  const auto units = data::NwbFile((folder.path / "two.nwb").string()).units();
  REQUIRE(units.spike_times_s.size() == 1);
  const auto &times = units.spike_times_s[0];
  const double expected[] = {0, 0.1 / 3, 0.2 / 3, 0.5, 0.55, 0.9}; // ms: spread evenly over their step
  REQUIRE(times.size() == 6);
  for (std::size_t k = 0; k < 6; ++k) CHECK(1000 * times[k] == Approx(expected[k]).margin(1e-9));
  CHECK(times.back() < 0.001); // within the time for which the unit was observed
}
