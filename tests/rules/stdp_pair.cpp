// These tests compare spike-timing-dependent plasticity with closed forms and published protocols.
#include "catch.hpp"
#include "rules/pairs.hpp"

#include <fmt/format.h>

#include <cmath>

using spiking::pair_circuit, spiking::weight_after;

namespace {

std::string stdp(const std::string &parameters) { return R"("stdp_pair", "parameters": )" + parameters; }

const std::string asymmetric = R"({"tau_plus": 17, "tau_minus": 34, "a_plus": 0.01, "a_minus": 0.012})";

} // namespace

TEST_CASE("a forced neuron spikes when it is told to", "[spiking][stdp]") {
  spiking::Circuit<> c(pair_circuit({10}, {30, 31.5}, stdp(asymmetric)));
  const auto times = c.run(true).train("post");
  REQUIRE(times.size() == 2);
  CHECK(times[0] == Approx(30));
  CHECK(times[1] == Approx(31.5));
}

TEST_CASE("a pair of spikes changes a synapse by the closed form of the window", "[spiking][stdp]") {
  // Song, Miller & Abbott 2000.
  for (const double dt : {0.1, 1.0, 10.0, 50.0}) {
    CHECK(weight_after(pair_circuit({100}, {100 + dt}, stdp(asymmetric))) ==
          Approx(0.5 + 0.01 * std::exp(-dt / 17)).epsilon(1e-12));
    CHECK(weight_after(pair_circuit({100 + dt}, {100}, stdp(asymmetric))) ==
          Approx(0.5 - 0.012 * std::exp(-dt / 34)).epsilon(1e-12));
  }
  CHECK(weight_after(pair_circuit({100}, {100}, stdp(asymmetric))) == 0.5); // spikes that meet
}

TEST_CASE("an axonal and a dendritic delay shift the window in opposite directions", "[spiking][stdp]") {
  // The presynaptic spike reaches the synapse d_a after it was made, the postsynaptic one d_d after.
  const auto after = [](const std::string &delay, double pre, double post) {
    return weight_after(pair_circuit({pre}, {post}, stdp(asymmetric), delay)) - 0.5;
  };
  CHECK(after("3", 100, 110) == Approx(0.01 * std::exp(-7.0 / 17)).epsilon(1e-10));
  CHECK(after(R"({"dendritic": 3})", 100, 110) == Approx(0.01 * std::exp(-13.0 / 17)).epsilon(1e-10));
  CHECK(after(R"({"axonal": 3})", 100, 102) == Approx(-0.012 * std::exp(-1.0 / 34)).epsilon(1e-10));
  CHECK(after(R"({"axonal": 2, "dendritic": 3})", 100, 100) == Approx(0.01 * std::exp(-1.0 / 17)).epsilon(1e-10));
  CHECK(after(R"({"axonal": 3})", 100, 103) == 0);
}

TEST_CASE("all pairs add up, nearest pairs replace each other", "[spiking][stdp]") {
  // Two presynaptic spikes, then a postsynaptic one.
  const auto text = [](const std::string &pairs) {
    return pair_circuit(
        {100, 110}, {115},
        stdp(R"({"tau_plus": 17, "tau_minus": 34, "a_plus": 0.01, "a_minus": 0.012, "pairs": ")" + pairs + R"("})"));
  };
  CHECK(weight_after(text("all")) == Approx(0.5 + 0.01 * (std::exp(-15.0 / 17) + std::exp(-5.0 / 17))).epsilon(1e-12));
  CHECK(weight_after(text("nearest")) == Approx(0.5 + 0.01 * std::exp(-5.0 / 17)).epsilon(1e-12));
}

TEST_CASE("multiplicative changes depend on the weight, and bounds hold", "[spiking][stdp]") {
  const std::string mu = R"({"tau_plus": 17, "tau_minus": 34, "a_plus": 0.01, "a_minus": 0.012, "mu": 1, "w_max": 2})";
  // Gütig et al. 2003 with μ = 1.
  CHECK(weight_after(pair_circuit({100}, {110}, stdp(mu))) ==
        Approx(0.5 + 0.01 * (2 - 0.5) * std::exp(-10.0 / 17)).epsilon(1e-12));
  CHECK(weight_after(pair_circuit({110}, {100}, stdp(mu))) ==
        Approx(0.5 - 0.012 * 0.5 * std::exp(-10.0 / 34)).epsilon(1e-12));
  const std::string strong = R"({"a_plus": 10, "a_minus": 10})";
  CHECK(weight_after(pair_circuit({100}, {110}, stdp(strong), "0", 0.5, 300, R"({"minimum": 0, "maximum": 1})")) == 1);
  CHECK(weight_after(pair_circuit({110}, {100}, stdp(strong), "0", 0.5, 300, R"({"minimum": 0, "maximum": 1})")) == 0);
  CHECK(weight_after(pair_circuit({110}, {100}, stdp(strong), "0", 0.5, 300, R"({"sign": "excitatory"})")) == 0);
}

