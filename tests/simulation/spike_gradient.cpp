// These tests check the gradient through spikes.
#include "catch.hpp"
#include "simulation/surrogate_circuit.hpp"
#include "spiking.hpp"

#include <fmt/format.h>

#include <cmath>

using namespace engram;
using surrogate::change, surrogate::circuit, surrogate::Parts;

TEST_CASE("the gradient through recurrent spikes is that of forward accumulation", "[spiking][gradient]") {
  // Real-time recurrent learning with the same surrogate slopes, written out for one weight at a time: the derivative
  // of v and z of every neuron is carried forward, and meets dL/dz as it comes.
  Parts parts;
  parts.recurrent =
      R"({ "name": "r", "from": "hidden.spike", "to": "hidden", "weights": { "normal": { "mean": 0, "sd": 0.5 } }, "rule": "r" })";
  struct Case {
    bool adapts, through_resets;
    std::string reset;
    int refractory;
  };
  for (const auto &[adapts, through_resets, reset, refractory] :
       {Case{false, false, "subtraction", 3}, Case{true, false, "subtraction", 3}, Case{true, true, "subtraction", 0},
        Case{true, true, "value", 0}, Case{false, true, "subtraction", 2}}) {
    INFO(reset << " " << refractory);
    const double beta = adapts ? 0.4 : 0, rho = std::exp(-1.0 / 50);
    parts.neurons = adapts ? R"("adaptation": 0.4, "adaptation_tau": 50)" : R"("adaptation": 0)";
    parts.neurons += R"(, "reset": -0.2)";
    if (through_resets) parts.neurons += R"(, "reset_slope": "surrogate")";
    parts.reset = reset;
    parts.refractory = std::to_string(refractory);
    const std::string text = circuit(parts);
    spiking::Circuit<> c(text);
    const arma::mat w_in = c.network.dense[0].weights, w_out = c.network.dense[1].weights,
                    w_rec = c.network.dense[2].weights;
    const double keep = std::exp(-1.0 / 20), by_current = 20 * (1 - keep);
    // What was shown: spikes of the input, spikes and slopes of the hidden region, output and targets.
    struct Seen final : simulation::Observer<double> {
      std::vector<arma::mat> in, z, psi, out, v;
      void step(std::size_t, const network::Signals<double> &s) override {
        in.push_back(s[0][network::Signal::spike]);
        z.push_back(s[1][network::Signal::spike]);
        psi.push_back(s[1][network::Signal::gain]);
        out.push_back(s[2][network::Signal::rate]);
        v.push_back(s[1][network::Signal::potential]);
      }
    } seen;
    std::vector<dynamics::SignalSet> wanted(3);
    wanted[1]
        .set(static_cast<std::size_t>(network::Signal::gain))
        .set(static_cast<std::size_t>(network::Signal::potential));
    simulation::Simulator<double> simulator(c.model, c.network, c.trials, c.rules, wanted, 1);
    simulator.run({{0, 1}, 0, true}, &seen);
    const arma::mat targets{{1, -1, 0.5}, {0.3, 0.6, -0.8}};

    spiking::Circuit<> fresh(text);
    fresh.simulator->measure({{0, 1}, 0, true});
    const arma::mat got = fresh.simulator->plasticity().change(2);
    REQUIRE(arma::norm(got) > 1e-5);
    const std::size_t steps = seen.z.size();
    double worst = 0;
    for (std::size_t i = 0; i < 7; ++i)
      for (std::size_t j = 0; j < 7; ++j) {
        double sum = 0;
        for (std::size_t b = 0; b < 2; ++b) {
          arma::vec dv(7, arma::fill::zeros), dz(7, arma::fill::zeros), da(7, arma::fill::zeros);
          std::vector<int> held(7, 0);
          for (std::size_t t = 0; t < steps; ++t) {
            // dL/dz of this step, by way of the output: L = ½ Σ (y − target)² over neurons, mean over steps and trials
            const arma::vec error = seen.out[t].col(b) - targets.row(b).t();
            sum += arma::dot(w_out.t() * error, dz) / static_cast<double>(steps) / 2;
            if (t + 1 == steps) break;
            arma::vec current = w_rec * dz;
            current(i) += seen.z[t](j, b);
            const arma::vec v = keep * seen.v[t].col(b) +
                                by_current * (w_in * seen.in[t].col(b) + w_rec * seen.z[t].col(b)); // before a reset
            da = rho * da + dz;
            for (std::size_t n = 0; n < 7; ++n) {
              if (seen.z[t](n, b) > 0) held[n] = refractory;
              if (held[n] > 0)
                --held[n]; // its potential stays as it is, and so does the derivative
              else
                dv(n) = keep * dv(n) + by_current * current(n);
              dz(n) = seen.psi[t + 1](n, b) * (dv(n) - beta * da(n));
              if (reset == "value" && seen.z[t + 1](n, b) > 0) dv(n) = 0;                    // v (1 − z) + reset z
              if (through_resets) dv(n) -= dz(n) * (reset == "value" ? v(n) - (-0.2) : 1.0); // 1: threshold − rest
            }
          }
        }
        worst = std::max(worst, std::abs(-sum - got(i, j)));
      }
    CHECK(worst < 1e-12 + 1e-9 * arma::abs(got).max());
  }
}

