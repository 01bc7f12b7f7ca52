// These tests check the gradient through spikes, and the rules that approach it.
#include "catch.hpp"
#include "spiking/spiking.hpp"

#include <fmt/format.h>

#include <cmath>

using namespace engram;

namespace {

// 12 Poisson neurons drive 7 leaky integrate-and-fire ones, which a leaky readout of 3 hears; two trials.
struct Parts {
  std::string rule = "backprop", neurons = R"("adaptation": 0)", recurrent, refractory = "3", reset = "subtraction",
              extra;
};

std::string circuit(const Parts &p) {
  const std::string learns =
      p.rule == "backprop"
          ? R"("r": { "plugin": "backprop", "rate": 1 })"
          : R"("r": { "plugin": "e_prop", "rate": 1, "parameters": { "tau": 20, )" + p.extra + R"( "tau_out": 0 } })";
  return fmt::format(R"({{ "seed": 11, "time": {{ "step": 1 }}, "architecture": {{ "regions": {{
      "in": {{ "size": 12, "dynamics": {{ "type": "poisson", "rate": 120 }} }},
      "hidden": {{ "size": 7, "dynamics": {{ "type": "lif", "tau": 20, "capacitance": 1, "rest": 0, "reset_by": "{}",
                  "threshold": 1, "refractory": {}, "surrogate_width": 1, {} }} }},
      "out": {{ "size": 3, "dynamics": {{ "type": "static", "activation": "linear" }} }} }},
    "projections": [
      {{ "name": "a", "from": "in.spike", "to": "hidden", "weights": {{ "normal": {{ "mean": 0.25, "sd": 0.3 }} }}, "rule": "r" }},
      {{ "name": "b", "from": "hidden.spike", "to": "out", "weights": {{ "normal": {{ "gain": 1 }} }} }}
      {}
      {} ] }},
    "objective": {{ "type": "mse", "region": "out" }},
    "learning": {{ "rules": {{ {} }} }},
    "task": {{ "stimuli": {{ "inputs": [[0], [0]], "targets": [[1, -1, 0.5], [0.3, 0.6, -0.8]] }}, "batch": 2,
              "trial": [ {{ "phase": "run", "duration": 60, "objective": true, "plastic": true }} ] }} }})",
                     p.reset, p.refractory, p.neurons, p.recurrent.empty() ? "" : ", " + p.recurrent,
                     p.rule == "backprop"
                         ? ""
                         : R"(, { "from": "out.error", "to": "hidden.apical", "weights": { "transpose_of": "b" } })",
                     learns);
}

arma::mat change(const std::string &text, std::size_t projection = 0) {
  spiking::Circuit<> c(text);
  c.simulator->measure({{0, 1}, 0, true});
  return c.simulator->plasticity().change(projection);
}

double apart(const arma::mat &a, const arma::mat &b) { return arma::norm(a - b, "fro") / arma::norm(b, "fro"); }

} // namespace

TEST_CASE("symmetric e-prop is the surrogate gradient of a feed-forward circuit", "[spiking][e_prop]") {
  // Bellec et al. 2020: without recurrence nothing is left out. backprop's change is the mean over the objective's
  // steps, e-prop's that over its calls, at each of them; the current of a spike moves the potential by tau (1 −
  // e^{−h/tau}) / C.
  const double by_current = 20 * (1 - std::exp(-1.0 / 20)); // C = 1 pF
  Parts parts;
  parts.refractory = "0"; // a held potential forgets what e-prop still counts
  const arma::mat gradient = change(circuit(parts));
  REQUIRE(arma::norm(gradient) > 1e-4);
  parts.rule = "e_prop";
  CHECK(apart(by_current * change(circuit(parts)), gradient) < 1e-10);
  parts.neurons = R"("adaptation": 0.5, "adaptation_tau": 50)";
  parts.extra = R"("adaptation_tau": 50,)";
  const arma::mat eligible = by_current * change(circuit(parts));
  parts.rule = "backprop";
  CHECK(apart(eligible, change(circuit(parts))) < 1e-10); // with thresholds that adapt
}

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
    std::vector<dynamics::Wanted> wanted(3);
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
              dv(n) = held[n] > 0 ? 0 : keep * dv(n) + by_current * current(n); // a held potential follows from nothing
              if (held[n] > 0) --held[n];
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

TEST_CASE("SuperSpike is its convolutions, written out as sums", "[spiking][superspike]") {
  Parts parts;
  parts.neurons = R"("surrogate": "fast_sigmoid")";
  parts.rule = "e_prop";
  auto text = circuit(parts);
  const std::string plugin = R"("plugin": "e_prop", "rate": 1, "parameters": { "tau": 20,  "tau_out": 0 })";
  REQUIRE(text.find(plugin) != std::string::npos);
  text.replace(
      text.find(plugin), plugin.size(),
      R"("plugin": "superspike", "rate": 1, "parameters": { "tau": 20, "tau_syn": 4, "tau_rise": 5, "tau_decay": 9 })");
  const arma::mat got = change(text);
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
