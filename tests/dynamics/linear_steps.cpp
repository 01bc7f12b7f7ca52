// Neurons of a plugin that are linear take exact steps.
#include "dynamics/linear_steps.hpp"
#include "catch.hpp"
#include "neurons.hpp"

#include <fmt/format.h>

#include <cmath>

using namespace engram;
using neurons::CellRun;

namespace {

CellRun linear_run(const std::string &cell, const std::string &time, double duration) {
  return CellRun(fmt::format(R"({{ "time": {{ {} }}, "architecture": {{ "regions": {{ "cell": {{ {} }} }} }},
      "task": {{ "trial": [ {{ "phase": "run", "duration": {} }} ] }} }})",
                             time, cell, duration));
}

} // namespace

TEST_CASE("a linear neuron of a plugin follows its closed form in steps of any length", "[dynamics][plugins]") {
  // v' = −g (v − E) / C + (I + i1) / C with i1' = −i1 / tau1, which a spike has set. Before the first spike i1 is 0.
  const std::string cell = R"("size": 2, "bias": [90, 110], "dynamics": { "type": "glif", "capacitance": 80 })";
  for (const double step : {0.1, 2.5}) {
    const auto seen = linear_run(cell, fmt::format(R"("step": {})", step), 100);
    double worst = 0;
    for (std::size_t k = 0; k < seen.potential.size(); ++k) {
      const double t = static_cast<double>(k) * step;
      for (const std::size_t i : {0, 1})
        worst = std::max(worst, std::abs(seen.potential[k](i, 0) -
                                         (-70 + (i == 0 ? 90.0 : 110.0) / 5 * (1 - std::exp(-t * 5 / 80)))));
    }
    CHECK(seen.spikes.empty());
    CHECK(worst < 1e-11);
  }
}

TEST_CASE("a linear neuron of a plugin spikes when lif does, at the same potentials", "[dynamics][plugins]") {
  const std::string rest = R"("tau": 15, "refractory": 3, "reset": -65, "adaptation_tau": 40, "adaptation": )";
  const double decay = std::exp(-0.5 / 40);
  const auto cell = [&](const std::string &type, double adaptation) {
    return fmt::format(R"("size": 3, "bias": [300, 420, 700], "noise": {{ "type": "gaussian", "sd": 30 }},
        "dynamics": {{ "type": "{}", {} {:.17g} }})",
                       type, rest, adaptation);
  };
  const auto built_in = linear_run(cell("lif", 0.7), R"("step": 0.5)", 400),
             plugin = linear_run(cell("lif_again", 0.7 / decay), R"("step": 0.5)", 400);
  CHECK(built_in.spikes.size() > 20);
  CHECK(built_in.spikes == plugin.spikes);
  CHECK(neurons::greatest_difference(built_in.potential, plugin.potential) < 1e-9);
}

TEST_CASE("states that drive each other, and one that is held, go by the matrix exponential", "[dynamics][plugins]") {
  // glif: after a spike v is held for the refractory time, while i1 decays; then both enter v. The trajectory of steps
  // of 0.05 and of 1 ms agree where they meet, which no method of finite order does.
  const std::string cell = R"("size": 1, "bias": 200,
      "dynamics": { "type": "glif", "refractory": 4, "amplitude1": -300, "tau1": 7, "threshold": -60.2, "raise": 30 })";
  const auto fine = linear_run(cell, R"("step": 0.05)", 25), coarse = linear_run(cell, R"("step": 1)", 25);
  REQUIRE(fine.spikes.size() == 1);
  REQUIRE(coarse.spikes.size() == 1);
  // Both are seen from their own spike on; v begins at rest.
  const double since_fine = static_cast<double>(fine.spikes[0].first) * 0.05;
  double worst = 0;
  for (std::size_t k = coarse.spikes[0].first; k < coarse.potential.size(); ++k) {
    const double t = static_cast<double>(k - coarse.spikes[0].first);
    const auto at = static_cast<std::size_t>(std::llround((since_fine + t) / 0.05));
    if (at < fine.potential.size())
      worst = std::max(worst, std::abs(fine.potential[at](0, 0) - coarse.potential[k](0, 0)));
  }
  CHECK(worst < 1e-10);
}

TEST_CASE("with conductances the integrator moves a linear neuron", "[dynamics][plugins]") {
  const auto cell = [](const std::string &receptors) {
    return R"("size": 1, "bias": 80, "dynamics": "glif", "receptors": )" + receptors;
  };
  const auto end = [&](const std::string &receptors, const std::string &integrator) {
    return linear_run(cell(receptors), R"("step": 1, "integrator": ")" + integrator + "\"", 50).potential.back()(0, 0);
  };
  const std::string current = R"({ "e": "exponential" })", conductance = R"({ "e": "conductance_exponential" })";
  CHECK(end(current, "euler") == end(current, "runge_kutta4"));
  CHECK(end(conductance, "runge_kutta4") == Approx(end(current, "euler")).epsilon(1e-6));
  CHECK(end(conductance, "euler") != Approx(end(current, "euler")).epsilon(1e-6));
}

TEST_CASE("a neuron that is not linear, and says so, is refused", "[dynamics][plugins]") {
  const auto &table = neurons::table("not_linear");
  model::Region region;
  region.size = 1;
  const dynamics::PluginNeurons<double> cells(table, region, 1);
  CHECK_THROWS_WITH(dynamics::LinearSteps<double>(cells, cells.begin(nullptr), 1, 0.1),
                    ContainsSubstring("'not_linear': says that its slopes are linear, and how they change depends on"));
}
