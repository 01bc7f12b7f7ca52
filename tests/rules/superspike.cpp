// SuperSpike (Zenke & Ganguli 2018, Neural Comput 30:1514) is compared with its convolutions, written out as sums.
#include "catch.hpp"
#include "simulation/surrogate_circuit.hpp"
#include "spiking.hpp"

#include <cmath>

using namespace engram;

TEST_CASE("SuperSpike is its convolutions, written out as sums", "[spiking][superspike]") {
  surrogate::Parts parts;
  parts.neurons = R"("surrogate": "fast_sigmoid")";
  parts.rule = "e_prop";
  auto text = surrogate::circuit(parts);
  const std::string plugin = R"("plugin": "e_prop", "rate": 1, "parameters": { "tau": 20,  "tau_out": 0 })";
  REQUIRE(text.find(plugin) != std::string::npos);
  text.replace(
      text.find(plugin), plugin.size(),
      R"("plugin": "superspike", "rate": 1, "parameters": { "tau": 20, "tau_syn": 4, "tau_rise": 5, "tau_decay": 9 })");
  const arma::mat got = surrogate::change(text);
  REQUIRE(arma::norm(got) > 1e-4);
  struct Seen final : simulation::Observer<double> {
    std::vector<arma::mat> spike, slope, error;
    void step(std::size_t, const network::Signals<double> &s) override {
      spike.push_back(s[0][network::Signal::spike]);
      slope.push_back(s[1][network::Signal::gain]);
      error.push_back(s[1][network::Signal::apical]);
    }
  } seen;
  spiking::Circuit<> c(text);
  c.simulator->run({{0, 1}, 0, true}, &seen);
  const int steps = static_cast<int>(seen.spike.size());
  const auto decay = [](double tau, int k) { return std::exp(-k / tau); };
  double worst = 0;
  for (const std::size_t i : {0, 3, 6})
    for (const std::size_t j : {0, 5, 11}) {
      double sum = 0;
      for (std::size_t b = 0; b < 2; ++b) {
        std::vector<double> marked(static_cast<std::size_t>(steps));
        for (int t = 0; t < steps; ++t) {
          double psp = 0; // a spike of step s is a current from s on, and moves the potential from s + 1 on
          for (int s = 0; s < t; ++s)
            for (int u = s; u < t; ++u) psp += seen.spike[s](j, b) * decay(4, u - s) * decay(20, t - 1 - u);
          marked[static_cast<std::size_t>(t)] = seen.slope[t](i, b) * psp;
        }
        for (int t = 0; t < steps; ++t)
          for (int s = 0; s <= t; ++s)
            for (int u = s; u <= t; ++u)
              sum += seen.error[t](i, b) * (1 - decay(9, 1)) * decay(9, t - u) * (1 - decay(5, 1)) * decay(5, u - s) *
                     marked[static_cast<std::size_t>(s)];
      }
      worst = std::max(worst, std::abs(sum / 2 / steps - got(i, j)));
    }
  CHECK(worst < 1e-10 * arma::abs(got).max() + 1e-14);
}