TEST_CASE("checkpoints leave the gradient through spikes as it is", "[spiking][gradient]") {
  Parts parts;
  parts.recurrent =
      R"({ "name": "r", "from": "hidden.spike", "to": "hidden", "weights": { "normal": { "mean": 0, "sd": 0.5 } }, "rule": "r", "delay": 2 })";
  auto text = circuit(parts);
  const arma::mat all = change(text, 2);
  REQUIRE(arma::norm(all) > 1e-6);
  text.replace(text.find(R"("plugin": "backprop")"), 20, R"("plugin": "backprop", "parameters": { "memory": "sqrt" })");
  CHECK(arma::abs(change(text, 2) - all).max() == 0);
}

TEST_CASE("without a surrogate's help, of a potential alone, the gradient is that of finite differences",
          "[spiking][gradient]") {
  // Neurons that never spike, read by their potential.
  const auto text = [](double w) {
    return fmt::format(
        R"({{ "seed": 3, "time": {{ "step": 1, "integrator": "runge_kutta4" }}, "architecture": {{ "regions": {{
      "in": {{ "size": 1, "dynamics": {{ "type": "poisson", "rate": 100 }} }},
      "cell": {{ "size": 1, "dynamics": {{ "type": "lif", "tau": 15, "capacitance": 1, "rest": 0, "threshold": 1e6 }} }},
      "out": {{ "size": 1, "dynamics": {{ "type": "leaky_rate", "tau": 8, "activation": "tanh" }} }} }},
    "projections": [
      {{ "from": "in.spike", "to": "cell", "weights": {}, "rule": "r" }},
      {{ "from": "cell.potential", "to": "out", "weights": 0.7 }} ] }},
    "objective": {{ "type": "mse", "region": "out" }},
    "learning": {{ "rules": {{ "r": {{ "plugin": "backprop" }} }} }},
    "task": {{ "stimuli": {{ "inputs": [[0]], "targets": [[0.4]] }},
              "trial": [ {{ "phase": "run", "duration": 80, "objective": true, "plastic": true }} ] }} }})",
        w);
  };
  const auto loss = [&](double w) {
    spiking::Circuit<> c(text(w));
    return c.simulator->measure({{0}, 0, true}).losses[0];
  };
  spiking::Circuit<> c(text(0.8));
  c.simulator->measure({{0}, 0, true});
  const double h = 1e-4, numeric = (loss(0.8 + h) - loss(0.8 - h)) / (2 * h);
  REQUIRE(std::abs(numeric) > 1e-4);
  CHECK(-c.simulator->plasticity().change(0)(0, 0) == Approx(numeric).epsilon(1e-6));
}