TEST_CASE("plasticity that is off leaves the weight bit for bit", "[spiking][stdp]") {
  auto text = pair_circuit({100}, {110}, stdp(asymmetric));
  text.replace(text.find(R"("plastic": true)"), 15, R"("plastic": false)");
  CHECK(weight_after(text) == 0.5);
  CHECK(weight_after(pair_circuit({100}, {110}, stdp(asymmetric), "0", 0.5, 1000, "{}", 0)) == 0.5);
}

TEST_CASE("a spike acts with the weight that it finds as it reaches the synapse", "[spiking][stdp]") {
  // Postsynaptic spike at 50: the presynaptic ones at 60 and 70 depress, each after it has passed.
  auto text = pair_circuit({60, 70}, {50}, stdp(R"({"tau_minus": 34, "a_minus": 0.4, "a_plus": 0})"),
                           R"({"axonal": 1, "dendritic": 2})", 1, 200);
  text.replace(text.find(R"({ "type": "exponential", "tau": 1 })"), 35, R"({ "type": "delta" })");
  text.replace(text.find(R"("refractory": 0.1)"), 17, R"("refractory": 0.1, "tau": 1e12)");
  spiking::Circuit<> c(text, {"post"});
  c.run(true);
  const auto v = [&](double ms) { return c.potential["post"][static_cast<std::size_t>(std::llround(ms * 10))](0, 0); };
  // By the time that it reaches the synapse the postsynaptic spike, 2 ms late, lies 9 ms back.
  const double second = 1 - 0.4 * std::exp(-9.0 / 34);
  CHECK(v(62.9) == Approx(0).margin(1e-9));
  CHECK(v(63.1) == Approx(1).epsilon(1e-9));
  CHECK(v(73.1) == Approx(1 + second).epsilon(1e-9));
}

TEST_CASE("the same spikes and weights at one and two threads, delays and plasticity and all", "[spiking][stdp]") {
  const auto text = R"({ "seed": 5, "precision": "single", "time": { "step": 0.1 }, "architecture": { "regions": {
      "e": { "size": 800, "initial": { "uniform": { "low": -70, "high": -50 } },
             "dynamics": { "type": "lif", "tau": 20, "capacitance": 200, "rest": -49 },
             "receptors": { "x": { "type": "exponential", "tau": 5, "background_rate": 100, "background_weight": 100 } } },
      "a": { "size": 200, "dynamics": "adex",
             "receptors": { "x": { "type": "conductance_alpha", "tau": 5, "background_rate": 3000, "background_weight": 3 } } } },
    "projections": [
      { "from": "e", "to": "e.x", "weights": 20, "connect": { "type": "fixed_indegree", "indegree": 80 }, "rule": "r",
        "delay": { "axonal": { "uniform": { "low": 0.1, "high": 2 } }, "dendritic": 0.5 },
        "constraints": { "minimum": 0, "maximum": 40 } },
      { "from": "e", "to": "a.x", "weights": 1, "connect": { "type": "gaussian", "sigma": 0.3 }, "delay": 1 },
      { "from": "a", "to": "e.x", "weights": -2, "connect": { "type": "fixed_probability", "probability": 0.2 },
        "delay": { "normal": { "mean": 1, "sd": 0.5 } } } ] },
    "learning": { "rules": { "r": { "plugin": "stdp_pair", "rate": 1, "parameters": { "w_max": 40 } } } },
    "task": { "trial": [ { "phase": "run", "duration": 300, "plastic": true } ] } })";
  spiking::Circuit<float> one(text, {}, 1), two(text, {}, 2);
  one.run(true);
  two.run(true);
  CHECK(one.spikes["e"].size() > 1000);
  CHECK(one.spikes["a"].size() > 100);
  CHECK(one.spikes == two.spikes);
  CHECK(one.weights(0) == two.weights(0));
  CHECK(one.weights(0) != std::vector<float>(one.weights(0).size(), 20.0F));
}

TEST_CASE("rules of ordered pairs count nothing where the order is open", "[spiking][stdp]") {
  CHECK(weight_after(pair_circuit({50}, {50}, R"("stdp_pair")", "0", 0.5, 100)) == 0.5);
  CHECK(weight_after(pair_circuit({50}, {50}, R"("stdp_triplet")", "0", 0.5, 100)) == 0.5);
  CHECK(weight_after(pair_circuit({50}, {50}, R"("burst_dependent")", "0", 0.5, 100)) == 0.5);
}
