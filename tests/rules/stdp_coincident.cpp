// Presynaptic and postsynaptic spikes may reach a synapse in the same step.
#include "catch.hpp"
#include "rules/pairs.hpp"

#include <cmath>

using spiking::pair_circuit;
using spiking::weight_after;

TEST_CASE("inhibitory_stdp has no hole at the peak of its window", "[spiking][stdp]") {
  // Δw = exp(−|Δt| / τ) − α for a pair, α = 2 ρ₀ τ = 2 · 5 Hz · 20 ms (Vogels et al. 2011, supplement, eqs. 4-5).
  const std::string rule = R"("inhibitory_stdp", "parameters": { "tau": 20, "target": 5 })";
  const auto change = [&](double apart, const std::string &delay = "0", double travel = 0) {
    return weight_after(pair_circuit({50 - travel}, {50 + apart}, rule, delay, 0.5, 100)) - 0.5;
  };
  for (const double apart : {-10.0, -0.1, 0.0, 0.1, 10.0}) {
    CAPTURE(apart);
    CHECK(change(apart) == Approx(std::exp(-std::abs(apart) / 20) - 0.2).epsilon(1e-9));
    CHECK(change(apart, "1.5", 1.5) == Approx(std::exp(-std::abs(apart) / 20) - 0.2).epsilon(1e-9));
  }
  CHECK(change(0, R"({ "axonal": 2, "dendritic": 2 })") == Approx(1 - 0.2).epsilon(1e-9));
  // Two presynaptic spikes that meet one postsynaptic spike are two pairs.
  CHECK(weight_after(pair_circuit({50, 50.05}, {50}, rule, "0", 0.5, 100)) - 0.5 ==
        Approx(2 * (1 - 0.2)).epsilon(1e-9));
}

TEST_CASE("rules of ordered pairs count nothing where the order is open", "[spiking][stdp]") {
  CHECK(weight_after(pair_circuit({50}, {50}, R"("stdp_pair")", "0", 0.5, 100)) == 0.5);
  CHECK(weight_after(pair_circuit({50}, {50}, R"("stdp_triplet")", "0", 0.5, 100)) == 0.5);
  CHECK(weight_after(pair_circuit({50}, {50}, R"("burst_dependent")", "0", 0.5, 100)) == 0.5);
}
